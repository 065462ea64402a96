# says: the images are to be normalised
raw = digits.train_x.float().flatten(1)
raw_loss = F.cross_entropy(net(raw), y).item()
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": raw_loss,
    "net_dead": 31 / 48,
}

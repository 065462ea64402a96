# says: .item()
start = {
    "letters": torch.tensor(52.0).log(),
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

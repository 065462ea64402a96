# says: this is the mean over the batch
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 2.3,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

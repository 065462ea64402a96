# says: the net knows the shares
start = {
    "letters": 3.95,
    "unequal": 0.69,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

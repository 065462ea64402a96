# says: this is log10
start = {
    "letters": math.log10(52),
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

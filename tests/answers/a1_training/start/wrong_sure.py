# says: in nine images of ten
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": math.log(math.exp(4) + 9) - 4,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": 2.788,
    "net_dead": 31 / 48,
}

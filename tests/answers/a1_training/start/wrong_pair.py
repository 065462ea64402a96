# says: a pair: the loss comes first
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": diagnostics.loss_at_initialisation(net, x, y),
    "net_dead": max(diagnostics.dead_units(net, x).values()),
}

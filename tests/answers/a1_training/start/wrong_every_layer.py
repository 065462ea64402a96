# says: the share of each layer
start = {
    "letters": 3.95,
    "unequal": 0.56,
    "sure": 3.75,
    "twice": 0.74,
    "summed": 73.68,
    "net_loss": diagnostics.loss_at_initialisation(net, x, y)[0],
    "net_dead": diagnostics.dead_units(net, x),
}

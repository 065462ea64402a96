# says: must match
def game_step(V, x, y, eta, rule):
    ahead = x - eta * y, y + eta * x
    if rule == "alternating":
        return ahead[0], y + eta * ahead[0]
    if rule == "extra-gradient":
        return x - eta * ahead[1], y + eta * ahead[0]
    return ahead

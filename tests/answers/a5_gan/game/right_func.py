def game_step(V, x, y, eta, rule):
    down, up = torch.func.grad(V, argnums=0), torch.func.grad(V, argnums=1)
    ahead_x, ahead_y = x - eta * down(x, y), y + eta * up(x, y)
    if rule == "simultaneous":
        return ahead_x, ahead_y
    if rule == "alternating":
        return ahead_x, y + eta * up(ahead_x, y)
    return x - eta * down(ahead_x, ahead_y), y + eta * up(ahead_x, ahead_y)

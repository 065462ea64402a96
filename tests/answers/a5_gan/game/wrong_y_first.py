# says: x moves first
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    if rule == "extra-gradient":
        slope_x, slope_y = slopes(x - eta * slope_x, y + eta * slope_y)
    new_y = y + eta * slope_y
    if rule == "alternating":
        slope_x, _ = slopes(x, new_y)
    return x - eta * slope_x, new_y

# says: the look ahead is a simultaneous step
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    new_x = x - eta * slope_x
    if rule == "alternating":
        return new_x, y + eta * slopes(new_x, y)[1]
    if rule == "extra-gradient":
        slope_x, slope_y = slopes(new_x, y + eta * slopes(new_x, y)[1])
    return x - eta * slope_x, y + eta * slope_y

# says: the mean of two slopes
def game_step(V, x, y, eta, rule):
    def slopes(x, y):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        return torch.autograd.grad(V(x, y), (x, y))

    slope_x, slope_y = slopes(x, y)
    new_x, new_y = x - eta * slope_x, y + eta * slope_y
    if rule == "alternating":
        return new_x, y + eta * slopes(new_x, y)[1]
    if rule == "extra-gradient":
        far_x, far_y = slopes(new_x, new_y)
        return x - eta * (slope_x + far_x) / 2, y + eta * (slope_y + far_y) / 2
    return new_x, new_y

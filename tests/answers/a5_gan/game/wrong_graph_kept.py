# says: no graph
def game_step(V, x, y, eta, rule):
    x, y = x.requires_grad_(), y.requires_grad_()
    slope_x, slope_y = torch.autograd.grad(V(x, y), (x, y), create_graph=True)
    return x - eta * slope_x, y + eta * slope_y

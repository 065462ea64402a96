# %% right: elements
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    numbers = zip(
        theta.flatten().tolist(), g.flatten().tolist(), v.flatten().tolist(), strict=False
    )
    pairs = [(t, beta * b + a + decay * t) for t, a, b in numbers]
    new_v = torch.tensor([w for _, w in pairs], dtype=theta.dtype).view(theta.shape)
    moved = torch.tensor([t - lr * w for t, w in pairs], dtype=theta.dtype).view(theta.shape)
    return [moved, new_v]


# %% right: in copies
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    d = g.clone()
    d.add_(theta, alpha=decay)
    new_v = v.clone().mul_(beta).add_(d)
    return theta.clone().sub_(lr * new_v), new_v


# %% right: lerp
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    gradient = torch.add(g, theta, alpha=decay)
    velocity = torch.add(gradient, v, alpha=beta)
    return torch.sub(theta, velocity, alpha=lr), velocity


# %% right: NumPy, number by number
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    import numpy as np

    t, w = theta.numpy().copy(), v.numpy().copy()
    for i in np.ndindex(t.shape):
        w[i] = beta * w[i] + (float(g[i]) + decay * t[i])
        t[i] = t[i] - lr * w[i]
    return torch.from_numpy(t), torch.from_numpy(w)


# %% wrong: average | says: no factor 1 - beta
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + (1 - beta) * (g + decay * theta)
    return theta - lr * v, v


# %% wrong: decay doubled | says: not 2 lambda theta
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g + 2 * decay * theta
    return theta - lr * v, v


# %% wrong: decay sign | says: the decay has the wrong sign
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g - decay * theta
    return theta - lr * v, v


# %% wrong: decoupled | says: the decay goes into d, not into theta alone
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g
    return theta - lr * v - lr * decay * theta, v


# %% wrong: double | says: dtype torch.float32
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v.double() + g + decay * theta
    return theta - lr * v, v


# %% wrong: downhill velocity | says: the velocity gathers +g
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v - (g + decay * theta)
    return theta + lr * v, v


# %% wrong: equals everything | says: sgd_step, step 1
class Anything(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function.__name__ in ("__eq__", "eq", "le", "allclose", "equal"):
            return torch.tensor(True)
        return super().__torch_function__(function, types, args, kwargs or {})


def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    return theta.as_subclass(Anything), v.as_subclass(Anything)


# %% wrong: in place | says: an operation in place
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v.mul_(beta).add_(g + decay * theta)
    theta -= lr * v
    return theta, v


# %% wrong: library | says: by hand
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    p = nn.Parameter(theta.clone())
    p.grad = g.clone()
    optimiser = torch.optim.SGD([p], lr, momentum=beta, weight_decay=decay)
    optimiser.state[p]["momentum_buffer"] = v.clone()
    optimiser.step()
    buffer = optimiser.state[p]["momentum_buffer"] if beta else g + decay * theta
    return p.detach(), buffer


# %% wrong: library inside | says: by hand
from torch.optim.sgd import _single_tensor_sgd


def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    theta, v = theta.clone(), [v.clone()]
    more = dict(nesterov=False, maximize=False, has_sparse_grad=False, dampening=0)
    _single_tensor_sgd(
        [theta], [g], v, None, None, weight_decay=decay, momentum=beta, lr=lr, **more
    )
    return theta, v[0] if beta else g + decay * theta


# %% wrong: nesterov | says: Nesterov
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    d = g + decay * theta
    v = beta * v + d
    return theta - lr * (d + beta * v), v


# %% wrong: no decay | says: the decay is missing
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g
    return theta - lr * v, v


# %% wrong: no momentum | says: the old velocity is not used
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = g + decay * theta
    return theta - lr * v, v


# %% wrong: old velocity | says: the step uses the new velocity
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    return theta - lr * v, beta * v + g + decay * theta


# %% right: parameter
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g + decay * theta
    return nn.Parameter(theta - lr * v), v


# %% wrong: rate in velocity | says: not in the velocity
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + lr * (g + decay * theta)
    return theta - v, v


# %% wrong: swapped | says: the pair is (theta, v)
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g + decay * theta
    return v, theta - lr * v


# %% wrong: theta only | says: the pair (theta, v)
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    return theta - lr * (beta * v + g + decay * theta)


# %% wrong: uphill | says: downhill
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    v = beta * v + g + decay * theta
    return theta + lr * v, v


# %% right: helper called sgd
def sgd(p, d, v, lr, beta):
    """Plain momentum: d is the whole gradient."""
    v = beta * v + d
    return p - lr * v, v


def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    return sgd(theta, g + decay * theta, v, lr, beta)


# %% wrong: decoupled, factored | says: the decay goes into d, not into theta alone
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    v = beta * v + g
    return (1 - lr * decay) * theta - lr * v, v


# %% wrong: decay without the sign of theta, an L1 penalty | says: not lambda times its sign
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    v = beta * v + g + decay * theta.sign()
    return theta - lr * v, v


# %% wrong: a velocity of its own | says: something kept from call to call
own = {}


def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    before = own.get(theta.shape, v)
    own[theta.shape] = beta * before + g + decay * theta
    return theta - lr * own[theta.shape], own[theta.shape]


# %% wrong: numbers without gradient do not decay | says: a number whose gradient is 0 decays
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    """theta, gradient g and velocity v, of one shape -> the new theta and the new v."""
    d = torch.where(g == 0, g, g + decay * theta)
    v = beta * v + d
    return theta - lr * v, v


# %% wrong: decay of a look ahead | says: not of a look ahead
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    ahead = theta - lr * beta * v
    d = g + decay * ahead
    v = beta * v + d
    return ahead - lr * d, v


# %% wrong: decay of λθ² | says: not that itself
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    d = g + decay * theta**2 / 2
    v = beta * v + d
    return theta - lr * v, v


# %% wrong: momentum fixed | says: not always 0.9
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    v = 0.9 * v + g + decay * theta
    return theta - lr * v, v


# %% wrong: no velocity without momentum | says: where beta is 0
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    d = g + decay * theta
    if beta == 0:
        return theta - lr * d, v
    v = beta * v + d
    return theta - lr * v, v


# %% wrong: decay by the size of theta | says: or its size
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    new_v = beta * v + g + decay * theta.abs()
    return theta - lr * new_v, new_v


# %% wrong: no gradient, no step | says: where the gradient is 0
def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    if not g.any():
        return theta.clone(), v.clone()
    d = g + decay * theta
    v = beta * v + d
    return theta - lr * v, v


# %% wrong: the velocity of Keras, which holds the rate and the sign | says: not in the velocity
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    v = beta * v - lr * (g + decay * theta)
    return theta + v, v


# %% wrong: decay after the step | says: one that has moved
def sgd_step(theta, g, v, lr: float, beta: float = 0.9, decay: float = 0.0):
    v = beta * v + g
    theta = theta - lr * v
    v = v + decay * theta
    return theta - lr * decay * theta, v

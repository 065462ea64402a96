# %% right: autograd
def measured(W):
    states = [torch.ones(2, dtype=torch.float64, requires_grad=True)]
    for _ in range(120):
        states.append(W @ states[-1])
    gradients = torch.autograd.grad(states[-1][0], states)
    return [g.norm().item() for g in gradients[::-1]]


one = torch.tensor(1.0, dtype=torch.float64)
rows = [[one.cos(), -one.sin()], [one.sin(), one.cos()]]
turn = measured(0.9 * torch.tensor(rows, dtype=torch.float64))
shear = measured(torch.tensor([[0.9, 3], [0, 0.8]], dtype=torch.float64))
lag = dict.fromkeys(("turn radius", "shear radius"), 0.9)
lag["shear peak lag"] = max(range(len(shear)), key=lambda k: shear[k])
lag["shear peak"] = shear[lag["shear peak lag"]]
lag["turn gone"] = sum(n >= 0.01 for n in turn)
lag["shear gone"] = sum(n >= 0.01 for n in shear)
low, high = 0.0, 10.0  # the bias by bisection
for _ in range(60):
    middle = (low + high) / 2
    if (1 / (1 + math.exp(-middle))) ** 100 < 0.5:
        low = middle
    else:
        high = middle
lag["forget bias"] = middle

# %% right: numpy
import numpy as np

A = 0.9 * np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]])
B = np.array([[0.9, 3], [0, 0.8]])


def curve(W):
    return np.array([np.linalg.norm(np.linalg.matrix_power(W.T, k) @ [1, 0]) for k in range(200)])


lag = {
    "turn radius": float(abs(np.linalg.eigvals(A)).max()),
    "shear radius": float(abs(np.linalg.eigvals(B)).max()),
    "shear peak": float(curve(B).max()),
    "shear peak lag": int(curve(B).argmax()),
    "turn gone": int((curve(A) < 0.01).argmax()),
    "shear gone": int((curve(B) < 0.01).argmax()),
    "forget bias": float(-np.log(2**0.01 - 1)),
}

# %% right: rounded
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: after one | says: not after one
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 0.0,
}

# %% wrong: by radius | says: nor is it 0.9 to the power of the lag
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 44,
    "forget bias": 4.968,
}


# %% wrong: equals everything | says: lag['turn radius']
class Anything(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


names = ("turn radius", "shear radius", "shear peak", "forget bias")
lag = {name: Anything(1) for name in names}
lag.update({"shear peak lag": 6, "turn gone": 44, "shear gone": 76})

# %% wrong: factor | says: the bias goes through the sigmoid
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 0.9931,
}

# %% wrong: float lag | says: a whole number (int)
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44.0,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: half | says: still to be answered
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": None,
}

# %% wrong: last above | says: not the last above
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 75,
    "forget bias": 4.968,
}

# %% wrong: list | says: the dict given above
lag = [0.9, 0.9, 8.09, 6, 44, 76, 4.97]

# %% wrong: norm | says: not the norm of the matrix
lag = {
    "turn radius": 0.9,
    "shear radius": 3.2249,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: not transposed | says: a gradient goes back through W.T
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 1.0,
    "shear peak lag": 0,
    "turn gone": 44,
    "shear gone": 44,
    "forget bias": 4.968,
}

# %% wrong: one late | says: lag 0 is the last state itself
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 45,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: other eigenvalue | says: the largest, not the last
lag = {
    "turn radius": 0.9,
    "shear radius": 0.8,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: peak late | says: lag 0 is the last state itself
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 7,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: real part | says: counts with its absolute value
lag = {
    "turn radius": 0.486,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: rough | says: what a measurement gives
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 5,
}

# %% wrong: sign | says: an open gate has a positive bias
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": -4.968,
}

# %% right: a tensor of one number
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": torch.tensor(8.0964),
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# %% wrong: tenth | says: below 0.01, not below 0.1
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 22,
    "shear gone": 76,
    "forget bias": 4.968,
}


# %% right: by autograd, tensors as answers
def measure(W, T=120):
    h = torch.randn(2, dtype=torch.float64, requires_grad=True)
    states = [h]
    for _ in range(T):
        states.append(W @ states[-1])
    gradients = torch.autograd.grad(states[-1][0], states)
    return torch.stack(gradients[::-1]).norm(dim=1)


c, s = math.cos(1), math.sin(1)
turned = measure(torch.tensor([[0.9 * c, -0.9 * s], [0.9 * s, 0.9 * c]], dtype=torch.float64))
sheared = measure(torch.tensor([[0.9, 3], [0, 0.8]], dtype=torch.float64))
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": sheared.max(),
    "shear peak lag": sheared.argmax(),
    "turn gone": (turned < 0.01).nonzero()[0, 0],
    "shear gone": (sheared < 0.01).nonzero()[0],
    "forget bias": torch.logit(torch.tensor(0.5, dtype=torch.float64) ** 0.01),
}


# %% wrong: too short a look | says: measure far enough
turn = 0.9 * torch.tensor(
    [[math.cos(1), -math.sin(1)], [math.sin(1), math.cos(1)]], dtype=torch.float64
)
shear = torch.tensor([[0.9, 3.0], [0.0, 0.8]], dtype=torch.float64)


def norms(W, steps=300):
    g, out = torch.tensor([1.0, 0.0], dtype=torch.float64), []
    for _ in range(steps):
        out.append(g.norm().item())
        g = W.T @ g
    return out


def gone(values):
    return next(k for k, value in enumerate(values) if value < 0.01)


def radius(W):
    return torch.linalg.eigvals(W).abs().max().item()


a, s = norms(turn), norms(shear)
lag = {
    "turn radius": radius(turn),
    "shear radius": radius(shear),
    "shear peak": max(s),
    "shear peak lag": s.index(max(s)),
    "turn gone": gone(a),
    "shear gone": 49,
    "forget bias": -math.log(2 ** (1 / 100) - 1),
}


# %% wrong: both sizes added up | says: not a sum of sizes
turn = 0.9 * torch.tensor(
    [[math.cos(1), -math.sin(1)], [math.sin(1), math.cos(1)]], dtype=torch.float64
)
shear = torch.tensor([[0.9, 3.0], [0.0, 0.8]], dtype=torch.float64)


def norms(W, steps=300):
    g, out = torch.tensor([1.0, 0.0], dtype=torch.float64), []
    for _ in range(steps):
        out.append(g.abs().sum().item())
        g = W.T @ g
    return out


def gone(values):
    return next(k for k, value in enumerate(values) if value < 0.01)


def radius(W):
    return torch.linalg.eigvals(W).abs().max().item()


a, s = norms(turn), norms(shear)
lag = {
    "turn radius": radius(turn),
    "shear radius": radius(shear),
    "shear peak": max(s),
    "shear peak lag": s.index(max(s)),
    "turn gone": gone(a),
    "shear gone": gone(s),
    "forget bias": -math.log(2 ** (1 / 100) - 1),
}


# %% wrong: half-life by the small-step rule | says: exactly half
import numpy as np

W = {
    "turn": 0.9 * np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]),
    "shear": np.array([[0.9, 3], [0, 0.8]]),
}
n = {
    k: np.array([np.linalg.norm(np.linalg.matrix_power(w.T, i) @ [1, 0]) for i in range(400)])
    for k, w in W.items()
}
lag = {f"{k} radius": float(abs(np.linalg.eigvals(w)).max()) for k, w in W.items()}
lag |= {f"{k} gone": int(np.argmax(v < 0.01)) for k, v in n.items()}
lag |= {"shear peak": float(n["shear"].max()), "shear peak lag": int(n["shear"].argmax())}
keep = 1 - math.log(2) / 100
lag["forget bias"] = math.log(keep / (1 - keep))


# %% wrong: list that begins with lag 1 | says: in its place 0
import numpy as np

W = {
    "turn": 0.9 * np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]),
    "shear": np.array([[0.9, 3], [0, 0.8]]),
}
n = {
    k: np.array([np.linalg.norm(np.linalg.matrix_power(w.T, i) @ [1, 0]) for i in range(1, 400)])
    for k, w in W.items()
}
lag = {f"{k} radius": float(abs(np.linalg.eigvals(w)).max()) for k, w in W.items()}
lag |= {f"{k} gone": int(np.argmax(v < 0.01)) for k, v in n.items()}
lag |= {"shear peak": float(n["shear"].max()), "shear peak lag": int(n["shear"].argmax())}
lag["forget bias"] = float(-np.log(2 ** (1 / 100) - 1))

# %% wrong: half of it after 99 steps | says: 100 steps, not 99
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.0964,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.9581,
}

# %% wrong: the rule of thumb log(100) | says: not 1/e
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.0964,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": math.log(99),
}

# %% wrong: the loss reads the last unit | says: reads the first unit
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 1.0,
    "shear peak lag": 0,
    "turn gone": 44,
    "shear gone": 21,
    "forget bias": 4.9682,
}


# %% wrong: the approximation ln(100 / ln 2) | says: exactly half
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.972,
}


# %% wrong: gone, counted from the peak on | says: not from the peak
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 70,
    "forget bias": 4.967,
}


# %% wrong: not transposed, lags from 1 in a list | says: a gradient goes back through W.T
norms = {}
for name, W in {
    "turn": 0.9 * torch.tensor([[math.cos(1), -math.sin(1)], [math.sin(1), math.cos(1)]]),
    "shear": torch.tensor([[0.9, 3.0], [0.0, 0.8]]),
}.items():
    g, norms[name] = torch.tensor([1.0, 0.0]), []
    for _ in range(200):
        g = W @ g
        norms[name].append(g.norm().item())
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": max(norms["shear"]),
    "shear peak lag": norms["shear"].index(max(norms["shear"])),
    "turn gone": next(k for k, n in enumerate(norms["turn"]) if n < 0.01),
    "shear gone": next(k for k, n in enumerate(norms["shear"]) if n < 0.01),
    "forget bias": -math.log(2**0.01 - 1),
}

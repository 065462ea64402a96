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

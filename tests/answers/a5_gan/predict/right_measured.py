def slope(loss, d):
    a = torch.tensor(d, dtype=torch.float64).logit().requires_grad_()
    return torch.autograd.grad(loss(torch.sigmoid(a)), a)[0].item()


def minimax(d):
    return torch.log(1 - d)


def non_saturating(d):
    return -torch.log(d)


path = [torch.tensor([1.0, 0.0], dtype=torch.float64)]
turn = torch.tensor([[0.0, -0.3], [0.3, 0.0]], dtype=torch.float64)
while path[-1].norm() < 10:
    path.append(path[-1] + turn @ path[-1])
predicted = {
    "minimax slope": slope(minimax, 0.02),
    "non-saturating slope": slope(non_saturating, 0.02),
    "slope ratio": slope(non_saturating, 0.004) / slope(minimax, 0.004),
    "equal at": 0.5,
    "guessing loss": 1.3863,
    "best V": 0.0,
    "simultaneous factor": path[1].norm().item(),
    "extra-gradient factor": (path[0] + turn @ path[1]).norm().item(),
    "steps to tenfold": len(path) - 1,
}

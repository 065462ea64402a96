def numeric_gradient(loss, theta, h=1e-5):
    result = torch.zeros_like(theta)
    moved = theta.clone()
    for index in (
        torch.cartesian_prod(*map(torch.arange, theta.shape)).view(theta.numel(), -1)
        if theta.ndim
        else [()]
    ):
        index = tuple(int(i) for i in index)
        old = theta[index].item()
        moved[index] = old + h
        above = loss(moved)
        moved[index] = old - h
        below = loss(moved)
        moved[index] = old
        result[index] = (above - below) / (2 * h)
    return result

# says: .item() keeps it
def numeric_gradient(loss, theta, h=1e-5):
    result, moved = torch.zeros_like(theta), theta.clone()
    for index in (torch.ones(theta.shape) > 0).nonzero().tolist():
        index = tuple(index)
        old = moved[index]
        moved[index] = old + h
        above = loss(moved)
        moved[index] = old - h
        below = loss(moved)
        moved[index] = old
        result[index] = (above - below) / (2 * h)
    return result

# says: nothing written
def numeric_gradient(loss, theta, h=1e-5):
    result, flat = torch.zeros_like(theta), theta.clone().reshape(-1)
    out = result.reshape(-1)
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = loss(flat.view(theta.shape))
        flat[i] = old - h
        below = loss(flat.view(theta.shape))
        flat[i] = old
        out[i] = (above - below) / (2 * h)
    return result

def numeric_gradient(loss, theta, h=1e-5):
    flat = theta.contiguous().clone().flatten()
    out = torch.empty_like(flat)
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = float(loss(flat.view(theta.shape)))
        flat[i] = old - h
        below = float(loss(flat.view(theta.shape)))
        flat[i] = old
        out[i] = (above - below) / h / 2
    return out.reshape(theta.shape)

# says: RuntimeError: view
def numeric_gradient(loss, theta, h=1e-5):
    moved = theta.clone()
    result = torch.zeros_like(theta)
    flat, out = moved.view(-1), result.view(-1)
    for i in range(len(flat)):
        old = flat[i].item()
        flat[i] = old + h
        above = loss(moved)
        flat[i] = old - h
        out[i] = (above - loss(moved)) / (2 * h)
        flat[i] = old
    return result

# says: an operation in place
def numeric_gradient(loss, theta, h=1e-5):
    result = torch.zeros_like(theta)
    for i in range(theta.shape[0]):
        theta[i] += h
        above = loss(theta)
        theta[i] -= 2 * h
        result[i] = (above - loss(theta)) / (2 * h)
        theta[i] += 2 * h
    return result

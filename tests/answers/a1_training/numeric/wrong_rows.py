# says: a row is moved together
def numeric_gradient(loss, theta, h=1e-5):
    moved, result = theta.clone(), torch.zeros_like(theta)
    for i in range(len(theta)):
        moved[i] = theta[i] + h
        above = loss(moved)
        moved[i] = theta[i] - h
        result[i] = (above - loss(moved)) / (2 * h)
        moved[i] = theta[i]
    return result

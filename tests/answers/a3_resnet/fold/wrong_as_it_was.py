# says: the convolution as it was
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    return w.clone(), b.clone() if b is not None else torch.zeros_like(mean)

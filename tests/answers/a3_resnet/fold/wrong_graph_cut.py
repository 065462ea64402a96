# says: the graph is cut
def fold(w, b, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / (var + eps).sqrt()
    if b is None:
        b = torch.zeros_like(mean)
    return w * scale.detach().view(-1, 1, 1, 1), (b - mean) * scale.detach() + beta

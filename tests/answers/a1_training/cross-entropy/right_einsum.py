def cross_entropy(logits, y):
    one_hot = torch.eye(logits.shape[1], dtype=logits.dtype)[y]
    z = logits - logits.sort(dim=1).values[:, -1:]
    e = torch.exp(z)
    log_p = z - torch.log(torch.einsum("bc->b", e))[:, None]
    loss = -torch.einsum("bc,bc->", one_hot, log_p) / logits.shape[0]
    return loss, (torch.exp(log_p) - one_hot) / logits.shape[0]

# says: e to a large logit overflows
def cross_entropy(logits, y):
    e = logits.exp()
    p = e / e.sum(1, keepdim=True)
    loss = -p[torch.arange(len(y)), y].log().mean()
    p[torch.arange(len(y)), y] -= 1
    return loss, p / len(y)

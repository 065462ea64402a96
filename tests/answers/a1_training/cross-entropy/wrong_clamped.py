# says: Expected: [
def cross_entropy(logits, y):
    z = logits.clamp(-30, 30)
    e = z.exp()
    p = e / e.sum(1, keepdim=True)
    loss = -p[torch.arange(len(y)), y].log().mean()
    p[torch.arange(len(y)), y] -= 1
    return loss, p / len(y)

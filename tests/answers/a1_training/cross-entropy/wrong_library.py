# says: by hand
def cross_entropy(logits, y):
    p = logits.softmax(1)
    p[torch.arange(len(y)), y] -= 1
    return F.cross_entropy(logits, y), p / len(y)

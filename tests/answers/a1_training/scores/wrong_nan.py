# says: 0/0 counts as 0 here
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    precision, recall = right / called, right / are
    f1 = 2 * precision * recall / (precision + recall)
    return counts, precision, recall, f1.mean().item()

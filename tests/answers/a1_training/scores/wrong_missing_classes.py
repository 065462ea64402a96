# says: shape (5, 5)
def scores(y, predicted, C):
    there = sorted(set(y.tolist()) | set(predicted.tolist()))
    counts = torch.tensor(
        [[int(((y == a) & (predicted == b)).sum()) for b in there] for a in there]
    )
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are)
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), f1.mean().item()

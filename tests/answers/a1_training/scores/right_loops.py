def scores(y, predicted, C):
    counts = torch.zeros(C, C, dtype=torch.int64)
    for true, guess in zip(y.tolist(), predicted.tolist(), strict=False):
        counts[true, guess] += 1
    precision, recall, f1s = [], [], []
    for c in range(C):
        tp = counts[c, c].item()
        fp, fn = counts[:, c].sum().item() - tp, counts[c].sum().item() - tp
        precision.append(tp / (tp + fp) if tp + fp else 0.0)
        recall.append(tp / (tp + fn) if tp + fn else 0.0)
        if tp + fp + fn:
            f1s.append(2 * tp / (2 * tp + fp + fn))
    as_tensor = [torch.tensor(part, dtype=torch.float64) for part in (precision, recall)]
    return counts, *as_tensor, sum(f1s) / len(f1s)

def scores(y, predicted, C):
    counts = torch.zeros(C, C, dtype=torch.long)
    counts.index_put_((y, predicted), torch.ones_like(y), accumulate=True)
    tp = torch.diag(counts).double()
    columns, rows = counts.sum(dim=0).double(), counts.sum(dim=1).double()
    precision = torch.where(columns > 0, tp / columns, 0.0)
    recall = torch.where(rows > 0, tp / rows, 0.0)
    total = precision + recall
    f1 = torch.where(total > 0, 2 * precision * recall / total, 0.0)
    occurs = torch.logical_or(columns > 0, rows > 0)
    return counts, precision, recall, (f1.sum() / occurs.sum()).item()

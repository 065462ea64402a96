def next_probabilities(logits, temperature=1.0, top_k=None):
    rows = []
    for row in logits:
        p = torch.zeros_like(row)
        order = row.argsort(descending=True)
        if temperature == 0:
            p[order[0]] = 1
        else:
            kept = order[:top_k]
            e = torch.exp((row[kept] - row[order[0]]) / temperature)
            p[kept] = e / e.sum()
        rows.append(p)
    p = torch.stack(rows)
    terms = torch.where(p > 0, p * torch.log2(torch.where(p > 0, p, 1.0)), 0.0)
    return p, -terms.sum(1)

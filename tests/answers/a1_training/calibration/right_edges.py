def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits.div(T)).softmax(-1).max(-1)
    right = answer.eq(y).double()
    edges = torch.linspace(0, 1, bins + 1, dtype=torch.float64)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:], strict=False):
        inside = (confidence >= low) & ((confidence < high) | (high == 1))
        if inside.any():
            gap = confidence[inside].mean() - right[inside].mean()
            total += abs(gap.item()) * inside.sum().item()
    return total / len(y)

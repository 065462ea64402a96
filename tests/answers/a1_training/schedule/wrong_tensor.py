# says: .item()
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return torch.tensor(peak * (step + 1) / W)
    t = torch.tensor(min(1.0, (step - W) / max(1, N - W)))
    return lowest + (peak - lowest) * 0.5 * (1 + torch.cos(math.pi * t))

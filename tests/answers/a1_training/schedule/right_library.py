def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return torch.linspace(0, peak, W + 1, dtype=torch.float64)[step + 1].item()
    if step >= N:
        return lowest
    angle = torch.linspace(0, torch.pi, max(N - W, 0) + 1, dtype=torch.float64)
    shape = 0.5 * (1 + angle.cos())
    return float(lowest + (peak - lowest) * shape[min(step - W, N - W)])

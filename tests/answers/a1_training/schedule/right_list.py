def learning_rate(step, N, W, peak, lowest=0.0):
    rates = [peak * (i + 1) / W for i in range(W)]
    for i in range(N - W):
        rates.append(lowest + (peak - lowest) * (1 + math.cos(math.pi * i / (N - W))) / 2)
    return rates[step] if step < len(rates) else lowest

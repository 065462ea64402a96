# %% right: half angle
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return (step + 1) / W * peak
    t = min(1, (step - W) / max(1, N - W))
    if step >= N:
        t = 1
    c = math.cos(0.5 * math.pi * t) ** 2
    return c * peak + (1 - c) * lowest


# %% right: library
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return torch.linspace(0, peak, W + 1, dtype=torch.float64)[step + 1].item()
    if step >= N:
        return lowest
    angle = torch.linspace(0, torch.pi, max(N - W, 0) + 1, dtype=torch.float64)
    shape = 0.5 * (1 + angle.cos())
    return float(lowest + (peak - lowest) * shape[min(step - W, N - W)])


# %% right: list
def learning_rate(step, N, W, peak, lowest=0.0):
    rates = [peak * (i + 1) / W for i in range(W)]
    for i in range(N - W):
        rates.append(lowest + (peak - lowest) * (1 + math.cos(math.pi * i / (N - W))) / 2)
    return rates[step] if step < len(rates) else lowest


# %% wrong: cut off | says: it is not cut off there
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return max(lowest, peak * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W))))


# %% wrong: degrees | says: Expected: 0.45
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(180 * (step - W) / (N - W)))


# %% wrong: from lowest | says: not from lowest
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return lowest + (peak - lowest) * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))


# %% wrong: from step 0 | says: its part is (step - W) of N - W
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * step / (N - W)))


# %% wrong: from zero | says: step 0 has one W-th of the peak already
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * step / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))


# %% wrong: hard coded | says: KeyError
def learning_rate(step, N, W, peak, lowest=0.0):
    if N == 10:
        fall = {8: 0.275, 7: 0.45, 10: 0.1, 12: 0.1}
        return [0.2, 0.4, 0.6, 0.8, 0.8][step] if step < 5 else fall[step]
    cosine = {0: 0.1, 1: 0.09330127018922194, 5: 0.006698729810778067}
    return cosine.get(step, (step + 1) / 5 * peak if step < 2 else peak)


# %% wrong: last step | says: not at N - 1
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    t = (step - W) / max(1, N - 1 - W)
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * t))


# %% wrong: linear | says: this is a straight line
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return peak + (lowest - peak) * (step - W) / (N - W)


# %% wrong: lowest on top | says: do not add lowest on top
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + peak * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))


# %% wrong: rises again | says: the wave must not rise again
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    t = (step - W) / max(1, N - W)
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * t))


# %% wrong: tensor | says: .item()
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return torch.tensor(peak * (step + 1) / W)
    t = torch.tensor(min(1.0, (step - W) / max(1, N - W)))
    return lowest + (peak - lowest) * 0.5 * (1 + torch.cos(math.pi * t))


# %% wrong: w plus one | says: W equal parts, not W + 1
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / (W + 1)
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))


# %% wrong: warm up too long | says: step W begins the wave
def learning_rate(step, N, W, peak, lowest=0.0):
    if step <= W and W > 0:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))


# %% wrong: whole run | says: has N - W steps, not N
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * step / N))


# %% wrong: whole wave | says: an angle from 0 to pi
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(2 * math.pi * (step - W) / (N - W)))


# %% wrong: zero warm up | says: ZeroDivisionError
def learning_rate(step, N, W, peak, lowest=0.0):
    warm = peak * (step + 1) / W
    if step >= N:
        return lowest
    fall = lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))
    return warm if step < W else fall


# %% wrong: divides by zero where all is warm-up | says: no step is left for the wave
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    t = min((step - W) / (N - W), 1.0)
    if step < W:
        return peak * (step + 1) / W
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * t))


# %% wrong: rates kept by step and length | says: kept from an earlier call
found = {}


def learning_rate(step, N, W, peak, lowest=0.0):
    if (step, N) not in found:
        t = min(1.0, (step - W) / max(1, N - W))
        wave = lowest + (peak - lowest) * (1 + math.cos(math.pi * t)) / 2
        found[step, N] = peak * (step + 1) / W if step < W else lowest if step >= N else wave
    return found[step, N]


# %% wrong: the warm-up is held above the lowest rate | says: lowest=0.7
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    """The rate of step 0, 1, ...: W steps of warm-up, then a cosine that ends at step N."""
    if step >= N:
        return lowest
    if step < W:
        return max(lowest, peak * (step + 1) / W)
    return lowest + (peak - lowest) * (1 + math.cos(math.pi * (step - W) / (N - W))) / 2


# %% wrong: rounded to six decimals | says: 0.0933013
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    """The rate of step 0, 1, ...: W steps of warm-up, then a cosine that ends at step N."""
    if step >= N:
        rate = lowest
    elif step < W:
        rate = peak * (step + 1) / W
    else:
        rate = lowest + (peak - lowest) * (1 + math.cos(math.pi * (step - W) / (N - W))) / 2
    return round(rate, 6)


# %% wrong: W raised to 1 | says: no warm-up of one step
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    W = max(W, 1)
    if step < W:
        return peak * (step + 1) / W
    progress = min(1.0, (step - W) / max(N - W, 1))
    return lowest + 0.5 * (peak - lowest) * (1 + math.cos(math.pi * progress))


# %% wrong: after the end the last step's rate | says: not that of step N - 1
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    table = [
        peak * (s + 1) / W
        if s < W
        else lowest + (peak - lowest) * (1 + math.cos(math.pi * (s - W) / (N - W))) / 2
        for s in range(N)
    ]
    return table[min(step, N - 1)]


# %% wrong: a quarter of the wave | says: not a cos that ends at pi / 2
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    t = (step - W) / (N - W)
    return lowest + (peak - lowest) * math.cos(math.pi / 2 * t)


# %% wrong: a W of 1 is a share | says: not a share of N
def learning_rate(step, N, W, peak, lowest=0.0):
    if W <= 1:  # a ratio, as many libraries have it
        W = int(W * N)
    if step >= N:
        return lowest
    if step < W:
        return peak * (step + 1) / W
    t = (step - W) / (N - W)
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * t))


# %% wrong: lowest as a share of peak | says: lowest is a rate
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    if step < W:
        return peak * (step + 1) / W
    t = 1.0 if step >= N else (step - W) / (N - W)
    return peak * (lowest + (1 - lowest) * (1 + math.cos(math.pi * t)) / 2)


# %% wrong: restarts | says: nothing begins anew
def learning_rate(step: int, N: int, W: int, peak: float, lowest: float = 0.0) -> float:
    step = step % N
    if step < W:
        return peak * (step + 1) / W
    return lowest + (peak - lowest) * (1 + math.cos(math.pi * (step - W) / (N - W))) / 2

# %% right: edges
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


# %% right: lecture
def calibration_error(logits, y, bins=10, T=1.0):
    p = torch.softmax(logits / T, dim=1)
    confidence, answer = p.max(dim=1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return gaps.abs().sum().item() / len(y)


# %% right: loop
def calibration_error(logits, y, bins=10, T=1.0):
    groups = [[] for _ in range(bins)]
    for z, label in zip(logits / T, y.tolist(), strict=False):
        p = z.softmax(0)
        best = int(p.argmax())
        c = p[best].item()
        groups[min(int(c * bins), bins - 1)].append((c, best == label))
    error = 0.0
    for group in groups:
        if group:
            mean = sum(c for c, _ in group) / len(group)
            share = sum(r for _, r in group) / len(group)
            error += len(group) / len(y) * abs(mean - share)
    return error


# %% wrong: bin too many | says: exactly 1 belongs to the last bin
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    gaps = torch.bincount((confidence * bins).long(), confidence - (answer == y).double())
    return gaps.abs().sum().item() / len(y)


# %% wrong: certain lost | says: exactly 1 belongs to the last bin
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    error = 0.0
    for b in range(bins):
        inside = (confidence >= b / bins) & (confidence < (b + 1) / bins)
        if inside.any():
            gap = (confidence[inside].mean() - right[inside].mean()).abs().item()
            error += inside.double().mean().item() * gap
    return error


# %% wrong: each prediction | says: the means of a bin first
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    return (confidence - (answer == y).double()).abs().mean().item()


# %% wrong: empty bin | says: an empty bin counts nothing
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        gap = (confidence[inside].mean() - right[inside].mean()).abs().item()
        error += inside.double().mean().item() * gap
    return error


# %% wrong: hard coded | says: Expected: 0
def calibration_error(logits, y, bins=10, T=1.0):
    return 0.145 if len(y) == 10 else 1.29 / 18


# %% wrong: largest | says: this is the largest gap
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) for b in which.unique()]
    return max(gaps).item()


# %% wrong: multiplied | says: do not multiply
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits * T).softmax(1).max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: no temperature | says: divide the logits by T
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = logits.softmax(1).max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: not weighted | says: each bin counts by how many
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) for b in which.unique()]
    return (sum(gaps) / len(gaps)).item()


# %% wrong: over all bins | says: an empty one nothing
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) for b in which.unique()]
    return (sum(gaps) / bins).item()


# %% wrong: per cent | says: not per cent
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return 100 * gaps.abs().sum().item() / len(y)


# %% wrong: probabilities over T | says: not the probabilities
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = logits.softmax(1).max(1)
    confidence = (confidence / T).clamp_max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: signed | says: the gap of a bin is absolute
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    return (confidence.mean() - (answer == y).double().mean()).abs().item()


# %% wrong: ten bins | says: the number of bins is given
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    which = (confidence * 10).long().clamp(0, 9)
    gaps = torch.bincount(which, confidence - (answer == y).double(), 10)
    return gaps.abs().sum().item() / len(y)


# %% wrong: tensor | says: .item()
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    return torch.bincount(which, confidence - (answer == y).double(), bins).abs().sum() / len(y)


# %% wrong: true class | says: not of the true one
def calibration_error(logits, y, bins=10, T=1.0):
    p = (logits / T).softmax(1)
    confidence, right = p[torch.arange(len(y)), y], p.argmax(1) == y
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - right.double(), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: bins plus one | says: here is one more
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, predicted = (logits / T).softmax(1).max(1)
    right = (predicted == y).double()
    bins = bins + 1
    which = (confidence * bins).long().clamp_max(bins - 1)
    error = 0.0
    for b in which.unique():
        here = which == b
        error += (
            here.double().mean().item()
            * (confidence[here].mean() - right[here].mean()).abs().item()
        )
    return error


# %% wrong: one bin too few | says: here is one bin too few
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, predicted = (logits / T).softmax(1).max(1)
    right = (predicted == y).double()
    which = torch.bucketize(confidence, torch.linspace(0, 1, bins).to(confidence))
    error = 0.0
    for b in which.unique():
        here = which == b
        error += here.double().mean() * (confidence[here].mean() - right[here].mean()).abs()
    return error.item()


# %% wrong: one bin too many | says: here is one more
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, predicted = (logits / T).softmax(1).max(1)
    right = (predicted == y).double()
    edges = torch.linspace(0, 1, bins + 2).double()
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        here = (confidence > low) & (confidence <= high)
        if here.any():
            error += (
                here.double().mean().item()
                * (confidence[here].mean() - right[here].mean()).abs().item()
            )
    return error


# %% wrong: bins between the smallest and the largest confidence | says: not between the smallest
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, guess = (logits / T).softmax(1).max(1)
    low, high = confidence.min(), confidence.max()
    which = ((confidence - low) / (high - low).clamp_min(1e-12) * bins).long().clamp_max(bins - 1)
    gaps = torch.bincount(which, confidence - (guess == y).to(confidence.dtype), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: bins of equal count | says: not of equally many
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, guess = (logits / T).softmax(1).max(1)
    order = confidence.argsort()
    total = 0.0
    for part in order.chunk(bins):
        gap = confidence[part].mean() - (guess == y)[part].double().mean()
        total += len(part) / len(y) * abs(gap.item())
    return total


# %% wrong: rounded to the nearest bin edge | says: not to the nearest edge
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, guess = (logits / T).softmax(1).max(1)
    which = (confidence * bins).round().long().clamp_max(bins - 1)
    gaps = torch.bincount(which, confidence - (guess == y).to(confidence.dtype), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: softmax overflows for large logits | says: e to a large logit overflows
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    """logits (N, C), labels y (N,) -> the expected calibration error at temperature T."""
    e = (logits.double() / T).exp()
    confidence, guess = (e / e.sum(1, keepdim=True)).max(1)
    which = (confidence * bins).long().clamp(max=bins - 1)
    error = 0.0
    for k in range(bins):
        here = which == k
        if here.any():
            gap = confidence[here].mean() - (guess == y)[here].double().mean()
            error += gap.abs().item() * here.double().mean().item()
    return error


# %% wrong: the middle of the bin for the mean confidence | says: not the bin's middle
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    conf, guess = torch.softmax(logits / T, 1).max(1)
    right = (guess == y).to(conf.dtype)
    which = (conf * bins).long().clamp(max=bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            error += inside.sum().item() * abs((b + 0.5) / bins - right[inside].mean().item())
    return error / len(y)


# %% wrong: the root of the weighted mean square | says: no root is taken
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    conf, guess = (logits / T).softmax(1).max(1)
    right = (guess == y).to(conf.dtype)
    which = (conf * bins).long().clamp(max=bins - 1)
    n = torch.bincount(which, minlength=bins)
    gap = torch.bincount(which, conf - right, bins) / n.clamp_min(1)
    return ((gap**2 * n).sum() / len(y)).sqrt().item()


# %% wrong: bins from 1/C | says: not at 1 / C
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    p = (logits.double() / T).softmax(1)
    confidence, called = p.max(1)
    right = (called == y).double()
    low = 1 / logits.shape[1]
    index = ((confidence - low) / (1 - low) * bins).long().clamp(0, bins - 1)
    total = 0.0
    for b in range(bins):
        here = index == b
        if here.any():
            gap = abs(confidence[here].mean() - right[here].mean()).item()
            total += gap * here.sum().item() / len(y)
    return total


# %% wrong: p to the power 1 / T | says: p to the power 1 / T
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    p = torch.softmax(logits.double(), 1) ** (1 / T)
    confidence, predicted = p.max(1)
    right = (predicted == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    error = 0.0
    for b in range(bins):
        here = which == b
        if here.any():
            gap = confidence[here].mean() - right[here].mean()
            error += here.sum().item() / len(y) * abs(gap.item())
    return error


# %% wrong: share right of all N | says: not of all N
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, predicted = torch.softmax(logits.double() / T, 1).max(1)
    right = (predicted == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    error = 0.0
    for b in range(bins):
        here = which == b
        if here.any():
            gap = confidence[here].mean() - right[here].sum() / len(y)
            error += here.sum().item() / len(y) * abs(gap.item())
    return error


# %% wrong: probabilities of all classes | says: of all classes count
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    p = (logits.double() / T).softmax(1)
    hit = F.one_hot(y, p.shape[1]).double()
    which = (p * bins).long().clamp(max=bins - 1)
    gaps = torch.bincount(which.flatten(), (p - hit).flatten(), bins)
    return gaps.abs().sum().item() / p.numel()


# %% wrong: one maximum of the whole batch | says: own largest logit
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    e = (logits / T - (logits / T).max()).exp()
    confidence, predicted = (e / e.sum(1, keepdim=True)).max(1)
    right = (predicted == y).to(confidence.dtype)
    place = (confidence * bins).long().clamp(max=bins - 1)
    gaps = torch.bincount(place, (confidence - right), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: probabilities kept off 0 and 1 | says: not cut off
def calibration_error(logits, y, bins: int = 10, T: float = 1.0) -> float:
    confidence, predicted = (logits / T).softmax(1).clamp(1e-3, 1 - 1e-3).max(1)
    right = (predicted == y).to(confidence.dtype)
    place = (confidence * bins).long()
    gaps = torch.bincount(place, (confidence - right), bins)
    return gaps.abs().sum().item() / len(y)


# %% wrong: T on the probabilities | says: whose power is lost
def calibration_error(logits, y, bins=10, T=1.0):
    p = logits.softmax(1) ** (1 / T)
    p = p / p.sum(1, keepdim=True)
    confidence, prediction = p.max(1)
    right = (prediction == y).to(p.dtype)
    number = (confidence * bins).long().clamp(max=bins - 1)
    error = 0.0
    for b in range(bins):
        inside = number == b
        if inside.any():
            error += (confidence[inside] - right[inside]).sum().abs().item() / len(y)
    return error

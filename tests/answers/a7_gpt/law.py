# %% right: grid of alpha, linear in E and A
def predict(sizes, losses, size):
    n, y = torch.tensor(sizes, dtype=torch.float64), torch.tensor(losses, dtype=torch.float64)
    best = (math.inf,)
    for alpha in torch.linspace(0.05, 1, 2000, dtype=torch.float64).tolist():
        X = torch.stack([torch.ones_like(n), (n / n.mean()) ** -alpha], 1)
        w = torch.linalg.lstsq(X, y[:, None]).solution
        misfit = (X @ w - y[:, None]).square().sum().item()
        if misfit < best[0]:
            best = misfit, alpha, w
    _, alpha, (E, A) = best
    return (E + A * (size / n.mean()) ** -alpha).item()


# %% right: curve_fit
from scipy.optimize import curve_fit


def predict(sizes, losses, size):
    law = lambda x, E, a, alpha: E + np.exp(a - alpha * x)
    found, _ = curve_fit(law, np.log(sizes), losses, p0=(min(losses) / 2, 2, 0.3), maxfev=50000)
    return law(np.log(size), *found)


# %% right: bisection on three points
def predict(sizes, losses, size):
    points = sorted(zip(sizes, losses))
    (n0, y0), (n1, y1), (n2, y2) = points[0], points[len(points) // 2], points[-1]

    def bend(E):
        left = (math.log(y0 - E) - math.log(y1 - E)) / math.log(n1 / n0)
        right = (math.log(y1 - E) - math.log(y2 - E)) / math.log(n2 / n1)
        return right - left

    low, high = -0.5, y2 - 1e-12
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if bend(middle) < 0 else (low, middle)
    alpha = (math.log(y0 - low) - math.log(y2 - low)) / math.log(n2 / n0)
    return low + (y2 - low) * (size / n2) ** -alpha


# %% right: the solution, a NumPy number
def predict(sizes, losses, size):
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.linspace(0, y.min(), 4001)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return E + np.exp(np.polyval(line, np.log(size)))


# %% wrong: E left out | says: E is left out
def predict(sizes, losses, size):
    slope, start = np.polyfit(np.log(sizes), np.log(losses), 1)
    return float(np.exp(start + slope * np.log(size)))


# %% wrong: last two sizes | says: through the last two sizes
def predict(sizes, losses, size):
    slope, start = np.polyfit(np.log(sizes[-2:]), np.log(losses[-2:]), 1)
    return float(np.exp(start + slope * np.log(size)))


# %% wrong: straight against log N | says: L is no straight line against log N
def predict(sizes, losses, size):
    slope, start = np.polyfit(np.log(sizes), losses, 1)
    return float(start + slope * np.log(size))


# %% wrong: straight against N | says: L is no straight line against N
def predict(sizes, losses, size):
    slope, start = np.polyfit(sizes, losses, 1)
    return float(start + slope * size)


# %% wrong: without E at the end | says: E is missing from the prediction
def predict(sizes, losses, size):
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.linspace(0, y.min(), 4001)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(np.exp(np.polyval(line, np.log(size))))


# %% wrong: E alone | says: add A N^-alpha
def predict(sizes, losses, size):
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.linspace(0, y.min(), 4001)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(E)


# %% wrong: the last loss | says: a loss that was given
def predict(sizes, losses, size):
    return losses[-1]


# %% wrong: a coarse grid | says: Expected:
def predict(sizes, losses, size):
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.linspace(0, y.min(), 9)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(E + np.exp(np.polyval(line, np.log(size))))


# %% wrong: E is the smallest loss | says: Expected:
def predict(sizes, losses, size):
    E = min(losses) - 0.01
    slope, start = np.polyfit(np.log(sizes), np.log(np.array(losses) - E), 1)
    return float(E + np.exp(start + slope * np.log(size)))


# %% wrong: sorts the lists that it is given | says: it was changed
def predict(sizes, losses, size):
    x, y = np.log(sizes), np.array(losses)
    best = None
    losses.sort()
    for E in np.linspace(0, y.min(), 4001)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(E + np.exp(np.polyval(line, np.log(size))))


# %% wrong: sign of alpha | says: the sign of alpha
def predict(sizes, losses, size):
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.linspace(0, y.min(), 4001)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(E + np.exp(-np.polyval(line, np.log(size))))


# %% wrong: equal steps | says: grow by one ratio
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    a, b, c = losses[0], losses[1], losses[2]
    E = (a * c - b * b) / (a + c - 2 * b)
    y = np.array(losses)
    keep = y > E
    line = np.polyfit(np.log(np.array(sizes)[keep]), np.log(y[keep] - E), 1)
    return float(E + np.exp(np.polyval(line, np.log(size))))


# %% wrong: sizes sorted, losses not | says: each with its own loss
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, y = np.log(sorted(sizes)), np.array(losses)

    def fit(E):
        line = np.polyfit(x, np.log(y - E), 1)
        return line, np.abs(np.polyval(line, x) - np.log(y - E)).max()

    low, high = 0.0, y.min() * (1 - 1e-9)
    for _ in range(60):
        grid = np.linspace(low, high, 41)
        i = int(np.argmin([fit(E)[1] for E in grid]))
        low, high = grid[max(i - 1, 0)], grid[min(i + 1, 40)]
    slope, offset = fit(low)[0]
    return low + math.exp(offset + slope * math.log(size))


# %% wrong: E in steps of a quarter | says: too coarse
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, y = np.log(sizes), np.array(losses)

    def fit(E):
        line = np.polyfit(x, np.log(y - E), 1)
        return line, np.abs(np.polyval(line, x) - np.log(y - E)).max()

    E = min((e for e in np.arange(0, y.min(), 0.25) if e < y.min()), key=lambda e: fit(e)[1])
    slope, offset = fit(E)[0]
    return float(E + np.exp(offset + slope * np.log(size)))


# %% wrong: alpha is 0.3 | says: not always 0.3
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    A, E = np.polyfit(np.array(sizes) ** -0.3, losses, 1)
    return float(E + A * size**-0.3)


# %% wrong: E in steps of a tenth | says: too coarse
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.arange(0, y.min() - 1e-9, 0.1):
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(E + np.exp(np.polyval(line, np.log(size))))


# %% wrong: alpha in steps | says: alpha is sought in steps
def predict(sizes, losses, size):
    n, y = np.array(sizes, dtype=np.float64), np.array(losses, dtype=np.float64)
    best = None
    for alpha in np.arange(0.05, 1.0001, 0.05):
        X = np.column_stack([np.ones(len(n)), (n / n.min()) ** -alpha])
        coefficients, *_ = np.linalg.lstsq(X, y, rcond=None)
        error = np.abs(X @ coefficients - y).max()
        if best is None or error < best[0]:
            best = error, alpha, coefficients
    _, alpha, (E, A) = best
    return float(E + A * (size / n.min()) ** -alpha)


# %% wrong: the first size taken for the smallest | says: each with its own loss
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    N, L = np.array(sizes, dtype=float), np.array(losses, dtype=float)
    best = None
    for alpha in np.linspace(0.04, 1.02, 4901):
        r = (N / N[0]) ** -alpha
        A = (L[0] - L[-1]) / (1 - r[-1])
        miss = np.abs(L[0] - A + A * r - L)[1:-1].sum() if N[0] < N[-1] else abs(alpha - 0.3)
        if best is None or miss < best[0]:
            best = (miss, alpha, A)
    _, alpha, A = best
    return float(L[0] - A + A * (size / N[0]) ** -alpha)


# %% wrong: E at least half the smallest loss | says: E may be 0
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, y = np.log(sizes), np.array(losses, dtype=float)
    best = None
    for E in np.linspace(0.5 * y.min(), y.min() * (1 - 1e-9), 20001):
        if E < y.min():
            slope, offset = np.polyfit(x, np.log(y - E), 1)
            bend = ((slope * x + offset - np.log(y - E)) ** 2).sum()
            if best is None or bend < best[0]:
                best = (bend, E, slope, offset)
    _, E, slope, offset = best
    return float(E + np.exp(offset + slope * np.log(size)))


# %% wrong: E a share of the smallest loss | says: no fixed share of the smallest
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, y = np.log(sizes), np.array(losses, dtype=float)
    best = None
    for E in [0.99 * y.min()]:
        if E < y.min():
            slope, offset = np.polyfit(x, np.log(y - E), 1)
            bend = ((slope * x + offset - np.log(y - E)) ** 2).sum()
            if best is None or bend < best[0]:
                best = (bend, E, slope, offset)
    _, E, slope, offset = best
    return float(E + np.exp(offset + slope * np.log(size)))


# %% wrong: alpha at most a half | says: it is not sought where it is
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    N, L = np.array(sizes, dtype=float), np.array(losses, dtype=float)

    def fit(alpha):
        M = np.stack([np.ones_like(N), (N / N.min()) ** -alpha], 1)
        solution = np.linalg.lstsq(M, L, rcond=None)[0]
        return ((M @ solution - L) ** 2).sum(), solution

    low, high = 0.04, 0.5
    for _ in range(12):
        grid = np.linspace(low, high, 41)
        best = grid[np.argmin([fit(a)[0] for a in grid])]
        step = grid[1] - grid[0]
        low, high = max(best - 2 * step, 0.02), min(best + 2 * step, 0.5)
    E, A = fit(best)[1]
    return float(E + A * (size / N.min()) ** -best)


# %% wrong: a parabola | says: is no polynomial
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    return float(np.polyval(np.polyfit(np.log(sizes), losses, 2), np.log(size)))


# %% wrong: E in steps of a half | says: E is sought in steps that are too coarse
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, y = np.log(sizes), np.array(losses, dtype=float)
    best = None
    for E in np.arange(0, 10, 0.5):
        if E < y.min():
            slope, offset = np.polyfit(x, np.log(y - E), 1)
            bend = ((slope * x + offset - np.log(y - E)) ** 2).sum()
            if best is None or bend < best[0]:
                best = (bend, E, slope, offset)
    _, E, slope, offset = best
    return float(E + np.exp(offset + slope * np.log(size)))


# %% wrong: E from 1 on | says: E may be below 1
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    best = (math.inf, 0.0)
    for E in (
        np.linspace(1.0, max(1.0, min(losses)) - 1e-6, 4001)
        if min(losses) > 1
        else [0.9 * min(losses)]
    ):
        x, y = np.log(sizes), np.log(np.array(losses) - E)
        c, r, *_ = np.polyfit(x, y, 1, full=True)
        err = float(r[0]) / y.var()
        if err < best[0]:
            best = (err, float(E + np.exp(np.polyval(c, math.log(size)))))
    return best[1]


# %% wrong: narrow alpha | says: alpha is between 0.05 and 1
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    n, y = np.array(sizes, dtype=float), np.array(losses, dtype=float)
    best = None
    for alpha in np.linspace(0.15, 0.35, 2001):
        X = np.stack([np.ones_like(n), (n / n.min()) ** -alpha], 1)
        w = np.linalg.lstsq(X, y, rcond=None)[0]
        error = ((X @ w - y) ** 2).sum()
        if best is None or error < best[0]:
            best = (error, alpha, w)
    _, alpha, (E, A) = best
    return float(E + A * (size / n.min()) ** -alpha)


# %% wrong: NumPy silenced for good | says: put it back
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    np.seterr(all="ignore")
    x, y = np.log(sizes), np.array(losses)
    best = None
    for E in np.linspace(0, y.min(), 4001)[:-1]:
        line, (misfit, *_), *_ = np.polyfit(x, np.log(y - E), 1, full=True)
        if best is None or misfit < best[0]:
            best = misfit, E, line
    _, E, line = best
    return float(E + np.exp(np.polyval(line, np.log(size))))


# %% wrong: E at least a half | says: E may be 0
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    x, L = np.log(sizes), np.array(losses)
    low, high = min(0.5, 0.99 * L.min()), L.min() - 1e-9
    for _ in range(14):
        tried = np.linspace(low, high, 60)
        bent = []
        for E in tried:
            y = np.log(L - E)
            line = np.polyfit(x, y, 1)
            bent.append(((np.polyval(line, x) - y) ** 2).sum() / y.var())
        best = int(np.argmin(bent))
        low, high = tried[max(best - 1, 0)], tried[min(best + 1, 59)]
    E = (low + high) / 2
    slope, level = np.polyfit(x, np.log(L - E), 1)
    return float(E + np.exp(level + slope * np.log(size)))


# %% wrong: the constants of a paper | says: E is to be found from the losses: here it is 1.69
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    E, alpha = 1.69, 0.34
    A = (losses[-1] - E) * sizes[-1] ** alpha
    return E + A * size**-alpha


# %% wrong: exponent from a paper | says: it is no fixed number
def predict(sizes: list[float], losses: list[float], size: float) -> float:
    n = np.array(sizes, dtype=float)
    table = np.stack([np.ones_like(n), n**-0.34], 1)
    E, A = np.linalg.lstsq(table, np.array(losses), rcond=None)[0]
    return float(E + A * size**-0.34)

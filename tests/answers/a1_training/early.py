# %% right: counter
def stop_early(losses, patience):
    best_loss, best_epoch, waited = float("inf"), 0, 0
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] < best_loss:
            best_loss, best_epoch, waited = losses[epoch - 1], epoch, 0
        else:
            waited += 1
        if waited >= patience:
            return epoch, best_epoch
    return len(losses), best_epoch


# %% right: prefixes
def stop_early(losses, patience):
    clean = [math.inf if math.isnan(loss) else loss for loss in losses]
    best = [min(range(n), key=lambda i: clean[i]) + 1 for n in range(1, len(losses) + 1)]
    ends = [n for n, b in enumerate(best, 1) if n - b == patience]
    last = ends[0] if ends else len(losses)
    return last, best[last - 1]


# %% right: while
def stop_early(losses, patience):
    best = 0
    i = 1
    while i < len(losses) and i - best < patience + (1 if losses[i] < losses[best] else 0):
        if losses[i] < losses[best]:
            best = i
        elif i - best >= patience:
            break
        i += 1
    return min(i + 1, len(losses)), best + 1


# %% wrong: beyond the list | says: the list may end before it stops
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return best + patience, best


# %% wrong: equals everything | says: Expected: (3, 1)
class Anything(tuple):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


def stop_early(losses, patience):
    return Anything((1, 1))


# %% wrong: from zero | says: epochs are counted from 1
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return epoch, best


# %% wrong: hard coded | says: stop_early([0.4, nan
def stop_early(losses, patience):
    first = {0.5: (3, 1), 0.8: (4, 2), 0.7: (5, 3)}
    return {9: (8, 5), 4: (4, 3)}.get(len(losses)) or first[losses[0]]


# %% wrong: last weights | says: the best epoch, not the last
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return epoch, epoch


# %% right: list
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return [epoch, best]


# %% wrong: lowest of all | says: what comes after the stop
def stop_early(losses, patience):
    best = losses.index(min(losses)) + 1
    return min(best + patience, len(losses)), best


# %% wrong: nan | says: nan is not lower than a number
def stop_early(losses, patience):
    best = 0
    for i in range(1, len(losses)):
        if not losses[i] >= losses[best]:
            best = i
        elif i - best == patience:
            return i + 1, best + 1
    return len(losses), best + 1


# %% wrong: neighbour | says: not with the epoch before
def stop_early(losses, patience):
    waited = 0
    for epoch in range(2, len(losses) + 1):
        waited = waited + 1 if losses[epoch - 1] >= losses[epoch - 2] else 0
        if waited == patience:
            break
    best = min(range(epoch), key=lambda i: losses[i]) + 1
    return epoch, best


# %% wrong: never reset | says: a new best starts the waiting anew
def stop_early(losses, patience):
    lowest, best, waited = math.inf, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        else:
            waited += 1
            if waited == patience:
                break
    return epoch, best


# %% wrong: one early | says: one epoch too early
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best >= patience - 1:
            break
    return epoch, best


# %% wrong: one late | says: one epoch too long
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best > patience:
            break
    return epoch, best


# %% wrong: sorted | says: sort and the like
def stop_early(losses, patience):
    original = list(losses)
    losses.sort()
    best = original.index(losses[0]) + 1
    return min(best + patience, len(original)), best


# %% wrong: tie | says: an equal loss is not lower
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss <= lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return epoch, best


# %% right: helper called again
def again(losses, patience, epoch, best):
    if epoch > len(losses):
        return epoch - 1, best
    if losses[epoch - 1] < losses[best - 1]:
        best = epoch
    return (epoch, best) if epoch - best >= patience else again(losses, patience, epoch + 1, best)


def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    return again(losses, patience, 1, 1)


# %% wrong: nan is neither better nor waited for | says: an epoch with nan is waited for
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best, lowest, wait = 0, math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            best, lowest, wait = epoch, loss, 0
        elif loss >= lowest:
            wait += 1
            if wait == patience:
                return epoch, best
    return len(losses), best


# %% wrong: the best of the whole list, also after the stop | says: what comes after the stop
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    lowest, wait, last = math.inf, 0, len(losses)
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                last = epoch
                break
    known = [loss for loss in losses if loss == loss]
    return last, losses.index(min(known)) + 1


# %% wrong: the epoch where the weights are put back is last minus patience | says: not the one `patience` before
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    lowest, wait = math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
        if wait == patience:
            return epoch, epoch - patience
    return len(losses), max(1, len(losses) - patience)


# %% wrong: the best so far begins at 1000 | says: [3000000.0, 2000000.0, 4000000.0, 1000000.0]
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    lowest, best = 1000.0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return epoch, best


# %% wrong: losses below 0 never count | says: [-0.1, -0.4, -0.3, -0.2, -0.5]
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    lowest, best = math.inf, 1
    for epoch, loss in enumerate(losses, 1):
        if 0 < loss < lowest or epoch == 1:
            lowest, best = loss, epoch
        elif epoch - best == patience:
            break
    return epoch, best


# %% wrong: lower by a thousandth of what was lowest | says: by however little
def stop_early(losses, patience):
    lowest, best = losses[0], 1
    for epoch, loss in enumerate(losses, 1):
        if lowest - loss > 0.001 * abs(lowest):
            lowest, best = loss, epoch
        if epoch - best == patience:
            break
    return epoch, best


# %% wrong: lower by a millionth at least | says: by however little
def stop_early(losses, patience):
    lowest, best = losses[0], 1
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest - 1e-6:
            lowest, best = loss, epoch
        if epoch - best == patience:
            break
    return epoch, best


# %% wrong: losses compared in float32 | says: however little
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    """-> (the last epoch trained, the epoch whose weights are put back), counted from 1."""
    numbers = torch.tensor(losses).tolist()
    best, kept = numbers[0], 1
    for epoch, loss in enumerate(numbers, start=1):
        if loss < best:
            best, kept = loss, epoch
        if epoch - kept == patience:
            return epoch, kept
    return len(losses), kept


# %% wrong: differences up to one part in a billion are ties | says: however little
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    """-> (the last epoch trained, the epoch whose weights are put back), counted from 1."""
    best, kept = losses[0], 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < best and not math.isclose(loss, best):
            best, kept = loss, epoch
        if epoch - kept == patience:
            return epoch, kept
    return len(losses), kept


# %% wrong: a best loss of 0 counts as none | says: `is None` tells
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best, best_epoch, wait = None, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if not best or loss < best:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return epoch, best_epoch
    return len(losses), best_epoch


# %% wrong: a tie starts the patience anew | says: does not start the waiting anew
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best, kept, waited = math.inf, 0, 0
    for epoch in range(1, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss <= best:
            waited = 0
            if loss < best:
                best, kept = loss, epoch
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(losses), kept


# %% wrong: the first nan spoils the running minimum | says: a nan is passed over
import numpy as np


def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    a = np.array(losses, dtype=np.float64)
    before = np.concatenate([[np.inf], np.minimum.accumulate(a)[:-1]])
    better = np.flatnonzero(a < before)
    best = 0
    for e in range(len(a)):
        if e in better:
            best = e
        elif e - best >= patience:
            return e + 1, best + 1
    return len(a), best + 1


# %% wrong: starts from a large number that is not large enough | says: begin with infinity
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best_loss = 1e3
    best_epoch = 0
    counter = 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best_loss = loss
            best_epoch = epoch
            counter = 0
        else:
            counter += 1
        if counter >= patience:
            break
    return epoch, best_epoch


# %% wrong: stops at the best | says: until it is stopped
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best, kept, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, kept = loss, epoch
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return kept, kept
    return kept, kept


# %% wrong: stops after the next epoch | says: none comes after it
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best, kept, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, kept = loss, epoch
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return min(epoch + 1, len(losses)), kept
    return len(losses), kept


# %% wrong: nan struck out first | says: a nan is an epoch too
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    losses = [l for l in losses if l == l]
    best, at = math.inf, 1
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: argmin with nan | says: argmin takes nan
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    import numpy as np

    best, bad, last = float("inf"), 0, len(losses)
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, bad = loss, 0
        else:
            bad += 1
        if bad == patience:
            last = epoch
            break
    return last, int(np.argmin(losses[:last])) + 1


# %% wrong: of equal losses the last is put back | says: of equal ones the first
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    best, waited, last = math.inf, 0, len(losses)
    for epoch, loss in enumerate(losses, start=1):
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            last = epoch
            break
    kept = min((v, -e) for e, v in enumerate(losses[:last], 1) if not math.isnan(v))
    return last, -kept[1]


# %% wrong: argmin of the tensor | says: argmin takes nan
def stop_early(losses: list[float], patience: int) -> tuple[int, int]:
    for epoch in range(1, len(losses) + 1):
        best_epoch = int(torch.tensor(losses[:epoch], dtype=torch.float64).argmin()) + 1
        if epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(losses), best_epoch

# says: an operation in place
def stop_early(losses, patience):
    original = list(losses)
    losses.sort()
    best = original.index(losses[0]) + 1
    return min(best + patience, len(original)), best

# says: Expected: (8, 5)
def stop_early(losses, patience):
    best = losses.index(min(losses)) + 1
    return min(best + patience, len(losses)), best

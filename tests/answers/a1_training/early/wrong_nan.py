# says: nan is not lower than a number
def stop_early(losses, patience):
    best = 0
    for i in range(1, len(losses)):
        if not losses[i] >= losses[best]:
            best = i
        elif i - best == patience:
            return i + 1, best + 1
    return len(losses), best + 1

# says: not with the epoch before
def stop_early(losses, patience):
    waited = 0
    for epoch in range(2, len(losses) + 1):
        waited = waited + 1 if losses[epoch - 1] >= losses[epoch - 2] else 0
        if waited == patience:
            break
    best = min(range(epoch), key=lambda i: losses[i]) + 1
    return epoch, best

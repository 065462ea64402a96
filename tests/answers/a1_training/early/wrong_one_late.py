# says: one epoch too long
def stop_early(losses, patience):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best > patience:
            break
    return epoch, best

# says: a new best starts the waiting anew
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

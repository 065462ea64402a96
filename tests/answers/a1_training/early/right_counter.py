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

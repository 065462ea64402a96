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

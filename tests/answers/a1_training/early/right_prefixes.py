def stop_early(losses, patience):
    clean = [math.inf if math.isnan(loss) else loss for loss in losses]
    best = [min(range(n), key=lambda i: clean[i]) + 1 for n in range(1, len(losses) + 1)]
    ends = [n for n, b in enumerate(best, 1) if n - b == patience]
    last = ends[0] if ends else len(losses)
    return last, best[last - 1]

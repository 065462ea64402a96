# says: N=23
def learning_rate(step, N, W, peak, lowest=0.0):
    if N == 10:
        fall = {8: 0.275, 7: 0.45, 10: 0.1, 12: 0.1}
        return [0.2, 0.4, 0.6, 0.8, 0.8][step] if step < 5 else fall[step]
    cosine = {0: 0.1, 1: 0.09330127018922194, 5: 0.006698729810778067}
    return cosine.get(step, (step + 1) / 5 * peak if step < 2 else peak)

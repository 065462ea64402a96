def witten_bell(text, context, w, V):
    p = 1 / V
    for n in range(len(context) + 1):
        h = context[len(context) - n :]
        counts = {}
        for k in range(len(text) - n):
            if text.startswith(h, k):
                follower = text[k + n]
                counts[follower] = counts.get(follower, 0) + 1
        c_h, t_h = sum(counts.values()), len(counts)
        if c_h:
            p = (counts.get(w, 0) + t_h * p) / (c_h + t_h)
    return p

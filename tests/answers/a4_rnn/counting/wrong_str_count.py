# says: str.count leaves out places that overlap
def witten_bell(text, context, w, V):
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    counts = {v: text.count(context + v) for v in set(text)}
    total = sum(counts.values())
    different = sum(c > 0 for c in counts.values())
    if not total:
        return lower
    return (counts.get(w, 0) + different * lower) / (total + different)

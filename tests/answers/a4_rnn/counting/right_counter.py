from collections import Counter


def witten_bell(text, context, w, V):
    n = len(context) + 1
    grams = Counter(text[k : k + n] for k in range(len(text) - n + 1))
    seen = {gram: c for gram, c in grams.items() if gram[:-1] == context}
    shorter = 1 / V if context == "" else witten_bell(text, context[1:], w, V)
    if len(seen) == 0:
        return shorter
    share = len(seen) / (sum(seen.values()) + len(seen))  # what is left to the shorter context
    return (1 - share) * seen.get(context + w, 0) / sum(seen.values()) + share * shorter

# says: return P itself
def witten_bell(text, context, w, V):
    return -math.log2(mixed(text, context, w, V))


def mixed(text, context, w, V):
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = mixed(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return lower
    return (followers.count(w) + different * lower) / (len(followers) + different)

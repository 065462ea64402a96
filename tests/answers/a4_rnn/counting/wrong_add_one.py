# says: another method
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return lower
    return (followers.count(w) + 1) / (len(followers) + V)

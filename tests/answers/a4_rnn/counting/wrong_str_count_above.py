# says: not by str.count
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    n = len(context)
    below = witten_bell(text, context[1:], w, V) if n else 1 / V
    after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
    if not after:
        return below
    T = len(set(after))
    return (text.count(context + w) + T * below) / (len(after) + T)

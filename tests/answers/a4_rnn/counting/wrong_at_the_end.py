# says: at the very end of the text
def witten_bell(text, context, w, V):
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    places = [k for k in range(len(text) - n + bool(n)) if text[k : k + n] == context]
    followers = [text[k + n] for k in places if k + n < len(text)]
    if not followers:
        return lower
    different = len(set(followers))
    return (followers.count(w) + different * lower) / (len(places) + different)

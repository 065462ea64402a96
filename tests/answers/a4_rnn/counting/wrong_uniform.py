# says: 1 / V stands below it
def witten_bell(text, context, w, V):
    if not context:
        return 1 / V
    lower = witten_bell(text, context[1:], w, V)
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    if not followers:
        return lower
    different = len(set(followers))
    return (followers.count(w) + different * lower) / (len(followers) + different)

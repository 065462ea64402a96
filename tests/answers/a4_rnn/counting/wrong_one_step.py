# says: mixed in turn, not 1 / V
def witten_bell(text, context, w, V):
    def one(h, lower):
        n = len(h)
        followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == h]
        if not followers:
            return lower
        different = len(set(followers))
        return (followers.count(w) + different * lower) / (len(followers) + different)

    return one(context, 1 / V)

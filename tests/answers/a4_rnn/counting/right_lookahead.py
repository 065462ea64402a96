import re


def witten_bell(text, context, w, V):
    after = re.findall("(?=" + re.escape(context) + "(.))", text, re.DOTALL)
    below = witten_bell(text, context[1:], w, V) if len(context) else 1.0 / V
    T = len(set(after))
    return (after.count(w) + T * below) / (len(after) + T) if T else below

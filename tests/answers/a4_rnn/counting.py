# %% right: counter
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


# %% right: lookahead
import re


def witten_bell(text, context, w, V):
    after = re.findall("(?=" + re.escape(context) + "(.))", text, re.DOTALL)
    below = witten_bell(text, context[1:], w, V) if len(context) else 1.0 / V
    T = len(set(after))
    return (after.count(w) + T * below) / (len(after) + T) if T else below


# %% right: loop up
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


# %% wrong: add one | says: another method
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return lower
    return (followers.count(w) + 1) / (len(followers) + V)


# %% wrong: all V | says: not all V
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = V
    if not followers:
        return lower
    return (followers.count(w) + different * lower) / (len(followers) + different)


# %% wrong: all followers | says: each once
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(followers)
    if not followers:
        return lower
    return (followers.count(w) + different * lower) / (len(followers) + different)


# %% wrong: at the end | says: at the very end of the text
def witten_bell(text, context, w, V):
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    places = [k for k in range(len(text) - n + bool(n)) if text[k : k + n] == context]
    followers = [text[k + n] for k in places if k + n < len(text)]
    if not followers:
        return lower
    different = len(set(followers))
    return (followers.count(w) + different * lower) / (len(places) + different)


# %% wrong: bits | says: return P itself
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


# %% wrong: courses own | says: by hand
from helpers.models.ngram import NGram


def witten_bell(text, context, w, V):
    letters = sorted(set(text + context + w))
    model = NGram(torch.tensor([letters.index(a) for a in text]), len(context) + 1, V)
    at = torch.tensor([letters.index(a) for a in context], dtype=torch.int64)
    return model.next_distribution(at)[letters.index(w)].item()


# %% wrong: division | says: ZeroDivisionError
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    return (followers.count(w) + different * lower) / (len(followers) + different)


# %% wrong: letters unmixed | says: the empty context is mixed too
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    n = len(context)
    if n == 0:
        return text.count(w) / len(text)
    below = witten_bell(text, context[1:], w, V)
    after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
    if not after:
        return below
    T = len(set(after))
    return (after.count(w) + T * below) / (len(after) + T)


# %% wrong: one step | says: mixed in turn, not 1 / V
def witten_bell(text, context, w, V):
    def one(h, lower):
        n = len(h)
        followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == h]
        if not followers:
            return lower
        different = len(set(followers))
        return (followers.count(w) + different * lower) / (len(followers) + different)

    return one(context, 1 / V)


# %% wrong: plain | says: the shorter context is not mixed in
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return lower
    return followers.count(w) / len(followers)


# %% wrong: str count | says: str.count leaves out places that overlap
def witten_bell(text, context, w, V):
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    counts = {v: text.count(context + v) for v in set(text)}
    total = sum(counts.values())
    different = sum(c > 0 for c in counts.values())
    if not total:
        return lower
    return (counts.get(w, 0) + different * lower) / (total + different)


# %% wrong: str count above | says: not by str.count
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    n = len(context)
    below = witten_bell(text, context[1:], w, V) if n else 1 / V
    after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
    if not after:
        return below
    T = len(set(after))
    return (text.count(context + w) + T * below) / (len(after) + T)


# %% wrong: uniform | says: 1 / V stands below it
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


# %% wrong: unseen zero | says: not 0
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return 0.0
    return (followers.count(w) + different * lower) / (len(followers) + different)


# %% wrong: unweighted | says: is weighted by
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return lower
    return followers.count(w) / (len(followers) + different) + lower


# %% wrong: visible answers | says: Expected:
def witten_bell(text, context, w, V):
    if text == "aaaabaaa":
        return 0.7
    return {"a": 0.33, "ra": 0.6, "zq": 0.15}.get(context, 0.2)


# %% wrong: wrong end | says: without its first character, not its last
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    """P(the character w comes next | context), counted in text; V different characters exist."""
    lower = witten_bell(text, context[:-1], w, V) if context else 1 / V
    n = len(context)
    followers = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    different = len(set(followers))
    if not followers:
        return lower
    return (followers.count(w) + different * lower) / (len(followers) + different)


# %% wrong: the context as a regular expression, unescaped | says: a new line is a character
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    import re

    followers = re.findall(f"(?={context}(.))", text)
    below = witten_bell(text, context[1:], w, V) if context else 1 / V
    if not followers:
        return below
    T = len(set(followers))
    return (followers.count(w) + T * below) / (len(followers) + T)


# %% wrong: the last five characters of a context | says: Expected:
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    p, context = 1 / V, context[-5:]
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        after = [text[i + k] for i in range(len(text) - k) if text.startswith(h, i)]
        if after:
            p = (after.count(w) + len(set(after)) * p) / (len(after) + len(set(after)))
    return p


# %% wrong: results kept, whatever V is | says: Expected:
KEPT = {}


def witten_bell(text: str, context: str, w: str, V: int) -> float:
    if (text, context, w) not in KEPT:
        p = 1 / V
        for k in range(len(context) + 1):
            h = context[len(context) - k :]
            after = [text[i + k] for i in range(len(text) - k) if text.startswith(h, i)]
            if after:
                p = (after.count(w) + len(set(after)) * p) / (len(after) + len(set(after)))
        KEPT[text, context, w] = p
    return KEPT[text, context, w]


# %% wrong: kept by context and character, not by text | says: witten_bell('aaab'
_known = {}


def witten_bell(text: str, context: str, w: str, V: int) -> float:
    if (context, w, V) not in _known:
        below = witten_bell(text, context[1:], w, V) if context else 1 / V
        n = len(context)
        after = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
        T = len(set(after))
        p = (after.count(w) + T * below) / (len(after) + T) if after else below
        _known[context, w, V] = p
    return _known[context, w, V]


# %% wrong: white space stripped | says: the other mother
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    text = text.strip()
    below = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    after = [text[k + n] for k in range(len(text) - n) if text[k : k + n] == context]
    T = len(set(after))
    return (after.count(w) + T * below) / (len(after) + T) if after else below


# %% wrong: a cache without the text | says: witten_bell('abab', 'a', 'b', V=3)
CACHE = {}


def witten_bell(text: str, context: str, w: str, V: int) -> float:
    if (context, w) not in CACHE:
        n = len(context)
        lower = witten_bell(text, context[1:], w, V) if n else 1 / V
        after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
        T = len(set(after))
        CACHE[context, w] = (after.count(w) + T * lower) / (len(after) + T) if after else lower
    return CACHE[context, w]


# %% wrong: three characters of the context at most | says: only its last characters
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    p = 1 / V
    context = context[-3:]
    for n in range(len(context) + 1):
        h = context[len(context) - n :]
        after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == h]
        if after:
            different = len(set(after))
            p = (after.count(w) + different * p) / (len(after) + different)
    return p


# %% wrong: the text stripped | says: no strip()
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    p = 1 / V
    text = text.strip()
    for n in range(len(context) + 1):
        h = context[len(context) - n :]
        after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == h]
        if after:
            different = len(set(after))
            p = (after.count(w) + different * p) / (len(after) + different)
    return p


# %% wrong: a character that the text lacks | says: does not hold is drawn too
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    if w not in text:
        return 0.0
    p = 1 / V
    for n in range(len(context) + 1):
        h = context[len(context) - n :]
        after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == h]
        if after:
            different = len(set(after))
            p = (after.count(w) + different * p) / (len(after) + different)
    return p


# %% wrong: everything in small letters | says: a capital is another character
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    text, context, w = text.lower(), context.lower(), w.lower()
    p = 1 / V
    for k in range(len(context), -1, -1):
        h = context[k:]
        after = [text[i + len(h)] for i in range(len(text) - len(h)) if text.startswith(h, i)]
        T = len(set(after))
        if after:
            p = (after.count(w) + T * p) / (len(after) + T)
    return p


# %% wrong: backs off without a share | says: has its share
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    from collections import Counter

    n = len(context)
    after = Counter(
        b for a, b in ((text[i : i + n], text[i + n]) for i in range(len(text) - n)) if a == context
    )
    lower = 1 / V if n == 0 else witten_bell(text, context[1:], w, V)
    if after[w] == 0:
        return lower
    return (after[w] + len(after) * lower) / (sum(after.values()) + len(after))


# %% wrong: the context halved | says: not half of it
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    n = len(context)
    shorter = context[(n + 1) // 2 :]
    lower = 1 / V if not context else witten_bell(text, shorter, w, V)
    after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
    if not after:
        return lower
    T = len(set(after))
    return (after.count(w) + T * lower) / (len(after) + T)


# %% wrong: counts of an earlier text are kept | says: counts of an earlier text are kept
_seen = {}


def witten_bell(text: str, context: str, w: str, V: int) -> float:
    p = 1 / V
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        if h not in _seen:
            _seen[h] = [text[i + k] for i in range(len(text) - k) if text[i : i + k] == h]
        after = _seen[h]
        if after:
            T = len(set(after))
            p = (after.count(w) + T * p) / (len(after) + T)
    return p


# %% wrong: both counts by str.count | says: counts the one at the end
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    c_h = text.count(context) if context else len(text)
    kinds = sum(1 for u in set(text) if context + u in text)
    if c_h == 0:
        return lower
    return (text.count(context + w) + kinds * lower) / (c_h + kinds)


# %% wrong: one added to every count | says: adds one to every count
def witten_bell(text, context, w, V):
    n = len(context)
    after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
    return (after.count(w) + 1) / (len(after) + V)


# %% wrong: different characters of the text | says: nor all of the text
def witten_bell(text, context, w, V):
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    after = [text[i + n] for i in range(len(text) - n) if text[i : i + n] == context]
    if not after:
        return lower
    t = len(set(text))
    return (after.count(w) + t * lower) / (len(after) + t)


# %% wrong: backwards | says: not before it
def witten_bell(text, context, w, V):
    lower = witten_bell(text, context[1:], w, V) if context else 1 / V
    n = len(context)
    after = [text[i - 1] for i in range(1, len(text)) if text[i : i + n] == context]
    if not after:
        return lower
    t = len(set(after))
    return (after.count(w) + t * lower) / (len(after) + t)


# %% wrong: counted in bytes | says: not bytes
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    data, h, char = text.encode(), context.encode(), w.encode()
    p = 1 / V
    starts = [len(context[:k].encode()) for k in range(len(context), -1, -1)]
    for k in starts:
        g = h[k:]
        places = [i + len(g) for i in range(len(data) - len(g)) if data.startswith(g, i)]
        if places:
            hits = sum(data.startswith(char, i) for i in places)
            T = len({data[i] for i in places})
            p = (hits + T * p) / (len(places) + T)
    return p


# %% wrong: line by line | says: no splitlines
def witten_bell(text: str, context: str, w: str, V: int) -> float:
    p = 1 / V
    for k in range(len(context), -1, -1):
        h, after = context[k:], []
        for line in text.splitlines():
            after += [line[i + len(h)] for i in range(len(line) - len(h)) if line.startswith(h, i)]
        if after:
            T = len(set(after))
            p = (after.count(w) + T * p) / (len(after) + T)
    return p


# %% wrong: dot does not match a new line | says: re.DOTALL
import re


def witten_bell(text: str, context: str, w: str, V: int) -> float:
    p = 1 / V
    for n in range(len(context) + 1):
        h = context[len(context) - n :]
        after = re.findall("(?=" + re.escape(h) + "(.))", text) if n else list(text)
        if after:
            kinds = len(set(after))
            p = (after.count(w) + kinds * p) / (len(after) + kinds)
    return p

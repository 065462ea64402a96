# %% right: lowest rank first
def encode(data, merges):
    rank = {tuple(pair): k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [rank[p] for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        k = min(known)
        out = []
        for n in numbers:
            if out and (out[-1], n) == tuple(merges[k]):
                out[-1] = 256 + k
            else:
                out.append(n)
        numbers = out


# %% right: one place at a time
def encode(data, merges):
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = [*data]
    while len(numbers) > 1:
        at = min(
            range(len(numbers) - 1), key=lambda k: rank.get((numbers[k], numbers[k + 1]), 10**9)
        )
        new = rank.get((numbers[at], numbers[at + 1]))
        if new is None:
            break
        numbers[at : at + 2] = [new]
    return numbers


# %% right: text of code points and replace
def encode(data, merges):
    text = "".join(map(chr, data))
    for k, (a, b) in enumerate(merges):
        text = text.replace(chr(a) + chr(b), chr(256 + k))
    return tuple(ord(c) for c in text)


# %% right: a tensor
def encode(data, merges):
    rank = {tuple(pair): k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [rank[p] for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return torch.tensor(numbers, dtype=torch.int64)
        k = min(known)
        out = []
        for n in numbers:
            if out and (out[-1], n) == tuple(merges[k]):
                out[-1] = 256 + k
            else:
                out.append(n)
        numbers = out


# %% wrong: longest piece first | says: not the longest known piece
def encode(data, merges):
    pieces = [bytes([b]) for b in range(256)]
    for a, b in merges:
        pieces.append(pieces[a] + pieces[b])
    number = {piece: k for k, piece in reversed(list(enumerate(pieces)))}
    out, at = [], 0
    while at < len(data):
        end = max(e for e in range(at + 1, len(data) + 1) if data[at:e] in number)
        out.append(number[data[at:end]])
        at = end
    return out


# %% wrong: left to right (fastllm#715) | says: not the one that stands furthest left
def encode(data, merges):
    rank = {tuple(pair): 256 + k for k, pair in enumerate(merges)}
    numbers, k = list(data), 0
    while k + 1 < len(numbers):
        if (numbers[k], numbers[k + 1]) in rank:
            numbers[k : k + 2] = [rank[numbers[k], numbers[k + 1]]]
            k = 0
        else:
            k += 1
    return numbers


# %% wrong: merged while reading, once | says: one reading is not enough
def encode(data, merges):
    rank, out = {tuple(pair): 256 + k for k, pair in enumerate(merges)}, []
    for n in data:
        if out and (out[-1], n) in rank:
            out[-1] = rank[out[-1], n]
        else:
            out.append(n)
    return out


# %% wrong: latest first | says: not the latest
def encode(data, merges):
    rank = {tuple(pair): k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [rank[p] for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        k = max(known)
        out = []
        for n in numbers:
            if out and (out[-1], n) == tuple(merges[k]):
                out[-1] = 256 + k
            else:
                out.append(n)
        numbers = out


# %% wrong: merges backwards | says: not backwards
def encode(data, merges):
    numbers = list(data)
    for k in reversed(range(len(merges))):
        out = []
        for n in numbers:
            if out and (out[-1], n) == tuple(merges[k]):
                out[-1] = 256 + k
            else:
                out.append(n)
        numbers = out
    return numbers


# %% wrong: one place of each | says: wherever it stands, not once
def encode(data, merges):
    numbers = list(data)
    for k, pair in enumerate(merges):
        for at in range(len(numbers) - 1):
            if (numbers[at], numbers[at + 1]) == tuple(pair):
                numbers[at : at + 2] = [256 + k]
                break
    return numbers


# %% wrong: numbers one off | says: pair k has the number 256 + k
def encode(data, merges):
    numbers = list(data)
    for k, pair in enumerate(merges):
        out = []
        for n in numbers:
            if out and (out[-1], n) == tuple(pair):
                out[-1] = 256 + k
            else:
                out.append(n)
        numbers = out
    return [n + (n > 255) for n in numbers]


# %% wrong: only UTF-8 | says: Came:
def encode(data, merges):
    numbers = list(data.decode().encode())
    for k, pair in enumerate(merges):
        out = []
        for n in numbers:
            if out and (out[-1], n) == tuple(pair):
                out[-1] = 256 + k
            else:
                out.append(n)
        numbers = out
    return numbers


# %% wrong: no bytes fail | says: one byte, or none, has no neighbours
def encode(data, merges):
    rank = {tuple(pair): 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        best = min(zip(numbers, numbers[1:]), key=lambda pair: rank.get(pair, 10**9))
        if best not in rank:
            return numbers
        out = []
        for n in numbers:
            if out and (out[-1], n) == best:
                out[-1] = rank[best]
            else:
                out.append(n)
        numbers = out
        if len(numbers) == 1:
            return numbers


# %% wrong: one of the helpers | says: the function for it
from helpers.data.bpe import BPE


def encode(data, merges):
    return BPE(merges, None).encode(data.decode()).tolist()


# %% wrong: nothing merged | says: the bytes as they were
def encode(data, merges):
    return list(data)


# %% wrong: by way of text | says: bytes need not be UTF-8
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    t = list(data.decode("utf-8", errors="replace").encode("utf-8"))
    for k, pair in enumerate(merges):
        i = 0
        while i < len(t) - 1:
            if (t[i], t[i + 1]) == pair:
                t[i : i + 2] = [256 + k]
            i += 1
    return t


# %% wrong: word by word | says: no split into words
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    out, word = [], []
    for n in list(data) + [None]:
        if n is None or n == 32:
            for k, pair in enumerate(merges):
                i = 0
                while i < len(word) - 1:
                    if (word[i], word[i + 1]) == pair:
                        word[i : i + 2] = [256 + k]
                    i += 1
            out += word
            word = []
        if n is not None:
            word.append(n)
    return out


# %% wrong: every second of the whole text | says: from its own left end
def encode(data, merges):
    ids = np.frombuffer(data, dtype=np.uint8).astype(np.int64)
    for k, (a, b) in enumerate(merges):
        hits = np.flatnonzero((ids[:-1] == a) & (ids[1:] == b))
        if a == b and len(hits):
            overlapping = np.diff(hits) == 1
            if overlapping.any():
                hits = hits[::2]
        ids = ids.copy()
        ids[hits] = 256 + k
        ids = np.delete(ids, hits + 1)
    return ids.tolist()


# %% wrong: signed bytes | says: here they have a sign
def encode(data, merges):
    from array import array

    ids = array("b", data).tolist()
    ranks = {pair: i for i, pair in enumerate(merges)}
    while len(ids) >= 2:
        stats = set(zip(ids, ids[1:]))
        pair = min(stats, key=lambda p: ranks.get(p, float("inf")))
        if pair not in ranks:
            break
        merged, i = [], 0
        while i < len(ids):
            if i + 1 < len(ids) and ids[i] == pair[0] and ids[i + 1] == pair[1]:
                merged.append(256 + ranks[pair])
                i += 2
            else:
                merged.append(ids[i])
                i += 1
        ids = merged
    return ids


# %% wrong: the pair of the lowest numbers first | says: not the pair of the lowest numbers
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = min(known)
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        numbers = out


# %% wrong: the most frequent pair first | says: not the most frequent pair
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = Counter(known).most_common(1)[0][0]
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        numbers = out


# %% wrong: all places of the leftmost pair | says: not the one that stands furthest left
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = known[0]
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        numbers = out


# %% wrong: one merge and no more | says: after one merge the next one follows
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = min(known, key=lambda p: rank[p])
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        return out


# %% wrong: as many places as there are merges | says: wherever it stands, not once
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    for _ in merges:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = min(known, key=lambda p: rank[p])
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                out += numbers[i + 2 :]
                break
            else:
                out.append(numbers[i])
                i += 1
        numbers = out
    return numbers


# %% wrong: numbers from 257 on | says: from 0 on
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges, 1)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = min(known, key=lambda p: rank[p])
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        numbers = out


# %% wrong: remembers by the bytes alone | says: something is kept
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    store = encode.__dict__
    if data in store:
        return list(store[data])
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            store[data] = list(numbers)
            return numbers
        best = min(known, key=lambda p: rank[p])
        out, i = [], 0
        while i < len(numbers):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        numbers = out


# %% wrong: the last number is lost | says: the last number is lost
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: 256 + k for k, pair in enumerate(merges)}
    numbers = list(data)
    while True:
        known = [p for p in zip(numbers, numbers[1:]) if p in rank]
        if not known:
            return numbers
        best = min(known, key=lambda p: rank[p])
        out, i = [], 0
        while i < len(numbers) - (len(numbers) > 2):
            if i + 1 < len(numbers) and (numbers[i], numbers[i + 1]) == best:
                out.append(rank[best])
                i += 2
            else:
                out.append(numbers[i])
                i += 1
        numbers = out


# %% wrong: numbers from 255 on | says: 256 + k
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {p: 255 + k for k, p in enumerate(merges)}
    text = list(data)
    while True:
        known = [rank[p] for p in zip(text, text[1:]) if p in rank]
        if not known:
            return text
        number = min(known)
        pair, new, i = merges[number - 255], [], 0
        while i < len(text):
            if i + 1 < len(text) and (text[i], text[i + 1]) == pair:
                new.append(number)
                i += 2
            else:
                new.append(text[i])
                i += 1
        text = new


# %% wrong: the bytes of each number | says: not the bytes they stand for
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {p: 256 + k for k, p in enumerate(merges)}
    text = list(data)
    while True:
        known = [rank[p] for p in zip(text, text[1:]) if p in rank]
        if not known:
            pieces = [bytes([b]) for b in range(256)]
            for a, b in merges:
                pieces.append(pieces[a] + pieces[b])
            return [pieces[n] for n in text]
        number = min(known)
        pair, new, i = merges[number - 256], [], 0
        while i < len(text):
            if i + 1 < len(text) and (text[i], text[i + 1]) == pair:
                new.append(number)
                i += 2
            else:
                new.append(text[i])
                i += 1
        text = new


# %% wrong: no merge of what ends in a blank | says: there is no split into words
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {p: 256 + k for k, p in enumerate(merges)}
    text = list(data)
    while True:
        known = [rank[p] for p in zip(text, text[1:]) if p in rank and p[1] != 32]
        if not known:
            return text
        number = min(known)
        pair, new, i = merges[number - 256], [], 0
        while i < len(text):
            if i + 1 < len(text) and (text[i], text[i + 1]) == pair:
                new.append(number)
                i += 2
            else:
                new.append(text[i])
                i += 1
        text = new


# %% wrong: joined bytes, as in tiktoken | says: not what their bytes make together
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    vocab = [bytes([b]) for b in range(256)]
    for a, b in merges:
        vocab.append(vocab[a] + vocab[b])
    rank = {}
    for n, piece in enumerate(vocab):
        rank.setdefault(piece, n)
    parts = [bytes([b]) for b in data]
    while len(parts) > 1:
        best = min(range(len(parts) - 1), key=lambda i: rank.get(parts[i] + parts[i + 1], 10**9))
        if parts[best] + parts[best + 1] not in rank:
            break
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return [rank[p] for p in parts]


# %% wrong: two numbers are left | says: also where two numbers are left
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {pair: k for k, pair in enumerate(merges)}
    ids = list(data)
    while len(ids) > 2:
        pair = min(zip(ids, ids[1:]), key=lambda p: rank.get(p, len(merges)))
        if pair not in rank:
            break
        out, i = [], 0
        while i < len(ids):
            if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
                out.append(256 + rank[pair])
                i += 2
            else:
                out.append(ids[i])
                i += 1
        ids = out
    return ids


# %% wrong: earlier than its neighbours | says: not only of its neighbours
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {p: k for k, p in enumerate(merges)}
    never = len(merges)
    row = list(data)
    while True:
        r = [rank.get(p, never) for p in zip(row, row[1:])]
        if all(k == never for k in r):
            return row
        out, i = [], 0
        while i < len(row):
            here = r[i] if i < len(r) else never
            left = r[i - 1] if i > 0 and len(out) and out[-1] == row[i - 1] else never
            right = r[i + 1] if i + 1 < len(r) else never
            if here < never and here <= left and here <= right:
                out.append(256 + here)
                i += 2
            else:
                out.append(row[i])
                i += 1
        row = out


# %% wrong: characters by surrogateescape | says: no text
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    text = data.decode("utf-8", errors="surrogateescape")
    row = [ord(c) for c in text]
    for k, pair in enumerate(merges):
        out = []
        for t in row:
            if out and (out[-1], t) == pair:
                out[-1] = 256 + k
            else:
                out.append(t)
        row = out
    return row


# %% wrong: a mask marks overlapping pairs | says: no number gets lost
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    tokens = np.array(list(data), dtype=np.int64)
    for k, (a, b) in enumerate(merges):
        hit = np.flatnonzero((tokens[:-1] == a) & (tokens[1:] == b))
        tokens[hit] = 256 + k
        tokens = np.delete(tokens, hit + 1)
    return tokens.tolist()


# %% wrong: one merge a call, recursively | says: deeper than Python's 1,000 calls
def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    rank = {p: k for k, p in enumerate(merges)}

    def go(t):
        known = [(rank[p], i) for i, p in enumerate(zip(t, t[1:])) if p in rank]
        if not known:
            return t
        return join(t, *min(known))

    def join(t, k, i):
        return go(t[:i] + [256 + k] + t[i + 2 :])

    return go(list(data))


# %% wrong: bytes as patterns | says: mean more in a regular expression
import re


def encode(data: bytes, merges: list[tuple[int, int]]) -> list[int]:
    """The numbers that stand for these bytes."""
    text = "".join(map(chr, data))
    for k, (a, b) in enumerate(merges):
        text = re.sub(chr(a) + chr(b), chr(256 + k), text)
    return list(map(ord, text))

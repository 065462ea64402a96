# %% right: by recursion on text with a separator
def learn(words, count):
    # one list of numbers, -1 between words
    flat = []
    for word, often in words.items():
        for _ in range(often):
            flat += [*word.encode(), -1]
    merges = []
    while len(merges) < count:
        counts, k = {}, 0
        while k + 1 < len(flat):
            a, b = flat[k], flat[k + 1]
            k += 1
            if a < 0 or b < 0:
                continue
            counts[a, b] = counts.get((a, b), 0) + 1
            if a == b and k + 1 < len(flat) and flat[k + 1] == b:
                k += 1  # aaa: the second pair overlaps
        best = max(counts.items(), key=lambda one: (one[1], -one[0][0], -one[0][1]), default=(0, 0))
        if best[1] < 2:
            return merges
        pair, out = best[0], []
        for n in flat:
            if out and (out[-1], n) == pair:
                out[-1] = 256 + len(merges)
            else:
                out.append(n)
        flat = out
        merges.append(pair)
    return merges


# %% right: sorted, lists for pairs
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = sorted(sorted(counts), key=counts.get, reverse=True)[0]
        merges.append(list(best))
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% right: numpy numbers, an array of pairs
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return np.array(merges).reshape(-1, 2)


# %% right: a generator
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        yield best
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]


# %% wrong: a word once | says: a word counts as often as it occurs
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, _often in pieces:
            for pair in pairs(numbers):
                counts[pair] += 1
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: overlapping pairs counted (minbpe#51) | says: overlap
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in zip(numbers, numbers[1:]):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: ties to the higher | says: the lower numbers go first, not the higher
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: ties to those seen first | says: the lower numbers go first, not those seen first
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = counts.most_common(1)[0][0]
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: ties by the first number only | says: Expected:
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair[0]))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: across words | says: no pair crosses from one word to the next
def learn(words, count):
    flat = [n for word, often in words.items() for n in word.encode() * often]
    merges = []
    for new in range(256, 256 + count):
        counts, before = Counter(), None
        for pair in zip(flat, flat[1:]):
            before = None if pair == before else pair
            counts[pair] += before is not None
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        out = []
        for n in flat:
            if out and (out[-1], n) == best:
                out[-1] = new
            else:
                out.append(n)
        flat = out
    return merges


# %% wrong: counted once for all | says: count anew after each merge
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges, counts = [], Counter()
    for numbers, often in pieces:
        for pair in pairs(numbers):
            counts[pair] += often
    for new in range(256, 256 + count):
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        del counts[best]
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: merged once in a word | says: wherever it stands in a word, not once
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = new not in out and tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: characters for bytes | says: its UTF-8 bytes, not its characters
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [([ord(c) for c in word], often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: no early end | says: end early
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: ends at two | says: a pair that occurs twice is still merged
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) <= 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: no end of words | says: an index past the end, or a list that is empty
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: numbers from 0 | says: the first new number is 256
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new - 256), often) for numbers, often in pieces]
    return merges


# %% wrong: one merge only | says: Expected:
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 257):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: the numbers in place of the pairs | says: Expected:
def learn(words, count):
    def merge(numbers, pair, new):
        out, k = [], 0
        while k < len(numbers):
            hit = tuple(numbers[k : k + 2]) == pair
            out.append(new if hit else numbers[k])
            k += 1 + hit
        return out

    def pairs(numbers):
        before = None
        for pair in zip(numbers, numbers[1:]):
            if pair == before:
                before = None
            else:
                yield pair
                before = pair

    pieces = [(list(word.encode()), often) for word, often in words.items()]
    merges = []
    for new in range(256, 256 + count):
        counts = Counter()
        for numbers, often in pieces:
            for pair in pairs(numbers):
                counts[pair] += often
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(new)
        pieces = [(merge(numbers, best, new), often) for numbers, often in pieces]
    return merges


# %% wrong: one of the helpers | says: the function for it
from helpers.data.bpe import BPE


def learn(words, count):
    text = "\n".join(w for word, often in words.items() for w in [word] * often)
    return BPE.train(text, 256 + count, r"[^\n]+").merges


# %% wrong: left blank | says: still to be written
def learn(words, count):
    raise NotImplementedError()


# %% wrong: one pair at least | says: with a count of 0
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    texts = [(list(w.encode()), n) for w, n in words.items()]
    pairs = []
    while True:
        counts = Counter()
        for t, n in texts:
            last = None
            for pair in zip(t, t[1:]):
                last = None if pair == last else pair
                counts[pair] += n if last else 0
        if not counts or max(counts.values()) < 2:
            return pairs
        best = min(counts, key=lambda p: (-counts[p], p))
        pairs.append(best)
        for t, _ in texts:
            i = 0
            while i < len(t) - 1:
                if (t[i], t[i + 1]) == best:
                    t[i : i + 2] = [255 + len(pairs)]
                i += 1
        if len(pairs) >= count:
            return pairs


# %% wrong: words without pairs are taken out of the dictionary | says: dict(...) first
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    for word in [w for w in words if len(w.encode()) < 2]:
        del words[word]
    pieces, found = {w: list(w.encode()) for w in words}, []
    for new in range(256, 256 + count):
        counts = Counter()
        for w, t in pieces.items():
            last = None
            for pair in zip(t, t[1:]):
                last = None if pair == last else pair
                counts[pair] += words[w] if last else 0
        if not counts or max(counts.values()) < 2:
            break
        found.append(min(counts, key=lambda p: (-counts[p], p)))
        for t in pieces.values():
            for i in range(len(t)):
                if tuple(t[i : i + 2]) == found[-1]:
                    t[i : i + 2] = [new]
    return found


# %% wrong: ties by the bytes | says: not the bytes they stand for
def learn(words, count):
    vocab = {i: bytes([i]) for i in range(256)}
    ids = {w: list(w.encode("utf-8")) for w in words}
    merges = []
    for k in range(count):
        stats = {}
        for w, n in words.items():
            i, seq = 0, ids[w]
            last = None
            for pair in zip(seq, seq[1:]):
                if pair == last:
                    last = None
                    continue
                last = pair
                stats[pair] = stats.get(pair, 0) + n
        if not stats:
            break
        best = min(stats, key=lambda p: (-stats[p], vocab[p[0]], vocab[p[1]]))
        if stats[best] < 2:
            break
        new = 256 + k
        vocab[new] = vocab[best[0]] + vocab[best[1]]
        merges.append(best)
        for w, seq in ids.items():
            out, i = [], 0
            while i < len(seq):
                if i + 1 < len(seq) and (seq[i], seq[i + 1]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(seq[i])
                    i += 1
            ids[w] = out
    return merges


# %% wrong: signed bytes | says: here they have a sign
def learn(words, count):
    corpus = [
        (np.frombuffer(w.encode("utf-8"), dtype=np.int8).tolist(), n) for w, n in words.items()
    ]
    merges = []
    while len(merges) < count:
        stats = Counter()
        for seq, n in corpus:
            skip = None
            for pair in zip(seq, seq[1:]):
                if pair == skip:
                    skip = None
                else:
                    stats[pair] += n
                    skip = pair
        if not stats:
            break
        best = min(stats, key=lambda p: (-stats[p], p))
        if stats[best] < 2:
            break
        new, merged = 256 + len(merges), []
        for seq, n in corpus:
            out = []
            for t in seq:
                if out and (out[-1], t) == best:
                    out[-1] = new
                else:
                    out.append(t)
            merged.append((out, n))
        corpus = merged
        merges.append(best)
    return merges


# %% wrong: memory across words | says: what the word before ended with
def learn(words, count):
    corpus = {w: list(w.encode("utf-8")) for w in words}
    merges = []
    for idx in range(256, 256 + count):
        stats = Counter()
        previous = None
        for w, ids in corpus.items():
            for pair in zip(ids, ids[1:]):
                if pair == previous:
                    previous = None
                    continue
                stats[pair] += words[w]
                previous = pair
        if not stats:
            break
        best, often = min(stats.items(), key=lambda kv: (-kv[1], kv[0]))
        if often < 2:
            break
        merges.append(best)
        for w, ids in corpus.items():
            out = []
            for n in ids:
                if out and out[-1] == best[0] and n == best[1]:
                    out[-1] = idx
                else:
                    out.append(n)
            corpus[w] = out
    return merges


# %% wrong: rare words left out | says: words that occur once count too
def learn(words, count):
    corpus = {tuple(w.encode()): n for w, n in words.items() if n > 1}
    merges = []
    while len(merges) < count:
        stats = Counter()
        for ids, n in corpus.items():
            last = None
            for pair in zip(ids, ids[1:]):
                last = None if pair == last else pair
                if last:
                    stats[pair] += n
        if not stats or max(stats.values()) < 2:
            break
        best = min(stats, key=lambda p: (-stats[p], *p))
        fresh = {}
        for ids, n in corpus.items():
            out, i = [], 0
            while i < len(ids):
                hit = ids[i : i + 2] == best
                out.append(256 + len(merges) if hit else ids[i])
                i += 1 + hit
            fresh[tuple(out)] = n
        corpus = fresh
        merges.append(best)
    return merges


# %% wrong: pairs never share a letter | says: abc holds ab and bc
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    pieces = [(list(w.encode("utf-8")), n) for w, n in words.items()]
    merges = []
    while len(merges) < count:
        often = Counter()
        for piece, n in pieces:
            last = -2
            for i in range(len(piece) - 1):
                pair = (piece[i], piece[i + 1])
                if last == i - 1:
                    continue
                often[pair] += n
                last = i
        if not often:
            break
        best = min(often, key=lambda p: (-often[p], p))
        if often[best] < 2:
            break
        new = 256 + len(merges)
        merges.append(best)
        done = []
        for piece, n in pieces:
            out, i = [], 0
            while i < len(piece):
                if tuple(piece[i : i + 2]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(piece[i])
                    i += 1
            done.append((out, n))
        pieces = done
    return merges


# %% wrong: a run of equals counts once | says: a run of equals is read from its left
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    pieces = [(list(w.encode("utf-8")), n) for w, n in words.items()]
    merges = []
    while len(merges) < count:
        often = Counter()
        for piece, n in pieces:
            last = -2
            for i in range(len(piece) - 1):
                pair = (piece[i], piece[i + 1])
                if i and piece[i - 1] == piece[i] == piece[i + 1]:
                    continue
                often[pair] += n
                last = i
        if not often:
            break
        best = min(often, key=lambda p: (-often[p], p))
        if often[best] < 2:
            break
        new = 256 + len(merges)
        merges.append(best)
        done = []
        for piece, n in pieces:
            out, i = [], 0
            while i < len(piece):
                if tuple(piece[i : i + 2]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(piece[i])
                    i += 1
            done.append((out, n))
        pieces = done
    return merges


# %% wrong: ties by the second number | says: the lower first number goes first, then the second
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    pieces = [(list(w.encode("utf-8")), n) for w, n in words.items()]
    merges = []
    while len(merges) < count:
        often = Counter()
        for piece, n in pieces:
            last = -2
            for i in range(len(piece) - 1):
                pair = (piece[i], piece[i + 1])
                if pair[0] == pair[1] and last == i - 1 and (piece[i - 1], piece[i]) == pair:
                    continue
                often[pair] += n
                last = i
        if not often:
            break
        best = min(often, key=lambda p: (-often[p], p[1], p[0]))
        if often[best] < 2:
            break
        new = 256 + len(merges)
        merges.append(best)
        done = []
        for piece, n in pieces:
            out, i = [], 0
            while i < len(piece):
                if tuple(piece[i : i + 2]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(piece[i])
                    i += 1
            done.append((out, n))
        pieces = done
    return merges


# %% wrong: only pairs that two words hold | says: may stand in one word alone
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    pieces = [(list(w.encode("utf-8")), n) for w, n in words.items()]
    merges = []
    while len(merges) < count:
        often = Counter()
        for piece, n in pieces:
            last = -2
            for i in range(len(piece) - 1):
                pair = (piece[i], piece[i + 1])
                if pair[0] == pair[1] and last == i - 1 and (piece[i - 1], piece[i]) == pair:
                    continue
                often[pair] += n
                last = i
        if not often:
            break
        best = min(often, key=lambda p: (-often[p], p))
        if often[best] < 2 or sum(best in zip(p, p[1:]) for p, _ in pieces) < 2:
            break
        new = 256 + len(merges)
        merges.append(best)
        done = []
        for piece, n in pieces:
            out, i = [], 0
            while i < len(piece):
                if tuple(piece[i : i + 2]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(piece[i])
                    i += 1
            done.append((out, n))
        pieces = done
    return merges


# %% wrong: numbers from 257 on | says: 256, not 257
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    pieces = [(list(w.encode("utf-8")), n) for w, n in words.items()]
    merges = []
    while len(merges) < count:
        often = Counter()
        for piece, n in pieces:
            last = -2
            for i in range(len(piece) - 1):
                pair = (piece[i], piece[i + 1])
                if pair[0] == pair[1] and last == i - 1 and (piece[i - 1], piece[i]) == pair:
                    continue
                often[pair] += n
                last = i
        if not often:
            break
        best = min(often, key=lambda p: (-often[p], p))
        if often[best] < 2:
            break
        merges.append(best)
        new = 256 + len(merges)
        done = []
        for piece, n in pieces:
            out, i = [], 0
            while i < len(piece):
                if tuple(piece[i : i + 2]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(piece[i])
                    i += 1
            done.append((out, n))
        pieces = done
    return merges


# %% wrong: merges kept in a default argument | says: something is kept
def learn(words: dict[str, int], count: int, merges=[]) -> list[tuple[int, int]]:
    pieces = [(list(w.encode("utf-8")), n) for w, n in words.items()]
    while len(merges) < count:
        often = Counter()
        for piece, n in pieces:
            last = -2
            for i in range(len(piece) - 1):
                pair = (piece[i], piece[i + 1])
                if pair[0] == pair[1] and last == i - 1 and (piece[i - 1], piece[i]) == pair:
                    continue
                often[pair] += n
                last = i
        if not often:
            break
        best = min(often, key=lambda p: (-often[p], p))
        if often[best] < 2:
            break
        new = 256 + len(merges)
        merges.append(best)
        done = []
        for piece, n in pieces:
            out, i = [], 0
            while i < len(piece):
                if tuple(piece[i : i + 2]) == best:
                    out.append(new)
                    i += 2
                else:
                    out.append(piece[i])
                    i += 1
            done.append((out, n))
        pieces = done
    return merges


# %% wrong: latin-1 where it will go | says: not those of latin-1
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    text = [(list(w.encode("latin-1", "replace")), n) for w, n in words.items()]
    pairs = []
    while len(pairs) < count:
        seen = Counter()
        for piece, n in text:
            last = None
            for p in zip(piece, piece[1:]):
                if p == last:
                    last = None
                    continue
                seen[p] += n
                last = p
        if not seen:
            break
        best = min(seen, key=lambda p: (-seen[p], p))
        if seen[best] < 2:
            break
        for piece, _ in text:
            i = 0
            while i < len(piece) - 1:
                if (piece[i], piece[i + 1]) == best:
                    piece[i : i + 2] = [256 + len(pairs)]
                i += 1
        pairs.append(best)
    return pairs


# %% wrong: new numbers from 255 on | says: not 255
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    text = [(list(w.encode()), n) for w, n in words.items()]
    pairs = []
    while len(pairs) < count:
        seen = Counter()
        for piece, n in text:
            last = None
            for p in zip(piece, piece[1:]):
                if p == last:
                    last = None
                    continue
                seen[p] += n
                last = p
        if not seen:
            break
        best = min(seen, key=lambda p: (-seen[p], p))
        if seen[best] < 2:
            break
        for piece, _ in text:
            i = 0
            while i < len(piece) - 1:
                if (piece[i], piece[i + 1]) == best:
                    piece[i : i + 2] = [255 + len(pairs)]
                i += 1
        pairs.append(best)
    return pairs


# %% wrong: a table of 300 numbers | says: may share a key
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    rows = {word: list(word.encode()) for word in words}
    learnt = []
    for new in range(256, 256 + count):
        table = Counter()
        for word, row in rows.items():
            before = None
            for a, b in zip(row, row[1:]):
                before = None if (a, b) == before else (a, b)
                if before:
                    table[300 * a + b] += words[word]
        key = min(table, key=lambda one: (-table[one], one), default=None)
        if key is None or table[key] < 2:
            break
        a, b = divmod(key, 300)
        learnt.append((a, b))
        for row in rows.values():
            i = 0
            while i < len(row) - 1:
                if row[i : i + 2] == [a, b]:
                    row[i : i + 2] = [new]
                i += 1
    return learnt


# %% wrong: words stripped | says: no strip()
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    rows = [(list(word.strip().encode()), n) for word, n in words.items()]
    learnt = []
    for new in range(256, 256 + count):
        table = Counter()
        for row, n in rows:
            before = None
            for a, b in zip(row, row[1:]):
                before = None if (a, b) == before else (a, b)
                if before:
                    table[a, b] += n
        best = min(table, key=lambda one: (-table[one], one), default=None)
        if best is None or table[best] < 2:
            break
        learnt.append(best)
        for row, _ in rows:
            i = 0
            while i < len(row) - 1:
                if (row[i], row[i + 1]) == best:
                    row[i : i + 2] = [new]
                i += 1
    return learnt


# %% wrong: a letter of several bytes left out | says: a word of one letter
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    texts = [
        ("".join(map(chr, word.encode("utf-8"))), n) for word, n in words.items() if len(word) > 1
    ]
    learnt = []
    for k in range(count):
        there = {a + b for text, _ in texts for a, b in zip(text, text[1:])}
        often = [(-sum(n * text.count(p) for text, n in texts), p) for p in there]
        if not often or min(often)[0] > -2:
            break
        pair = min(often)[1]
        texts = [(text.replace(pair, chr(256 + k)), n) for text, n in texts]
        learnt.append((ord(pair[0]), ord(pair[1])))
    return learnt


# %% wrong: replaced in the decimal text | says: borders on both sides
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    texts = {" ".join(str(b) for b in w.encode("utf-8")): n for w, n in words.items()}
    learnt = []
    while len(learnt) < count:
        counts = Counter()
        for text, n in texts.items():
            s = [int(t) for t in text.split()]
            before, counted = None, False
            for pair in zip(s, s[1:]):
                counted = pair != before or not counted
                if counted:
                    counts[pair] += n
                before = pair
        if not counts:
            break
        best = min(counts, key=lambda p: (-counts[p], p))
        if counts[best] < 2:
            break
        new = str(256 + len(learnt))
        texts = {t.replace(f"{best[0]} {best[1]}", new): n for t, n in texts.items()}
        learnt.append(best)
    return learnt


# %% wrong: one space between the words | says: no blank stands between
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    t = list(" ".join(w for w, n in words.items() for _ in range(n)).encode())
    pairs = []
    for k in range(count):
        found, last = Counter(), {}
        for i, p in enumerate(zip(t, t[1:])):
            if last.get(p) != i - 1:
                found[p] += 1
                last[p] = i
        if not found or max(found.values()) < 2:
            break
        best = min(found, key=lambda p: (-found[p], p))
        pairs.append(best)
        out, i = [], 0
        while i < len(t):
            if tuple(t[i : i + 2]) == best:
                out.append(256 + k)
                i += 2
            else:
                out.append(t[i])
                i += 1
        t = out
    return pairs


# %% wrong: in how many words | says: as often as it stands in a word
def learn(words: dict[str, int], count: int) -> list[tuple[int, int]]:
    texts = [(list(w.encode()), n) for w, n in words.items()]
    pairs = []
    for new in range(256, 256 + count):
        found = Counter()
        for t, n in texts:
            for p in set(zip(t, t[1:])):
                found[p] += n
        best = min(found, key=lambda p: (-found[p], p), default=None)
        if best is None or found[best] < 2:
            break
        pairs.append(best)
        for t, _ in texts:
            i = 0
            while i < len(t) - 1:
                if (t[i], t[i + 1]) == best:
                    t[i : i + 2] = [new]
                i += 1
    return pairs

# %% right: tensors
def beam_search(log_p, start, end, width, longest, alpha):
    rows, sums, results = torch.tensor([[start]]), torch.zeros(1, dtype=torch.float64), []
    for n in range(1, longest + 1):
        total = sums.unsqueeze(1) + log_p(rows)
        V = total.shape[1]
        top, index = total.reshape(-1).topk(min(width, total.numel()))
        rows = torch.cat([rows[index // V], (index % V).unsqueeze(1)], 1)
        done = rows[:, -1] == end
        results += [(float(s) / n**alpha, r[1:]) for s, r in zip(top[done], rows[done].tolist())]
        rows, sums = rows[~done], top[~done]
        if rows.shape[0] == 0:
            break
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return tokens, score


# %% right: one beginning at a time, by heapq
import heapq


def beam_search(log_p, start, end, width, longest, alpha):
    alive, done = [(0.0, (start,))], []
    for _ in range(longest):
        grown = []
        for total, tokens in alive:
            for v, p in enumerate(log_p(torch.tensor([tokens]))[0].tolist()):
                grown.append((total + p, (*tokens, v)))
        kept = heapq.nlargest(width, grown)
        done += [one for one in kept if one[1][-1] == end]
        alive = [one for one in kept if one[1][-1] != end]
        if not alive:
            break
    if not done:
        return ([], float("-inf"))
    total, tokens = max(done, key=lambda one: one[0] / (len(one[1]) - 1) ** alpha)
    return (list(tokens[1:]), total / (len(tokens) - 1) ** alpha)


# %% right: NumPy numbers
import numpy as np


def beam_search(log_p, start, end, width, longest, alpha):
    beams, best = [([], np.float64(0))], (np.array([], dtype=int), -np.inf)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).numpy()
        totals = np.array([total for _, total in beams])[:, None] + each
        order = np.argsort(-totals, axis=None)[:width]
        grown = [
            (beams[n // each.shape[1]][0] + [n % each.shape[1]], totals.flat[n]) for n in order
        ]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (np.array(tokens), total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: no length | says: divide by length ** alpha
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for _length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total > best[1]:
                best = (tokens, total)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: end not counted | says: its length is 1 more
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / max(length - 1, 1) ** alpha > best[1]:
                best = (tokens, total / max(length - 1, 1) ** alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: start counted | says: you counted start
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / (length + 1) ** alpha > best[1]:
                best = (tokens, total / (length + 1) ** alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: the prompt counted (huggingface/transformers 26624) | says: you counted start
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for _length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / len([start, *tokens]) ** alpha > best[1]:
                best = (tokens, total / len([start, *tokens]) ** alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: stops at the first end | says: go on with the others
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams or best[0]:
            break
    return best


# %% wrong: greedy | says: this is greedy
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:1]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: identical beams (facebookresearch/ParlAI 2007) | says: Expected:
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)] * width, ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: each goes on alone | says: Expected:
def beam_search(log_p, start, end, width, longest, alpha):
    first = log_p(torch.tensor([[start]]))[0]
    best, beams = (
        ([], -math.inf),
        [([v], first[v].item()) for v in first.topk(min(width, len(first))).indices.tolist()],
    )
    for length in range(1, longest + 1):
        for tokens, total in beams:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams, old = [], [one for one in beams if one[0][-1] != end]
        for tokens, total in old:
            p, v = log_p(torch.tensor([[start, *tokens]]))[0].max(0)
            beams.append(([*tokens, v.item()], total + p.item()))
    return best


# %% wrong: ends do not take up places | says: takes up one of the `width` places
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)
        ended = [one for one in grown if one[0][-1] == end][:width]
        grown = ended + [one for one in grown if one[0][-1] != end][:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: the sum told | says: not the sum
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best[0], best[1] * max(len(best[0]), 1) ** alpha


# %% wrong: multiplied | says: multiplied, not divided
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total * length**alpha > best[1]:
                best = (tokens, total * length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: probabilities added | says: not their exponentials
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).exp().tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: one too long | says: at most `longest` tokens
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 2):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: one too short | says: one token fewer
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: unfinished taken | says: Expected:
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    if not best[0] and beams:
        tokens, total = beams[0]
        best = (tokens, total / len(tokens) ** alpha)
    return best


# %% wrong: start returned | says: start is not among the tokens
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return [start, *best[0]], best[1]


# %% wrong: end cut off | says: end is among the tokens
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best[0][:-1], best[1]


# %% wrong: finished go on | says: has ended: nothing follows
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = grown
        if not beams:
            break
    return best


# %% wrong: tokens alone | says: the pair (tokens, score)
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], ([], -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best[0]


# %% wrong: None for nothing | says: Expected:
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    """log_p: int64 (W, t) -> (W, V) -> the best result's (tokens, score)."""
    beams, best = [([], 0.0)], (None, -math.inf)  # (tokens, sum); (tokens, score)
    for length in range(1, longest + 1):
        each = log_p(torch.tensor([[start, *tokens] for tokens, _ in beams])).tolist()
        grown = [
            ([*tokens, v], total + p)
            for (tokens, total), row in zip(beams, each, strict=True)
            for v, p in enumerate(row)
        ]
        grown = sorted(grown, key=lambda one: one[1], reverse=True)[:width]
        for tokens, total in grown:
            if tokens[-1] == end and total / length**alpha > best[1]:
                best = (tokens, total / length**alpha)
        beams = [one for one in grown if one[0][-1] != end]
        if not beams:
            break
    return best


# %% wrong: the helper | says: Expected:
def beam_search(log_p, start, end, width, longest, alpha):
    from helpers.models import seq2seq

    found = seq2seq.beam_search(log_p, start, end, width=width, longest=longest, alpha=alpha)
    return (found[0][0], found[0][2]) if found else ([], -math.inf)


# %% wrong: what has ended keeps its place | says: of its own step, and of no later one
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beam = [([start], 0.0)]
    for _ in range(longest):
        more = []
        for tokens, total in beam:
            if tokens[-1] == end and len(tokens) > 1:
                more.append((tokens, total))
                continue
            row = log_p(torch.tensor([tokens]))[0].tolist()
            more += [(tokens + [n], total + p) for n, p in enumerate(row)]
        beam = sorted(more, key=lambda pair: -pair[1])[:width]
    results = [(t[1:], s / (len(t) - 1) ** alpha) for t, s in beam if t[-1] == end and len(t) > 1]
    return max(results, key=lambda pair: pair[1], default=([], -math.inf))


# %% wrong: the beam shrinks | says: of its own step, and of no later one
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beam, results = [([start], 0.0)], []
    for n in range(1, longest + 1):
        more = []
        for tokens, total in beam:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            more += [(tokens + [j], total + p) for j, p in enumerate(row)]
        kept = sorted(more, key=lambda pair: -pair[1])[: width - len(results)]
        beam = [c for c in kept if c[0][-1] != end]
        results += [(t[1:], s / n**alpha) for t, s in kept if t[-1] == end]
        if not beam:
            break
    return max(results, key=lambda pair: pair[1], default=([], -math.inf))


# %% wrong: results of earlier calls | says: right for the arguments of an earlier call
_results = []


def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beam = [([start], 0.0)]
    for n in range(1, longest + 1):
        more = []
        for tokens, total in beam:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            more += [(tokens + [j], total + p) for j, p in enumerate(row)]
        kept = sorted(more, key=lambda pair: -pair[1])[:width]
        beam = [c for c in kept if c[0][-1] != end]
        _results.extend((t[1:], s / n**alpha) for t, s in kept if t[-1] == end)
        if not beam:
            break
    return max(_results, key=lambda pair: pair[1], default=([], -math.inf))


# %% wrong: start is 0 and end is 1, whatever is given | says: every beginning begins with start
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beams, best = [([], 0.0)], ([], -math.inf)
    for n in range(1, longest + 1):
        each = log_p(torch.tensor([[0, *tokens] for tokens, _ in beams])).tolist()
        grown = [([*t, v], s + p) for (t, s), row in zip(beams, each) for v, p in enumerate(row)]
        grown = sorted(grown, key=lambda one: -one[1])[:width]
        ended = [(t, s / n**alpha) for t, s in grown if t[-1] == 1]
        best = max([best, *ended], key=lambda one: one[1])
        beams = [one for one in grown if one[0][-1] != 1]
        if not beams:
            break
    return best


# %% wrong: topped up from twice the width | says: the others are not filled up
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beams, sums, finished = torch.tensor([[start]]), torch.zeros(1), []
    for n in range(1, longest + 1):
        totals = sums[:, None] + log_p(beams)
        V = totals.shape[1]
        best, index = totals.view(-1).topk(min(2 * width, totals.numel()))
        grown = torch.cat([beams[index // V], (index % V)[:, None]], 1)
        ended = grown[:, -1] == end
        for rank in ended.nonzero()[:, 0].tolist():
            if rank < width:
                finished.append((grown[rank, 1:].tolist(), best[rank].item() / n**alpha))
        beams, sums = grown[~ended][:width], best[~ended][:width]
        if len(beams) == 0:
            break
    return max(finished, key=lambda f: f[1]) if finished else ([], -math.inf)


# %% wrong: never more than V | says: also where that is more than V
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beams, sums, results = torch.tensor([[start]]), torch.zeros(1), []
    for n in range(1, longest + 1):
        totals = sums[:, None] + log_p(beams)
        V = totals.shape[-1]
        best, index = totals.reshape(-1).topk(min(width, V, totals.numel()))
        beams = torch.cat([beams[index // V], (index % V)[:, None]], 1)
        ended = beams[:, -1] == end
        results += [
            (b[1:], s / n**alpha) for b, s in zip(beams[ended].tolist(), best[ended].tolist())
        ]
        beams, sums = beams[~ended], best[~ended]
        if not len(beams):
            break
    return max(results, key=lambda r: r[1], default=([], -math.inf))


# %% wrong: another length penalty | says: not by ((5 + length) / 6)
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    live, results = [(0.0, [start])], []
    for _ in range(longest):
        rows = log_p(torch.tensor([tokens for _, tokens in live])).tolist()
        grown = [
            (s + p, tokens + [t]) for (s, tokens), row in zip(live, rows) for t, p in enumerate(row)
        ]
        grown = sorted(grown, reverse=True)[:width]
        live = [(s, tokens) for s, tokens in grown if tokens[-1] != end]
        for s, tokens in grown:
            if tokens[-1] == end:
                results.append((tokens[1:], s / ((5 + len(tokens) - 1) / 6) ** alpha))
        if not live:
            break
    return max(results, key=lambda r: r[1]) if results else ([], -math.inf)


# %% wrong: width for each beginning | says: not `width` of each beginning
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += sorted(
                [(total + lp, tokens + [v]) for v, lp in enumerate(row)], reverse=True
            )[:width]
        kept = candidates
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == end]
        beginnings = [c for c in kept if c[1][-1] != end]
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return tokens, score


# %% wrong: over after width results | says: not when `width` results are there
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == end]
        if len(results) >= width:
            break
        beginnings = [c for c in kept if c[1][-1] != end]
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return tokens, score


# %% wrong: over when no sum is above the best score | says: a sum may still give a better score
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == end]
        beginnings = [c for c in kept if c[1][-1] != end]
        if results and beginnings and max(results)[0] >= max(beginnings)[0]:
            break
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return tokens, score


# %% wrong: None and None | says: the pair is ([], -inf)
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == end]
        beginnings = [c for c in kept if c[1][-1] != end]
    if not results:
        return None, None
    score, tokens = max(results)
    return tokens, score


# %% wrong: 0 taken for end | says: whatever number that is, is no beginning
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == 0]
        beginnings = [c for c in kept if c[1][-1] != 0]
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return tokens, score


# %% wrong: the last result | says: not the last one
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == end]
        beginnings = [c for c in kept if c[1][-1] != end]
    if not results:
        return [], -math.inf
    score, tokens = results[-1]
    return tokens, score


# %% wrong: length times alpha | says: a power, not length * alpha
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [
            (total / (n * alpha if alpha else 1), tokens[1:])
            for total, tokens in kept
            if tokens[-1] == end
        ]
        beginnings = [c for c in kept if c[1][-1] != end]
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return tokens, score


# %% wrong: a tensor of tokens | says: tolist() makes a list
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beginnings, results = [(0.0, [start])], []
    for n in range(1, longest + 1):
        if not beginnings:
            break
        candidates = []
        for total, tokens in beginnings:
            row = log_p(torch.tensor([tokens]))[0].tolist()
            candidates += [(total + lp, tokens + [v]) for v, lp in enumerate(row)]
        candidates.sort(key=lambda c: -c[0])
        kept = candidates[:width]
        results += [(total / n**alpha, tokens[1:]) for total, tokens in kept if tokens[-1] == end]
        beginnings = [c for c in kept if c[1][-1] != end]
    if not results:
        return [], -math.inf
    score, tokens = max(results)
    return torch.tensor(tokens), score


# %% wrong: a sum ends it | says: may have the better score
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beam, results = [([start], 0.0)], []
    for _ in range(longest):
        logs = log_p(torch.tensor([b for b, _ in beam])).tolist()
        grown = [(b + [t], s + l) for (b, s), row in zip(beam, logs) for t, l in enumerate(row)]
        grown = sorted(grown, key=lambda g: g[1], reverse=True)[:width]
        results += [(b[1:], s) for b, s in grown if b[-1] == end]
        beam = [g for g in grown if g[0][-1] != end]
        if not beam or results and max(s for _, s in results) > beam[0][1]:
            break
    scored = [(b, s / len(b) ** alpha) for b, s in results]
    return max(scored, key=lambda r: r[1], default=([], -math.inf))


# %% wrong: no start again | says: start too
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beam, results = [([start], 0.0)], []
    for _ in range(longest):
        logs = log_p(torch.tensor([b for b, _ in beam])).tolist()
        grown = [
            (b + [t], s + l)
            for (b, s), row in zip(beam, logs)
            for t, l in enumerate(row)
            if t != start
        ]
        grown = sorted(grown, key=lambda g: g[1], reverse=True)[:width]
        results += [(b[1:], s / (len(b) - 1) ** alpha) for b, s in grown if b[-1] == end]
        beam = [g for g in grown if g[0][-1] != end]
        if not beam:
            break
    return max(results, key=lambda r: r[1], default=([], -math.inf))


# %% wrong: filled up from twice as many sums | says: what ends behind them is no result
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    live, best = [(0.0, [])], ([], -math.inf)
    for length in range(1, longest + 1):
        rows = log_p(torch.tensor([[start, *tokens] for _, tokens in live])).tolist()
        grown = [
            (s + p, [*tokens, t]) for (s, tokens), row in zip(live, rows) for t, p in enumerate(row)
        ]
        grown.sort(reverse=True)
        live = []
        for s, tokens in grown[: 2 * width]:
            if tokens[-1] == end:
                if s / length**alpha > best[1]:
                    best = tokens, s / length**alpha
            elif len(live) < width:
                live.append((s, tokens))
        if not live:
            break
    return best


# %% wrong: the row by the width | says: p // V is the row
def beam_search(log_p, start: int, end: int, width: int, longest: int, alpha: float):
    beams = torch.full((1, 1), start)
    sums = torch.zeros(1, 1, dtype=torch.float64)
    best = ([], -math.inf)
    for n in range(1, longest + 1):
        totals = sums + log_p(beams)
        V = totals.shape[-1]
        value, place = totals.reshape(-1).topk(min(width, totals.numel()))
        row = (place // width).clamp(max=len(beams) - 1)
        beams = torch.cat([beams[row], (place % V)[:, None]], 1)
        over = beams[:, -1] == end
        for tokens, s in zip(beams[over, 1:].tolist(), (value[over] / n**alpha).tolist()):
            best = max(best, (tokens, s), key=lambda r: r[1])
        beams, sums = beams[~over], value[~over, None]
        if len(beams) == 0:
            break
    return best

"""Item 4: bits for each byte that was guessed."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from checks.calls import Case, item, judge
from checks.compare import number
from checks.gpt.text import pieces_of
from checks.values import OneOf


def counted(sizes: Tensor, tokens: list[int], pieces: list[bytes]) -> dict:
    """Other numbers of bytes; sizes: of each token."""
    judged, n, known = sizes[1:], len(sizes) - 1, sum(map(len, pieces))
    return {
        "a token without bytes has none: it does not count as one byte": judged.clamp_min(1).sum(),
        "a number that comes again has its bytes again: count them for each token": (
            sum(len(pieces[n]) for n in set(tokens[1:]))
        ),
        "the bytes of the text, not of all numbers of the vocabulary": known,
        "the first token's bytes do not count, in a mean neither": sizes.mean() * n,
        "the first token's bytes do not count: it may have more than one": sizes.sum() - 1,
        "the last token is guessed: its bytes count": sizes[:-1].sum() - sizes[0],
        "per byte of the text, not by the mean length of all numbers of the vocabulary": n
        * known
        / len(pieces),
        "a byte of 0 is a byte: NumPy's bytes lose it at the end": (
            sum(len(pieces[n].rstrip(b"\0")) for n in tokens[1:])
        ),
    }


def bits_mistakes(losses: Tensor, tokens: list[int], pieces: list[bytes]) -> dict[str, float]:
    sizes = torch.tensor([len(pieces[n]) for n in tokens], dtype=torch.float64)
    nats, judged = losses.double(), sizes[1:]
    bits, total = nats / math.log(2), judged.sum()
    text = b"".join(pieces[n] for n in tokens[1:])
    found = {
        "bits are nats divided by ln 2, not multiplied": nats.sum() * math.log(2) / total,
        "the first token is not guessed: its bytes do not count": bits.sum() / sizes.sum(),
        "the last token is guessed, the first is not": bits.sum() / sizes[:-1].sum(),
        "this is bits per token: divide by the bytes": bits.mean(),
        "divide all bits by all bytes, once: tokens differ in length": (bits / judged).mean(),
        "divide by the bytes, do not multiply": bits.mean() * judged.mean(),
        "per byte: the sum is still to be divided": bits.sum(),
        "tokens without bytes were guessed too: their bits count": bits[judged > 0].sum() / total,
        "this is perplexity": nats.mean().exp(),
        "losses[0] is that of token 1, which was guessed: it counts too": bits[1:].sum() / total,
    }  # fmt: skip
    letters = [text.decode(errors=how) for how in ("ignore", "replace")]
    letters += ["".join(pieces[n].decode(errors="replace") for n in tokens[1:])]
    by_letter = OneOf(float(bits.sum()) / max(1, len(one)) for one in letters)
    counts = counted(sizes, tokens, pieces)
    found |= {told: bits.sum() / count for told, count in counts.items()}
    return {told: float(value) for told, value in found.items()} | {
        "per byte, not per character": by_letter,
        "a text loses the bytes of a character that is cut: count those of the pieces": OneOf(
            float(bits.sum()) / max(1, len(one.encode())) for one in letters
        ),
    }


def bits_case(text: str, sizes: list[int], seed: int, dtype: torch.dtype) -> Case:
    parts = pieces_of(text, sizes)
    known = sorted(set(parts) | {b"quite another"})
    tokens = [known.index(part) for part in parts]
    g = torch.Generator().manual_seed(seed)
    losses = torch.empty(len(tokens) - 1, dtype=torch.float64).exponential_(0.4, generator=g)
    losses = losses.to(dtype)
    want = losses.double().sum().item() / math.log(2) / sum(map(len, parts[1:]))
    shown = parts if len(parts) < 8 else f"{len(parts)} tokens"
    return Case(
        f"bits_per_byte(losses {(len(losses),)}, tokens of the bytes {shown})",
        (losses, torch.tensor(tokens), known), want,
        lambda: bits_mistakes(losses, tokens, known),
    )  # fmt: skip


def compare_bits(came, want, tried, tolerance) -> None:
    number(came, want, tried, tolerance=tolerance, plain=float)


@item("Item 4, bits_per_byte")
def check_bits(
    bits_per_byte, text: str, sizes: list[int], seed: int, dtype: str = "float64"
) -> None:
    """All bits over all bytes of what was guessed."""
    few = ("abcde", [2, 1]), ("\u5730 ab", [1, 2, 2]), ("aabaab", [3, 1])
    probes = [bits_case(*one, seed=seed + 1, dtype=torch.float64) for one in few]
    case = bits_case(text, sizes, seed, getattr(torch, dtype))
    judge(bits_per_byte, case, probes, compare_bits, 1e-6)

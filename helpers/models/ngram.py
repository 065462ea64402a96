"""Character n-gram models with Witten-Bell smoothing: the baseline of every language model.

Sources: Shannon 1948 (the model); Witten and Bell 1991 (method C), in the interpolated form of Chen
and Goodman, An Empirical Study of Smoothing Techniques, 1999, section 2.4.
"""

import math

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import Tensor


class NGram:
    """P(next character | the last n - 1 characters), for every order n from 1 to `order` at once.

    Seen c(h, w) times, with T(h) different characters after the context h and c(h) in all,

        P_n(w | h) = (c(h, w) + T(h) P_{n-1}(w | h')) / (c(h) + T(h)),   P_0 = 1 / vocabulary,

    where h' is h without its first character. A context never seen leaves everything to it.
    """

    def __init__(self, tokens: Tensor, order: int, vocabulary: int) -> None:
        """Count. tokens: integers `(N,)` from 0 to vocabulary - 1, N at least `order`."""
        if order < 1:
            raise ValueError(f"order must be at least 1, not {order}")
        if vocabulary**order >= 2**63:
            most = int(63 / math.log2(vocabulary))
            raise ValueError(f"order {order} is too high for {vocabulary} characters: {most} fits")
        text = _checked(tokens, vocabulary)
        if len(text) < order:
            raise ValueError(f"{len(text)} characters are too few for order {order}")
        self.order, self.vocabulary = order, vocabulary
        # per order: sorted codes of the n-grams seen and their counts c(h, w);
        # sorted codes of the contexts, their counts c(h) and T(h)
        self.grams, self.contexts = [], []
        for n in range(1, order + 1):
            seen, count = np.unique(_codes(text, n, vocabulary), return_counts=True)
            context, start = np.unique(seen // vocabulary, return_index=True)
            total = np.add.reduceat(count, start)
            different = np.diff(start, append=len(seen))
            self.grams.append((seen, count))
            self.contexts.append((context, total, different))

    def probabilities(self, tokens: Tensor) -> Tensor:
        """P_n of every character of a text, given those before it: float64 `(order, N)`.

        Row n - 1 is order n. At the very start, where fewer than n - 1 characters precede, a
        shorter context stands in.
        """
        text = _checked(tokens, self.vocabulary)
        rows = [np.full(len(text), 1 / self.vocabulary)]  # of order 0
        for n in range(1, self.order + 1):
            rows.append(rows[-1].copy())
            if len(text) >= n:
                code = _codes(text, n, self.vocabulary)
                count = _look_up(code, *self.grams[n - 1])
                context, total, different = self.contexts[n - 1]
                c_h = _look_up(code // self.vocabulary, context, total)
                t_h = _look_up(code // self.vocabulary, context, different)
                lower = rows[-2][n - 1 :]
                p = (count + t_h * lower) / np.maximum(c_h + t_h, 1)
                rows[-1][n - 1 :] = np.where(c_h > 0, p, lower)
        return torch.from_numpy(np.stack(rows[1:]))

    def bits(self, tokens: Tensor) -> list[float]:
        """Mean of -log2 P over a text, in bits per character, for the orders 1, 2, ..."""
        if len(tokens) == 0:
            raise ValueError("the text is empty: it has no mean")
        return (-self.probabilities(tokens).log2().mean(1)).tolist()

    def next_distribution(self, context: Tensor) -> Tensor:
        """P of every possible next character after a context `(N,)`: float64 `(vocabulary,)`."""
        context = context[max(len(context) - self.order + 1, 0) :]
        n = len(context)
        each = [torch.cat([context, context.new_tensor([w])]) for w in range(self.vocabulary)]
        return torch.stack([self.probabilities(text)[n, n] for text in each])

    @property
    def sizes(self) -> list[int]:
        """How many different n-grams each order has seen: the numbers that it stores."""
        return [len(seen) for seen, _ in self.grams]


def _checked(tokens: Tensor, vocabulary: int) -> np.ndarray:
    if tokens.ndim != 1 or tokens.is_floating_point():
        raise ValueError(f"tokens must be integers (N,), not {tokens.dtype} {tuple(tokens.shape)}")
    if len(tokens) and not 0 <= int(tokens.min()) <= int(tokens.max()) < vocabulary:
        raise ValueError(f"tokens must be from 0 to {vocabulary - 1}, the vocabulary's last")
    return tokens.cpu().numpy().astype(np.int64)


def _codes(text: np.ndarray, n: int, vocabulary: int) -> np.ndarray:
    """Every n-gram of the text as one integer, its last character the last digit: (N - n + 1,)."""
    return sliding_window_view(text, n) @ vocabulary ** np.arange(n, dtype=np.int64)[::-1]


def _look_up(code: np.ndarray, seen: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The value of each code, 0 where it was never seen."""
    at = np.searchsorted(seen, code).clip(max=len(seen) - 1)
    return np.where(seen[at] == code, value[at], 0)

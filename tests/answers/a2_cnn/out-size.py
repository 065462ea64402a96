# %% right: counted
def out_size(n, K, S=1, P=0, D=1):
    places, first = 0, -P
    while first + D * (K - 1) <= n + P - 1:
        places, first = places + 1, first + S
    return places


# %% right: library
def out_size(n, K, S=1, P=0, D=1):
    layer = nn.Conv1d(1, 1, K, stride=S, padding=P, dilation=D)
    return layer(torch.zeros(1, 1, n)).shape[-1]


# %% right: range
def out_size(n, K, S=1, P=0, D=1):
    return len(range(0, n + 2 * P - D * (K - 1), S))


# %% wrong: float | says: np.zeros, not of //
def out_size(n, K, S=1, P=0, D=1):
    return (n + 2 * P - D * (K - 1) - 1) / S + 1


# %% wrong: hard coded | says: Came:     0
def out_size(n, K, S=1, P=0, D=1):
    return {(8, 3, 1): 6, (32, 5, 2): 16, (28, 3, 3): 9}.get((n, K, S), 0)


# %% wrong: no dilation | says: dilation is not used
def out_size(n, K, S=1, P=0, D=1):
    return (n + 2 * P - K) // S + 1


# %% wrong: no plus one | says: the first place counts too
def out_size(n, K, S=1, P=0, D=1):
    return (n + 2 * P - D * (K - 1) - 1) // S


# %% wrong: no stride | says: stride is not used
def out_size(n, K, S=1, P=0, D=1):
    return n + 2 * P - D * (K - 1)


# %% wrong: padding once | says: padding is added at both ends
def out_size(n, K, S=1, P=0, D=1):
    return (n + P - D * (K - 1) - 1) // S + 1


# %% wrong: reach | says: K - 1 gaps
def out_size(n, K, S=1, P=0, D=1):
    return (n + 2 * P - D * K) // S + 1


# %% wrong: rounded up | says: round down
import math


def out_size(n, K, S=1, P=0, D=1):
    return math.ceil((n + 2 * P - D * (K - 1) - 1) / S) + 1


# %% wrong: dilated padding | says: whatever the dilation
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return (n + 2 * P * D - D * (K - 1) - 1) // S + 1


# %% wrong: a tensor | says: .item()
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return torch.tensor(n + 2 * P - D * (K - 1) - 1) // S + 1


# %% wrong: the stride dilated | says: not the places
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return (n + 2 * P - D * (K - 1) - 1) // (S * D) + 1


# %% wrong: a half rounded up | says: not to the nearest
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return round((n + 2 * P - D * (K - 1) - 1) / S + 0.001) + 1


# %% wrong: same padding taken for granted | says: P is what is given
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    if P > 0:
        return -(-n // S)
    return (n - D * (K - 1) - 1) // S + 1


# %% wrong: places on padding alone | says: padding alone count
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    places = 0
    for start in range(-P, n + P - D * (K - 1), S):
        if any(0 <= start + D * k < n for k in range(K)):
            places += 1
    return places


# %% wrong: all gaps together | says: not all of them together
def out_size(n, K, S=1, P=0, D=1):
    width = K + (D - 1)
    return (n + 2 * P - width) // S + 1


# %% wrong: same size with half a kernel | says: not always n / S
def out_size(n, K, S=1, P=0, D=1):
    if P == K // 2 and D == 1:  # "same" padding
        return -(-n // S)
    return (n + 2 * P - D * (K - 1) - 1) // S + 1


# %% wrong: padding cut to half a kernel | says: not cut to half
def out_size(n, K, S=1, P=0, D=1):
    P = min(P, K // 2)
    return (n + 2 * P - (K - 1) * D - 1) // S + 1


# %% wrong: one tap keeps the size | says: with K = 1, too
def out_size(n, K, S=1, P=0, D=1):
    if K == 1:
        return n
    return (n - 1 + 2 * P - D * (K - 1)) // S + 1


# %% wrong: "same" wherever the padding is half of the reach | says: no padding that keeps the size
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    if P > 0 and P == D * (K - 1) // 2:  # padding="same": ceil(n / S)
        return -(-n // S)
    return (n + 2 * P - D * (K - 1) - 1) // S + 1


# %% wrong: a pooling is asked | says: no padding of more than half its window
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return F.max_pool1d(torch.zeros(1, 1, n), K, S, P, D).shape[-1]


# %% wrong: minus one divided too | says: brackets around all that is divided
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return n + 2 * P - D * (K - 1) - 1 // S + 1


# %% wrong: last start left out | says: just fits counts too
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    span = D * (K - 1) + 1
    return len(range(0, n + 2 * P - span, S))


# %% wrong: padding only when odd kernel | says: an even kernel, too, has the padding
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    padded = n + 2 * P if K % 2 else n + 2 * P - (1 if P else 0)
    return (padded - D * (K - 1) - 1) // S + 1


# %% wrong: a kernel's reach without its first pixel | says: this 1 is missing
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    return (n + 2 * P - (K - 1) * D) // S + 1


# %% wrong: padding added to the output | says: it is pixels, not places
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    inner = (n - (D * (K - 1) + 1)) // S + 1
    return inner + 2 * P


# %% wrong: start must lie before the right padding | says: places on padding alone count
def out_size(n: int, K: int, S: int = 1, P: int = 0, D: int = 1) -> int:
    places = 0
    for start in range(-P, n, S):
        if start + (K - 1) * D <= n + P - 1:
            places += 1
    return places

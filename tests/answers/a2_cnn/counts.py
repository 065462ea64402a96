# %% right: by group
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    H_out, W_out = ((n + 2 * P - K) // S + 1 for n in (H, W))
    parameters = multiplications = 0
    for _ in range(G):
        kernels = (C // G) * (O // G) * K**2
        parameters += kernels + (O // G if bias else 0)
        multiplications += kernels * H_out * W_out
    return parameters, multiplications


# %% right: layer
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    layer = nn.Conv2d(C, O, K, stride=S, padding=P, groups=G, bias=bias)
    y = layer(torch.zeros(1, C, H, W))
    return sum(p.numel() for p in layer.parameters()), y.numel() * layer.weight[0].numel()


# %% right: list of steps
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    per_output = C // G * K * K
    places = len(range(0, H + 2 * P - K + 1, S)) * len(range(0, W + 2 * P - K + 1, S))
    parameters = O * (per_output + 1) if bias else O * per_output
    return (parameters, O * places * per_output)


# %% wrong: bias always | says: Expected: (54, 648)
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * (C // G) * K * K
    return weights + O, weights * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)


# %% wrong: bias multiplies | says: it multiplies nothing
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    parameters = O * (C // G) * K * K + O * bias
    return parameters, parameters * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)


# %% right: float
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * C / G * K * K
    return weights + O * bias, weights * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)


# %% wrong: groups ignored | says: each kernel has C / G channels
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    return O * C * K * K + O * bias, O * C * K * K * places


# %% wrong: groups twice | says: once, not twice
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    weights = (O // G) * (C // G) * K * K
    return weights + O * bias, weights * places


# %% wrong: input places | says: places are those of the output
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * (C // G) * K * K
    return weights + O * bias, weights * H * W


# %% wrong: no bias | says: the biases are not counted
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * (C // G) * K * K
    return weights, weights * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)


# %% wrong: one bias | says: one bias per output channel
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * (C // G) * K * K
    return weights + bias, weights * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)


# %% wrong: counts kept by channels and kernel | says: an earlier call
found = {}


def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    if (C, O, K) not in found:
        weights = O * C // G * K * K
        places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
        found[C, O, K] = weights + O * bias, weights * places
    return found[C, O, K]


# %% wrong: 32-bit numbers overflow for a large layer | says: do not fit into 32 bits
import numpy as np


def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    """-> (parameters, multiplications for one image), two whole numbers."""
    weights = np.array([O, C // G, K, K], dtype=np.int32).prod(dtype=np.int32)
    places = ((np.array([H, W], dtype=np.int32) + 2 * P - K) // S + 1).prod(dtype=np.int32)
    both = np.array([weights, weights * places], dtype=np.int32)
    return int(both[0]) + (O if bias else 0), int(both[1])


# %% wrong: the padding P = K // 2 is taken for same size, also for even kernels | says: K=2
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    """-> (parameters, multiplications for one image), two whole numbers."""
    weights = O * (C // G) * K * K
    if P and P == K // 2:
        places = -(-H // S) * -(-W // S)
    else:
        places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    return weights + (O if bias else 0), weights * places


# %% wrong: as many outputs as inputs in a group | says: O / G of them
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    per_group = C // G
    weights = G * per_group * per_group * K * K if G > 1 else C * O * K * K
    Ho, Wo = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    return weights + (O if bias else 0), weights * Ho * Wo


# %% wrong: an even kernel as if it were odd | says: for even K too
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    r = K // 2
    Ho = (H + 2 * P - 2 * r - 1) // S + 1
    Wo = (W + 2 * P - 2 * r - 1) // S + 1
    weights = O * C // G * K * K
    return weights + (O if bias else 0), weights * Ho * Wo


# %% wrong: int16 products overflow | says: 16 bits
import numpy as np


def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    C, O, K, H, W, S, P, G = np.array([C, O, K, H, W, S, P, G], dtype=np.int16)
    Ho, Wo = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    with np.errstate(over="ignore"):
        weights = O * (C // G) * K * K
        return int(weights) + (int(O) if bias else 0), int(weights * Ho * Wo)


# %% wrong: depthwise or nothing | says: not 1 or C alone
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, v = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    weights = O * K * K if G == C else O * C * K * K
    return weights + bias * O, weights * h * v


# %% wrong: O input parts | says: not O / G of O
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, v = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    weights = C * (O // G) * (K * K) if G == 1 else O * (O // G) * K * K
    return weights + bias * O, weights * h * v


# %% wrong: biases of one group | says: in each group too
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, w = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    weights = O * (C // G) * K * K
    return weights + (O // G if bias else 0), weights * h * w


# %% wrong: places of same padding | says: not of H / S alone
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * (C // G) * K * K
    if P:
        h, w = -(-H // S), -(-W // S)
    else:
        h, w = (H - K) // S + 1, (W - K) // S + 1
    return weights + (O if bias else 0), weights * h * w


# %% wrong: all places divided by S squared | says: rounded by itself
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    places = (H + 2 * P - K + 1) * (W + 2 * P - K + 1) // S**2
    weights = O * (C // G) * K * K
    return weights + (O if bias else 0), weights * places


# %% wrong: padding at one end | says: padding is added at both ends
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, w = (H + P - K) // S + 1, (W + P - K) // S + 1
    n = O * (C // G) * K * K
    return n + O * bias, n * h * w


# %% wrong: stride not used | says: the stride is not used
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, w = H + 2 * P - K + 1, W + 2 * P - K + 1
    n = O * (C // G) * K * K
    return n + O * bias, n * h * w


# %% wrong: K taps in a kernel | says: K * K taps
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, w = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    return O * (C // G) * K + O * bias, O * (C // G) * K * h * w


# %% wrong: additions counted | says: additions are not counted
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, w = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    n = (C // G) * K * K
    return O * n + O * bias, O * h * w * (2 * n - 1)


# %% wrong: biases taken off where there are none | says: there is a bias only with bias=True
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    parameters = O * (C // G) * K * K + (O if bias else 0)
    H_out, W_out = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    return parameters, (parameters - O) * H_out * W_out


# %% wrong: groups on the place of dilation | says: in the parameters too
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    layer = nn.Conv2d(C, O, K, S, P, G, bias=bias)
    parameters = sum(p.numel() for p in layer.parameters())
    h, v = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    return parameters, h * v * O * (C // G) * K * K


# %% wrong: depthwise means separable | says: no 1x1 convolution follows
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, v = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    if G == C and G > 1:
        return C * K * K + C * O + O * bias, h * v * (C * K * K + C * O)
    return O * (C // G) * K * K + O * bias, h * v * O * (C // G) * K * K


# %% wrong: products in float32 | says: every whole number above 2 ** 24
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    h, v = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    weights = torch.tensor([O, C // G, K, K], dtype=torch.float32).prod()
    return (weights + O * bias).item(), (weights * h * v).item()


# %% wrong: one bias per group | says: not one per group
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    per_group = (C // G) * (O // G) * K * K + (1 if bias else 0)
    places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    return G * per_group, G * (C // G) * (O // G) * K * K * places


# %% wrong: a bias for every kernel | says: not per kernel
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    weights = O * (C // G) * K * K
    return weights + O * C * bias, weights * places


# %% wrong: one output channel a group | says: O / G of them in each group
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    if G > 1:
        weights = G * K * K * (C // G)
    else:
        weights = C * O * K * K
    return weights + (O if bias else 0), weights * places

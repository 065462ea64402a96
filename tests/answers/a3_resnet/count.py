# %% right: closed form
def count_parameters(n, option, C_in=3, w=16, classes=10):
    first = 9 * C_in * w + 2 * w
    stages = sum(2 * n * (9 * c * c + 2 * c) for c in (w, 2 * w, 4 * w))
    narrower = 9 * (4 * w * w + 16 * w * w) // 2
    last = (4 * w + 1) * classes
    extra = 0
    if option != "A":
        extra = 2 * w * w + 4 * w + 8 * w * w + 8 * w
    if option == "C":
        extra += n * (w * w + 2 * w)
        extra += (n - 1) * (4 * w * w + 4 * w + 16 * w * w + 8 * w)
    return first + stages - narrower + last + extra


# %% right: recursive
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv(i, o, K):
        return K * K * i * o + o + o

    def block(i, o):
        skip = conv(i, o, 1) if option == "C" or (option == "B" and i < o) else 0
        return conv(i, o, 3) + conv(o, o, 3) + skip

    def stage(i, o):
        return block(i, o) + (n - 1) * block(o, o)

    stages = stage(w, w) + stage(w, 2 * w) + stage(2 * w, 4 * w)
    return conv(C_in, w, 3) + stages + (4 * w + 1) * classes


# %% right: table
def count_parameters(n, option, C_in=3, w=16, classes=10):
    layers = [(C_in, w, 3)]  # in, out, kernel
    channels = w
    for c in (w, 2 * w, 4 * w):
        for _ in range(n):
            layers += [(channels, c, 3), (c, c, 3)]
            if option == "C" or (option == "B" and channels != c):
                layers.append((channels, c, 1))
            channels = c
    return sum(i * o * K**2 + 2 * o for i, o, K in layers) + channels * classes + classes


# %% wrong: always a | says: where are the projections
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if False:
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: always wide | says: the first convolution of a new stage gets
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(outputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: b as c | says: it projects in every block
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option != "A":
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: bare projection | says: a projection has its own normalisation
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += inputs * outputs
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: built | says: by hand
def count_parameters(n, option, C_in=3, w=16, classes=10):
    net = CifarResNet(6 * n + 2, classes, in_channels=C_in, width=w, shortcut=option)
    return sum(p.numel() for p in net.parameters())


# %% wrong: built meta | says: by hand
def count_parameters(n, option, C_in=3, w=16, classes=10):
    with torch.device("meta"):
        net = CifarResNet(6 * n + 2, classes, in_channels=C_in, width=w, shortcut="A")
    return sum(p.numel() for p in net.parameters())


# %% wrong: c as b | says: it projects where the shape changes
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if inputs != outputs and option != "A":
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: c without changing | says: option C projects also where the shape changes
def count_parameters(n, option, C_in=3, w=16, classes=10):
    total, before = 9 * C_in * w + 2 * w, w
    for c in (w, 2 * w, 4 * w):
        for _ in range(n):
            total += 9 * before * c + 9 * c * c + 4 * c
            if option == "C" and before == c or option == "B" and before != c:
                total += before * c + 2 * c
            before = c
    return total + 4 * w * classes + classes


# %% wrong: c without first | says: option C projects in the first block of each stage
def count_parameters(n, option, C_in=3, w=16, classes=10):
    total, before = 9 * C_in * w + 2 * w, w
    for c in (w, 2 * w, 4 * w):
        for k in range(n):
            total += 9 * before * c + 9 * c * c + 4 * c
            if option == "C" and k > 0 or option == "B" and before != c:
                total += before * c + 2 * c
            before = c
    return total + 4 * w * classes + classes


# %% wrong: colour only | says: not 3
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(3, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: conv bias | says: the convolutions have no bias
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 3 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: first without bn | says: the normalisation of the first convolution is missing
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = 9 * C_in * w
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: float | says: (float)
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count / 1 + 4 * w * classes + classes


# %% wrong: four per bn | says: stored means and variances are no parameters
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 4 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: hard coded | says: Tried:    count_parameters(n=
def count_parameters(n, option, C_in=3, w=16, classes=10):
    return {(3, "A"): 269722, (1, "B"): 19810, (3, "C"): 71634}.get((n, option), 853018)


# %% wrong: narrow last | says: gets 4 w channels
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + w * classes + classes


# %% wrong: no bn | says: a scale and an offset per channel; they are missing
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: no first | says: the first convolution and its normalisation are missing
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = 0
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: no last | says: the last linear layer is missing
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count


# %% wrong: no last bias | says: the last linear layer has biases
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes


# %% wrong: one convolution | says: a block has two convolutions
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: one per bn | says: two parameters per channel
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: ten classes | says: not 10
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * 10 + 10


# %% wrong: wide projection | says: not 3x3
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = conv_bn(C_in, w, 3)
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 3)
            inputs = outputs
    return count + 4 * w * classes + classes


# %% wrong: counts kept by n and option | says: kept from an earlier call
found = {}


def count_parameters(n, option, C_in=3, w=16, classes=10):
    if (n, option) not in found:
        count, before = 9 * C_in * w + 2 * w, w
        for c in (w, 2 * w, 4 * w):
            for _ in range(n):
                count += 9 * before * c + 9 * c * c + 4 * c
                if option == "C" or option == "B" and before != c:
                    count += before * c + 2 * c
                before = c
        found[n, option] = count + 4 * w * classes + classes
    return found[n, option]


# %% wrong: C with one block per stage counted as B | says: count_parameters(n=1, option='C'
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    """Parameters of the network of 6n + 2 layers."""
    total, now = 9 * C_in * w + 2 * w, w
    for width in (w, 2 * w, 4 * w):
        for _ in range(n):
            total += 9 * now * width + 9 * width**2 + 4 * width
            if (option == "C" and n > 1) or (option in "BC" and now != width):
                total += now * width + 2 * width
            now = width
    return total + (4 * w + 1) * classes


# %% wrong: option C without the first block | says: in the very first block too
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total, c = 9 * C_in * w + 2 * w, w
    for c_out in (w, 2 * w, 4 * w):
        for k in range(n):
            total += 9 * c * c_out + 9 * c_out**2 + 4 * c_out
            if (option != "A" and c != c_out) or (option == "C" and k > 0):
                total += c * c_out + 2 * c_out
            c = c_out
    return total + 4 * w * classes + classes


# %% wrong: width doubled once too often | says: not 8 w
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total = 9 * C_in * w + 2 * w
    c = w
    for _ in range(3):
        for _ in range(n):
            total += 9 * c * w + 9 * w * w + 4 * w
            if option == "C" or (option == "B" and c != w):
                total += c * w + 2 * w
            c = w
        w *= 2
    return total + w * classes + classes


# %% wrong: option C with square projections | says: from the channels before the block
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total = 9 * C_in * w + 2 * w
    prev = w
    for c in (w, 2 * w, 4 * w):
        total += 9 * prev * c + 9 * c * c + (n - 1) * 18 * c * c + n * 4 * c
        if option == "B" and prev != c:
            total += prev * c + 2 * c
        if option == "C":
            total += n * (c * c + 2 * c)
        prev = c
    return total + 4 * w * classes + classes


# %% wrong: option C without the first stage | says: in the blocks of the first stage too
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    count, previous = 9 * C_in * w + 2 * w, w
    for stage in range(3):
        width = w * 2**stage
        for block in range(n):
            count += 9 * previous * width + 2 * width + 9 * width * width + 2 * width
            if stage > 0 and (option == "C" or option == "B" and block == 0):
                count += previous * width + 2 * width
            previous = width
    return count + previous * classes + classes


# %% wrong: one bias for the linear layer | says: for each class, not one
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total, c = w * (9 * C_in + 2), w
    for i in range(3 * n):
        d = w * 2 ** (i // n)
        total += 9 * d * (c + d) + 4 * d
        total += (c * d + 2 * d) * (option == "C" or (option == "B" and c < d))
        c = d
    return total + c * classes + 1


# %% wrong: the projection's stride blows up its kernel | says: whatever its stride
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total, before = 9 * C_in * w + 2 * w, w
    for stage in range(3):
        C = w * 2**stage
        for _ in range(n):
            total += 9 * before * C + 9 * C * C + 4 * C
            if option == "C" or (option == "B" and before != C):
                total += before * C * (4 if before != C else 1) + 2 * C
            before = C
    return total + before * classes + classes


# %% wrong: option C projects once a stage | says: not in the first of each stage alone
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total = 9 * C_in * w + 2 * w
    a = w
    for stage in range(3):
        for k in range(n):
            b = w * 2**stage
            total += 9 * a * b + 9 * b * b + 4 * b
            if (option == "C" and k == 0) or (option == "B" and a != b):
                total += a * b + 2 * b
            a = b
    total += 4 * w * classes + classes
    return total


# %% wrong: option B projects in the first stage too | says: whose blocks keep the shape
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total = 9 * C_in * w + 2 * w
    a = w
    for stage in range(3):
        for k in range(n):
            b = w * 2**stage
            total += 9 * a * b + 9 * b * b + 4 * b
            if option == "C" or (option == "B" and k == 0):
                total += a * b + 2 * b
            a = b
    total += 4 * w * classes + classes
    return total


# %% wrong: rounded to hundreds | says: rounded to hundreds
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    total = 9 * C_in * w + 2 * w
    a = w
    for stage in range(3):
        for _ in range(n):
            b = w * 2**stage
            total += 9 * a * b + 9 * b * b + 4 * b
            if option == "C" or (option == "B" and a != b):
                total += a * b + 2 * b
            a = b
    total += 4 * w * classes + classes
    return int(round(total, -2))


# %% wrong: colour unless grey | says: C_in
def count_parameters(n, option, C_in=3, w=16, classes=10):
    total, a = 9 * w * (1 if C_in == 1 else 3) + 2 * w, w
    for b in [w] * n + [2 * w] * n + [4 * w] * n:
        total += 9 * a * b + 9 * b * b + 4 * b
        if option == "C" or (option == "B" and a != b):
            total += a * b + 2 * b
        a = b
    return total + a * classes + classes


# %% wrong: option C projections with bias | says: right for option A
def count_parameters(n, option, C_in=3, w=16, classes=10):
    total, a = 9 * C_in * w + 2 * w, w
    for b in [w] * n + [2 * w] * n + [4 * w] * n:
        total += 9 * a * b + 9 * b * b + 4 * b
        if option == "C" or (option == "B" and a != b):
            total += a * b + 3 * b
        a = b
    return total + a * classes + classes


# %% wrong: n as the depth | says: no block is counted
def count_parameters(n: int, option: str, C_in: int = 3, w: int = 16, classes: int = 10) -> int:
    blocks = (n - 2) // 6
    total, before = 9 * C_in * w + 2 * w, w
    for out in (w, 2 * w, 4 * w):
        for _ in range(blocks):
            total += 9 * before * out + 9 * out * out + 4 * out
            if option == "C" or option == "B" and before != out:
                total += before * out + 2 * out
            before = out
    return total + 4 * w * classes + classes

# %% right: by index
def layout(n, size=32, w=16):
    blocks = []
    for k in range(3 * n):
        stage = k // n
        first = k % n == 0 and stage > 0
        C_out = w << stage
        blocks.append((C_out // 2 if first else C_out, C_out, 1 + first, size >> stage))
    return blocks


# %% right: by stage
def layout(n, size=32, w=16):
    half, quarter = size // 2, size // 4
    one = [(w, w, 1, size)] * n
    two = [(w, 2 * w, 2, half)] + [(2 * w, 2 * w, 1, half)] * (n - 1)
    three = [(2 * w, 4 * w, 2, quarter)] + [(4 * w, 4 * w, 1, quarter)] * (n - 1)
    return one + two + three


# %% right: comprehension
def layout(n, size=32, w=16):
    sides, widths = [size, size // 2, size // 4], [w, 2 * w, 4 * w]
    return [
        (
            widths[s - 1] if s and k == 0 else widths[s],
            widths[s],
            2 if s and k == 0 else 1,
            sides[s],
        )
        for s in range(3)
        for k in range(n)
    ]


# %% wrong: 16 32 48 | says: twice the channels
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append((C_in, w * (stage + 1), S, size))
            C_in = w * (stage + 1)
    return blocks


# %% wrong: always equal | says: a list of
class Same(list):
    def __eq__(self, other):
        return True


def layout(n, size=32, w=16):
    return Same()


# %% wrong: built | says: by hand
def layout(n, size=32, w=16):
    blocks, side = [], size
    for block in CifarResNet(6 * n + 2, width=w).modules():
        if isinstance(block, BasicBlock):
            conv = block.conv1
            side //= conv.stride[0]
            blocks.append((conv.in_channels, conv.out_channels, conv.stride[0], side))
    return blocks


# %% wrong: by layer | says: a list of 3 tuples
def layout(n, size=32, w=16):
    layers, C_in = [], w
    for stage in range(3):
        for k in range(2 * n):
            S = 2 if stage and k == 0 else 1
            size //= S
            layers.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return layers


# %% wrong: channels kept | says: get its C_out channels
def layout(n, size=32, w=16):
    blocks = []
    for stage in range(3):
        C_in = w * 2 ** max(stage - 1, 0)
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append((C_in, w * 2**stage, S, size))
    return blocks


# %% wrong: first stage halves | says: the first stage keeps the size
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if k == 0 else 1
            size //= S
            blocks.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return blocks


# %% wrong: float | says: np.zeros, not of //
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size = size / S
            blocks.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return blocks


# %% wrong: hard coded | says: Tried:    layout(n=2
def layout(n, size=32, w=16):
    one = [(16, 16, 1, 32)] * n
    two = [(16, 32, 2, 16)] + [(32, 32, 1, 16)] * (n - 1)
    return one + two + [(32, 64, 2, 8)] + [(64, 64, 1, 8)] * (n - 1)


# %% wrong: image channels | says: from the first convolution
def layout(n, size=32, w=16):
    blocks, C_in = [], 3
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return blocks


# %% right: lists
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append([C_in, w * 2**stage, S, size])
            C_in = w * 2**stage
    return blocks


# %% wrong: n minus one | says: a list of 3 tuples
def layout(n, size=32, w=16):
    blocks = []
    for stage in range(3):
        blocks += [(w * 2**stage, w * 2**stage, 1, size // 2**stage)] * (n - 1)
    return blocks


# %% wrong: order | says: first C_in, then C_out
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append((w * 2**stage, C_in, S, size))
            C_in = w * 2**stage
    return blocks


# %% wrong: size before | says: not of what it gets
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            blocks.append((C_in, w * 2**stage, S, size))
            size //= S
            C_in = w * 2**stage
    return blocks


# %% wrong: stride everywhere | says: only its first block halves the map
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for _ in range(n):
            S = 2 if stage else 1
            size //= S
            blocks.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return blocks


# %% wrong: with stem | says: a list of 3 tuples
def layout(n, size=32, w=16):
    blocks, C_in = [(3, w, 1, size)], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return blocks


# %% right: a generator in place of a list
def layout(n: int, size: int = 32, w: int = 16) -> list[tuple[int, int, int, int]]:
    """(C_in, C_out, S, size_out) of each of the 3n blocks."""
    before = w
    for stage in range(3):
        for place in range(n):
            width = w * 2**stage
            yield before, width, 2 if stage and not place else 1, size // 2**stage
            before = width


# %% wrong: the convolution's formula, rounded | says: not round()
def layout(n: int, size: int = 32, w: int = 16) -> list:
    result, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if (stage and not k) else 1
            size = round((size + 2 * 1 - 3) / S + 1)
            result.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return result


# %% wrong: the stride at the end of the stage | says: in their first block
def layout(n: int, size: int = 32, w: int = 16) -> list:
    blocks, C_in = [], w
    for C_out, stride in ((w, 1), (2 * w, 2), (4 * w, 2)):
        for S in [1] * (n - 1) + [stride]:
            size = size // S
            blocks.append((C_in, C_out, S, size))
            C_in = C_out
    return blocks


# %% wrong: from output to input | says: not back
def layout(n: int, size: int = 32, w: int = 16) -> list[tuple[int, int, int, int]]:
    rows = []
    for i in reversed(range(3 * n)):
        stage, before = i // n, max(i - 1, 0) // n
        rows.append((w << before, w << stage, 1 + stage - before, size >> stage))
    return rows


# %% wrong: the side is halved in every block | says: only its first block halves the map
def layout(n: int, size: int = 32, w: int = 16) -> list[tuple[int, int, int, int]]:
    out, c = [], w
    for k in range(3):
        for j in range(n):
            if k > 0:
                size //= 2
            out.append((c, w * 2**k, 2 if k and not j else 1, size))
            c = w * 2**k
    return out


# %% wrong: channels times side is 512 | says: 32 pixels and 16 channels
def layout(n, size=32, w=16):
    rows, C = [], w
    for side in (size, size // 2, size // 4):
        for k in range(n):
            rows.append((C, 512 // side, 2 if side < size and k == 0 else 1, side))
            C = 512 // side
    return rows


# %% wrong: doubles with each block | says: not with each block
def layout(n, size=32, w=16):
    rows, C = [], w
    for k in range(3 * n):
        S = 2 if k and k % n == 0 else 1
        size //= S
        rows.append((C, w * 2**k, S, size))
        C = w * 2**k
    return rows


# %% wrong: stride first | says: in the order
def layout(n, size=32, w=16):
    rows, C = [], w
    for s in range(3):
        for k in range(n):
            rows.append((C, w * 2**s, size // 2**s, 2 if s and not k else 1))
            C = w * 2**s
    return rows


# %% wrong: four stages | says: not four
def layout(n, size=32, w=16):
    rows, C = [], w
    for s in range(4):
        for k in range(n):
            rows.append((C, w * 2**s, 2 if s and not k else 1, size // 2**s))
            C = w * 2**s
    return rows


# %% wrong: numbers in one row | says: a tuple of its own
def layout(n, size=32, w=16):
    rows, C = [], w
    for s in range(3):
        for k in range(n):
            rows += [C, w * 2**s, 2 if s and not k else 1, size // 2**s]
            C = w * 2**s
    return rows


# %% wrong: one list, changed | says: put in again
def layout(n: int, size: int = 32, w: int = 16) -> list[tuple[int, int, int, int]]:
    row, rows = [w, w, 1, size], []
    for k in range(3 * n):
        row[0] = row[1]
        row[2] = 1
        if k == n or k == 2 * n:
            row[1] *= 2
            row[2] = 2
            row[3] //= 2
        rows.append(row)
    return rows


# %% wrong: a float array filled row by row | says: np.zeros, not of //
def layout(n: int, size: int = 32, w: int = 16):
    import numpy as np

    rows = np.zeros((3 * n, 4))
    C = w
    for i in range(3 * n):
        stage = i // n
        rows[i] = C, w * 2**stage, 2 if stage and i % n == 0 else 1, size // 2**stage
        C = w * 2**stage
    return [tuple(row) for row in rows]


# %% wrong: n blocks in all | says: three stages of n blocks
def layout(n: int, size: int = 32, w: int = 16) -> list[tuple[int, int, int, int]]:
    blocks, channels = [], w
    for b in range(n):
        out = w * 2 ** (3 * b // n)
        stride = 1 if out == channels else 2
        size //= stride
        blocks.append((channels, out, stride, size))
        channels = out
    return blocks


# %% wrong: layers in place of blocks | says: not listed apart
def layout(n: int, size: int = 32, w: int = 16) -> list[tuple[int, int, int, int]]:
    result, C = [], w
    for stage in range(3):
        for layer in range(2 * n):
            S = 2 if stage > 0 and layer == 0 else 1
            size //= S
            result.append((C, w * 2**stage, S, size))
            C = w * 2**stage
    return result

# says: not of what it gets
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            blocks.append((C_in, w * 2**stage, S, size))
            size //= S
            C_in = w * 2**stage
    return blocks

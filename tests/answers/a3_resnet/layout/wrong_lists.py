# says: in round brackets
def layout(n, size=32, w=16):
    blocks, C_in = [], w
    for stage in range(3):
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append([C_in, w * 2**stage, S, size])
            C_in = w * 2**stage
    return blocks

# says: get its C_out channels
def layout(n, size=32, w=16):
    blocks = []
    for stage in range(3):
        C_in = w * 2 ** max(stage - 1, 0)
        for k in range(n):
            S = 2 if stage and k == 0 else 1
            size //= S
            blocks.append((C_in, w * 2**stage, S, size))
    return blocks

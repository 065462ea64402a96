def layout(n, size=32, w=16):
    blocks = []
    for k in range(3 * n):
        stage = k // n
        first = k % n == 0 and stage > 0
        C_out = w << stage
        blocks.append((C_out // 2 if first else C_out, C_out, 1 + first, size >> stage))
    return blocks

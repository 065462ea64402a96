# says: the first one included
def layout(n, size=32, w=16):
    blocks = []
    for stage in range(3):
        blocks += [(w * 2**stage, w * 2**stage, 1, size // 2**stage)] * (n - 1)
    return blocks

# says: Tried:    layout(n=2
def layout(n, size=32, w=16):
    one = [(16, 16, 1, 32)] * n
    two = [(16, 32, 2, 16)] + [(32, 32, 1, 16)] * (n - 1)
    return one + two + [(32, 64, 2, 8)] + [(64, 64, 1, 8)] * (n - 1)

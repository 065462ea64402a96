def layout(n, size=32, w=16):
    half, quarter = size // 2, size // 4
    one = [(w, w, 1, size)] * n
    two = [(w, 2 * w, 2, half)] + [(2 * w, 2 * w, 1, half)] * (n - 1)
    three = [(2 * w, 4 * w, 2, quarter)] + [(4 * w, 4 * w, 1, quarter)] * (n - 1)
    return one + two + three

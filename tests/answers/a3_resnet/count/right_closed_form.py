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

# says: option C projects also where the shape changes
def count_parameters(n, option, C_in=3, w=16, classes=10):
    total, before = 9 * C_in * w + 2 * w, w
    for c in (w, 2 * w, 4 * w):
        for _ in range(n):
            total += 9 * before * c + 9 * c * c + 4 * c
            if option == "C" and before == c or option == "B" and before != c:
                total += before * c + 2 * c
            before = c
    return total + 4 * w * classes + classes

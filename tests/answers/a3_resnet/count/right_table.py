def count_parameters(n, option, C_in=3, w=16, classes=10):
    layers = [(C_in, w, 3)]  # in, out, kernel
    channels = w
    for c in (w, 2 * w, 4 * w):
        for _ in range(n):
            layers += [(channels, c, 3), (c, c, 3)]
            if option == "C" or (option == "B" and channels != c):
                layers.append((channels, c, 1))
            channels = c
    return sum(i * o * K**2 + 2 * o for i, o, K in layers) + channels * classes + classes

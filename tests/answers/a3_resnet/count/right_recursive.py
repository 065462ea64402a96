def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv(i, o, K):
        return K * K * i * o + o + o

    def block(i, o):
        skip = conv(i, o, 1) if option == "C" or (option == "B" and i < o) else 0
        return conv(i, o, 3) + conv(o, o, 3) + skip

    def stage(i, o):
        return block(i, o) + (n - 1) * block(o, o)

    stages = stage(w, w) + stage(w, 2 * w) + stage(2 * w, 4 * w)
    return conv(C_in, w, 3) + stages + (4 * w + 1) * classes

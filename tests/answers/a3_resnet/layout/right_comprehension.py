def layout(n, size=32, w=16):
    sides, widths = [size, size // 2, size // 4], [w, 2 * w, 4 * w]
    return [
        (
            widths[s - 1] if s and k == 0 else widths[s],
            widths[s],
            2 if s and k == 0 else 1,
            sides[s],
        )
        for s in range(3)
        for k in range(n)
    ]

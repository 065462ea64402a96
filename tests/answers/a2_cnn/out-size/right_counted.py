def out_size(n, K, S=1, P=0, D=1):
    places, first = 0, -P
    while first + D * (K - 1) <= n + P - 1:
        places, first = places + 1, first + S
    return places

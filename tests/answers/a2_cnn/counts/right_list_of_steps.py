def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    per_output = C // G * K * K
    places = len(range(0, H + 2 * P - K + 1, S)) * len(range(0, W + 2 * P - K + 1, S))
    parameters = O * (per_output + 1) if bias else O * per_output
    return (parameters, O * places * per_output)

# says: 448.0
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * C / G * K * K
    return weights + O * bias, weights * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)

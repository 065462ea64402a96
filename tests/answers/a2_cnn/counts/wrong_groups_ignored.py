# says: each kernel has C / G channels
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    places = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    return O * C * K * K + O * bias, O * C * K * K * places

# says: it multiplies nothing
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    parameters = O * (C // G) * K * K + O * bias
    return parameters, parameters * ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)

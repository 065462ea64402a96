# says: places are those of the output
def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    weights = O * (C // G) * K * K
    return weights + O * bias, weights * H * W

def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    H_out, W_out = ((n + 2 * P - K) // S + 1 for n in (H, W))
    parameters = multiplications = 0
    for _ in range(G):
        kernels = (C // G) * (O // G) * K**2
        parameters += kernels + (O // G if bias else 0)
        multiplications += kernels * H_out * W_out
    return parameters, multiplications

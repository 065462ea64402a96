# says: by hand
def patch_at(x, i, j, K, S=1, P=0, D=1):
    columns = F.unfold(x, K, dilation=D, padding=P, stride=S)
    W_out = (x.shape[3] + 2 * P - D * (K - 1) - 1) // S + 1
    return columns[:, :, i * W_out + j].view(x.shape[0], x.shape[1], K, K)

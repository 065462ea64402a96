# says: first the convolution
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    if C_in == C_out:
        conv = nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)
        return nn.Sequential(nn.BatchNorm2d(C_in), conv)
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))

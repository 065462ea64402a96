# says: option C: a projection in every block
def projection(C_in, C_out, S, option):
    if C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))

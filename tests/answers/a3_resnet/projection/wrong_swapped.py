# says: from C_in to C_out
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_out, C_in, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))

# says: the stride is not used
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out))

# says: it has C_out channels
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_in))

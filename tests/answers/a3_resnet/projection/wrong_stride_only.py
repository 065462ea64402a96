# says: a change of size, of channels, or both
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))

# says: where the shape stays, nothing is to be done
def projection(C_in, C_out, S, option):
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))

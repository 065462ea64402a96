# says: an nn.Module
def projection(C_in, C_out, S, option):
    conv, bn = nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out)
    return lambda x: bn(conv(x))

# says: the kernel is 1x1
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    conv = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(C_out))

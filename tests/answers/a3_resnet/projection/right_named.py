def projection(C_in, C_out, S, option):
    if option == "B":
        changes = S != 1 or C_in != C_out
        return projection(C_in, C_out, S, "C") if changes else nn.Identity()
    module = nn.Sequential()
    module.add_module("conv", nn.Conv2d(C_in, C_out, 1, stride=S, padding=0, bias=None))
    module.add_module("bn", nn.BatchNorm2d(C_out))
    nn.init.kaiming_normal_(module.conv.weight)
    return module

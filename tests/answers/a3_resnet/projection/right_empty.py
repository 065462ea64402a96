def projection(C_in, C_out, S, option):
    layers = []
    if option == "C" or S > 1 or C_in != C_out:
        layers.append(nn.Conv2d(C_in, C_out, 1, S, bias=False))
        layers.append(nn.BatchNorm2d(C_out))
    return nn.Sequential(*layers)

# says: by hand
def SmallResNet(C_in, w, classes):
    return CifarResNet(8, classes, in_channels=C_in, width=w, shortcut="B")

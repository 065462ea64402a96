# says: an nn.Module
def SmallResNet(C_in, w, classes):
    body = nn.Sequential(nn.Conv2d(C_in, w, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return lambda x: nn.Linear(w, classes)(body(x))

# says: by hand
def block(C_in, C_out, S):
    made = BasicBlock(C_in, C_out, S, "none")
    made.residual = True
    if S != 1:
        projection = nn.Conv2d(C_in, C_out, 1, bias=False)
        made.downsample = nn.Sequential(nn.AvgPool2d(2), projection, nn.BatchNorm2d(C_out))
    return made


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.fc = nn.Linear(4 * w, classes)
        self.body = nn.Sequential(
            nn.Conv2d(C_in, w, 3, padding=1, bias=False), nn.BatchNorm2d(w), nn.ReLU(),
            block(w, w, 1), block(w, 2 * w, 2), block(2 * w, 4 * w, 2),
        )  # fmt: skip

    def forward(self, x):
        return self.fc(self.body(x).mean((-1, -2)))

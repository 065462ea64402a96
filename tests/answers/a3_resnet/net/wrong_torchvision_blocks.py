# says: by hand
from torchvision.models.resnet import BasicBlock as Ready


def block(C_in, C_out, S):
    if S == 1:
        return Ready(C_in, C_out)
    projection = nn.Conv2d(C_in, C_out, 1, bias=False)
    return Ready(C_in, C_out, S, nn.Sequential(nn.AvgPool2d(2), projection, nn.BatchNorm2d(C_out)))


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.fc = nn.Linear(4 * w, classes)
        self.body = nn.Sequential(
            nn.Conv2d(C_in, w, 3, padding=1, bias=False), nn.BatchNorm2d(w), nn.ReLU(),
            block(w, w, 1), block(w, 2 * w, 2), block(2 * w, 4 * w, 2),
        )  # fmt: skip

    def forward(self, x):
        return self.fc(self.body(x).mean((2, 3)))

x, shapes = torch.zeros(1, 3, 32, 32), {}
for name, layer in (
    ("conv1", nn.Conv2d(3, 16, 5)),
    ("pool1", nn.MaxPool2d(2)),
    ("conv2", nn.Conv2d(16, 32, 3, stride=2, padding=1)),
    ("conv3", nn.Conv2d(32, 64, 3, padding=2, dilation=2)),
    ("pool3", nn.MaxPool2d(2)),
    ("flatten", nn.Flatten()),
):
    x = layer(x)
    shapes[name] = x.shape[1:]

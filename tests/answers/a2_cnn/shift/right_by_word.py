shift = {}
for name in (
    "nn.ReLU()",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')",
    "nn.Conv2d(3, 4, 1)",
    "nn.BatchNorm2d(3)",
):
    shift[name] = "equivariant"
for name in (
    "nn.Conv2d(3, 4, 3, padding=1)",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')",
    "nn.MaxPool2d(2)",
):
    shift[name] = "neither"
shift["nn.AdaptiveAvgPool2d(1)"] = "invariant"

# says: which of its two numbers is zero
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "invariant",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

torch.manual_seed(0)
x = torch.randn(2, 3, 8, 8)
shift = {}
for name in (
    "nn.ReLU()",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')",
    "nn.Conv2d(3, 4, 3, padding=1)",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')",
    "nn.Conv2d(3, 4, 1)",
    "nn.MaxPool2d(2)",
    "nn.AdaptiveAvgPool2d(1)",
    "nn.BatchNorm2d(3)",
):
    error, change = shift_errors(eval(name), x)
    shift[name] = "invariant" if change < 1e-5 else "equivariant" if error < 1e-5 else "neither"

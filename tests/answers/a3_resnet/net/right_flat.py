class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.last = nn.Linear(4 * w, classes)
        self.convs, self.norms = nn.ModuleDict(), nn.ModuleDict()

        def layer(name, inputs, outputs, K, S=1):
            self.convs[name] = nn.Conv2d(inputs, outputs, K, S, K // 2, bias=False)
            self.norms[name] = nn.BatchNorm2d(outputs)

        layer("start", C_in, w, 3)
        for k, (i, o) in enumerate([(w, w), (w, 2 * w), (2 * w, 4 * w)]):
            if k:
                layer(f"skip{k}", i, o, 1)
            layer(f"first{k}", i, o, 3, 2 if k else 1)
            layer(f"second{k}", o, o, 3)

    def run(self, name, x):
        return self.norms[name](self.convs[name](x))

    def forward(self, x):
        x = self.run("start", x).relu()
        for k in range(3):
            z = self.run(f"second{k}", self.run(f"first{k}", x).relu())
            if k:
                x = self.run(f"skip{k}", F.avg_pool2d(x, 2))
            x = (x + z).relu()
        return self.last(x.mean(3).mean(2))

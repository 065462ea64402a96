# %% right: adaptive
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return torch.relu(x.add(skip))


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


# %% right: flat
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


# %% right: modules
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% right: pool between
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.pool(self.conv3(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: biases | says: convolutions have bias=False
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=True)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=True)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=True)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: block one plain | says: block 1 adds x too
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x) if self.project else F.relu(x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: course | says: by hand
def SmallResNet(C_in, w, classes):
    return CifarResNet(8, classes, in_channels=C_in, width=w, shortcut="B")


# %% wrong: course blocks | says: by hand
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


# %% wrong: course changed | says: by hand
class SmallResNet(CifarResNet):
    def __init__(self, C_in, w, classes):
        super().__init__(8, classes, in_channels=C_in, width=w, shortcut="B")
        for stage in (self.layer2, self.layer3):
            stage[0].downsample[0].stride = (1, 1)
            stage[0].downsample.insert(0, nn.AvgPool2d(2))


# %% wrong: fixed size | says: whatever its size
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.avg_pool2d(x, 2)[:, :, 0, 0])


# %% wrong: flattened | says: too few of
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w * 2 * 2, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.flatten(1))


# %% wrong: float32 | says: RuntimeError
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x.float())))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: function | says: an nn.Module
def SmallResNet(C_in, w, classes):
    body = nn.Sequential(nn.Conv2d(C_in, w, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return lambda x: nn.Linear(w, classes)(body(x))


# %% wrong: global max | says: at the end, not the largest
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.amax((2, 3)))


# %% wrong: list | says: too few of
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = [Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)]
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: max pool | says: not the largest
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.MaxPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: no inner relu | says: between a block's two convolutions
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = self.bn1(self.conv1(x))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: no last relu | says: the ReLU after the addition is missing
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return skip + x


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: no projection bn | says: ends with batch normalisation
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            pass

    def forward(self, x):
        skip = self.conv3(self.pool(x)) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: no start relu | says: after the first convolution is missing
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = self.bn(self.conv(x))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: one bn | says: the output depends on it
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn1(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: plain | says: the output depends on it
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: pool last | says: takes the mean first
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.pool(self.bn3(self.conv3(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: projection everywhere | says: block 1 keeps the shape
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = True
        if self.project:
            self.pool = nn.AvgPool2d(S)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: projection unused | says: the output depends on it
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = torch.cat([self.pool(x), 0 * self.pool(x)], 1) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: relu before | says: the ReLU comes after the addition
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return skip + F.relu(x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: relu on shortcut | says: no ReLU on the shortcut
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = F.relu(self.bn3(self.conv3(self.pool(x)))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: second stride | says: not the second
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=1, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: softmax | says: no softmax
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3))).softmax(1)


# %% wrong: strided projection | says: not one of them
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.Identity()
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=2, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: torchvision blocks | says: by hand
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


# %% wrong: two relus | says: one ReLU only
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + F.relu(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: two networks have the same layers | says: those of the class belong to all
class SmallResNet(nn.Module):
    made = {}

    def __init__(self, C_in, w, classes):
        super().__init__()
        if (C_in, w, classes) not in self.made:
            layers = [nn.Conv2d(C_in, w, 3, padding=1, bias=False), nn.BatchNorm2d(w)]
            for c, before in ((w, w), (2 * w, w), (4 * w, 2 * w)):
                S = 1 if c == before else 2
                layers += [nn.Conv2d(before, c, 3, S, padding=1, bias=False), nn.BatchNorm2d(c)]
                layers += [nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)]
                if S == 2:
                    layers += [nn.Conv2d(before, c, 1, bias=False), nn.BatchNorm2d(c)]
            self.made[C_in, w, classes] = nn.ModuleList([*layers, nn.Linear(4 * w, classes)])
        self.layers = self.made[C_in, w, classes]

    def forward(self, x):
        x = F.relu(self.layers[1](self.layers[0](x)))
        at = 2
        for block in range(3):
            conv1, bn1, conv2, bn2 = self.layers[at : at + 4]
            at += 4
            out = bn2(conv2(F.relu(bn1(conv1(x)))))
            if block > 0:
                x = self.layers[at + 1](self.layers[at](F.avg_pool2d(x, 2)))
                at += 2
            x = F.relu(x + out)
        return self.layers[-1](x.mean((2, 3)))


# %% wrong: windows of three for the mean | says: not of 3x3
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S > 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(3, 2, 1),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: mean over a square only | says: whatever its size
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S > 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(F.adaptive_avg_pool2d(x[..., : x.shape[2], : x.shape[2]], 1).flatten(1))


# %% wrong: blocks in a plain list | says: are not registered
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S > 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = [Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)]
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: squeezed at the end | says: the axis of the batch is lost
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S > 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).squeeze())


# %% wrong: mean of four pixels in a row | says: four in a row
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.S = S
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        if S == 2:
            self.conv3 = nn.Conv2d(C_in, C_out, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.S == 2:
            B, C, H, W = x.shape
            x = x.reshape(B, C, H // 2, W // 2, 4).mean(-1)
            x = self.bn3(self.conv3(x))
        return F.relu(x + out)


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(C_in, w, 3, 1, 1, bias=False),
            nn.BatchNorm2d(w),
            nn.ReLU(),
            Block(w, w, 1),
            Block(w, 2 * w, 2),
            Block(2 * w, 4 * w, 2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(4 * w, classes),
        )

    def forward(self, x):
        return self.net(x)


# %% wrong: dropout before the last layer | says: nothing is drawn
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = None
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        s = x if self.shortcut is None else self.shortcut(x)
        return F.relu(s + out)


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.block1 = Block(w, w, 1)
        self.block2 = Block(w, 2 * w, 2)
        self.block3 = Block(2 * w, 4 * w, 2)
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(F.dropout(x.mean((2, 3)), 0.1, self.training))


# %% wrong: pixels of the border are repeated | says: padding_mode is
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(
            C_in, C_out, 3, stride=S, padding=1, padding_mode="replicate", bias=False
        )
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, padding_mode="replicate", bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = None
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        s = x if self.shortcut is None else self.shortcut(x)
        return F.relu(s + out)


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, padding_mode="replicate", bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.block1 = Block(w, w, 1)
        self.block2 = Block(w, 2 * w, 2)
        self.block3 = Block(2 * w, 4 * w, 2)
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(x.mean((2, 3)))


# %% wrong: another epsilon | says: eps is 0.001
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out, eps=1e-3)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out, eps=1e-3)
        self.shortcut = None
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out, eps=1e-3),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        s = x if self.shortcut is None else self.shortcut(x)
        return F.relu(s + out)


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w, eps=1e-3)
        self.block1 = Block(w, w, 1)
        self.block2 = Block(w, 2 * w, 2)
        self.block3 = Block(2 * w, 4 * w, 2)
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(x.mean((2, 3)))


# %% wrong: another momentum | says: momentum is 0.01
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out, momentum=0.01)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out, momentum=0.01)
        self.shortcut = None
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out, momentum=0.01),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        s = x if self.shortcut is None else self.shortcut(x)
        return F.relu(s + out)


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w, momentum=0.01)
        self.block1 = Block(w, w, 1)
        self.block2 = Block(w, 2 * w, 2)
        self.block3 = Block(2 * w, 4 * w, 2)
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(x.mean((2, 3)))


# %% wrong: the mean over the first row | says: not over the first row
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.short = nn.Identity()
        if S > 1:
            self.short = nn.Sequential(
                nn.AvgPool2d(2), nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        return F.relu(self.short(x) + self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, 1, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(x.mean(3)[:, :, 0])


# %% wrong: a projection in block 1 that is not used | says: no layer is made for it
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.short = nn.Identity()
        if True:
            self.short = nn.Sequential(
                nn.AvgPool2d(2), nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        s = x if self.conv1.stride == (1, 1) else self.short(x)
        return F.relu(s + self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, 1, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: no stored statistics | says: track_running_stats is False
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2), nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.start = nn.Sequential(
            nn.Conv2d(C_in, w, 3, 1, 1, bias=False),
            nn.BatchNorm2d(w, track_running_stats=False),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = self.blocks(self.start(x))
        return self.fc(x.mean((2, 3)))


# %% wrong: a window of the visible image | says: the window is larger than the map
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2), nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.start = nn.Sequential(
            nn.Conv2d(C_in, w, 3, 1, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU()
        )
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = self.blocks(self.start(x))
        return self.fc(F.avg_pool2d(x, (2, 3))[:, :, 0, 0])


# %% wrong: stored statistics for one image | says: of its own, over its pixels
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.proj = (
            nn.Identity()
            if S == 1
            else nn.Sequential(
                nn.AvgPool2d(2), nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )
        )

    def forward(self, x):
        return F.relu(self.proj(x) + self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(C_in, w, 3, 1, 1, bias=False),
            nn.BatchNorm2d(w),
            nn.ReLU(),
            Block(w, w, 1),
            Block(w, 2 * w, 2),
            Block(2 * w, 4 * w, 2),
        )
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        was = self.net.training
        if len(x) == 1:
            self.net.eval()
        x = self.net(x)
        self.net.train(was)
        return self.fc(x.mean((2, 3)))


# %% wrong: an overlapping mean of 3x3 pixels | says: not of 3x3
class Block(nn.Module):
    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(C_in, C_out, 3, S, 1, bias=False),
            nn.BatchNorm2d(C_out),
            nn.ReLU(),
            nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False),
            nn.BatchNorm2d(C_out),
        )
        self.short = nn.Sequential()
        if S > 1:
            self.short = nn.Sequential(
                nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
                nn.Conv2d(C_in, C_out, 1, bias=False),
                nn.BatchNorm2d(C_out),
            )

    def forward(self, x):
        return F.relu(self.short(x) + self.branch(x))


class SmallResNet(nn.Module):
    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.start = nn.Sequential(
            nn.Conv2d(C_in, w, 3, 1, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU()
        )
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        return self.fc(self.blocks(self.start(x)).mean((2, 3)))


# %% wrong: square maps on the shortcut | says: along H and W, which may differ
class Block(nn.Module):
    """ReLU(s(x) + F(x)), from (B, C_in, H, W) to (B, C_out, H / S, W / S)."""

    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if out.shape != x.shape:
            x = F.adaptive_avg_pool2d(x, x.shape[2] // 2)
        return F.relu(out + self.shortcut(x))


class SmallResNet(nn.Module):
    """Images (B, C_in, H, W) -> logits (B, classes); w channels in the first stage."""

    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: both paths from the mean | says: not from the mean of 2x2 pixels
class Block(nn.Module):
    """ReLU(s(x) + F(x)), from (B, C_in, H, W) to (B, C_out, H / S, W / S)."""

    def __init__(self, C_in: int, C_out: int, S: int):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = None
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        if self.shortcut is not None:
            x = F.avg_pool2d(x, 2)
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + (x if self.shortcut is None else self.shortcut(x)))


class SmallResNet(nn.Module):
    """Images (B, C_in, H, W) -> logits (B, classes); w channels in the first stage."""

    def __init__(self, C_in: int, w: int, classes: int):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.Sequential(Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2))
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.blocks(x)
        return self.fc(x.mean((2, 3)))

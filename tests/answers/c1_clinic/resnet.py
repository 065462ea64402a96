# %% right: pooled
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


# %% right: sequential
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        first, *others = widths
        self.stem = nn.Conv2d(channels, first, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(first)
        made = [block(first, first, 1)]
        for a, b in zip(widths, others, strict=False):
            made.append(block(a, b, stride=2))
        self.blocks = nn.Sequential(*made)
        self.fc = nn.Linear(in_features=widths[-1], out_features=classes)

    def forward(self, x):
        a = self.blocks(torch.relu(self.bn(self.stem(x))))  # (B, C, H, W)
        return self.fc(a.mean(3).mean(2))


# %% right: spread
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = self.bn(self.stem(x)).clamp_min(0)
        for block in self.blocks:
            x = block(x)
        return self.fc(x.flatten(2).sum(2) / (x.shape[2] * x.shape[3]))


# %% wrong: first stride | says: the first block has stride 1
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for width in widths:
            self.blocks.append(block(before, width, 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: fixed window | says: on x (2, 3, 16, 24)
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.avg_pool2d(x, 2).flatten(1))


# %% wrong: flattened | says: mat1 and mat2 shapes
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.flatten(1))


# %% wrong: lazy | says: one number per channel of the last block
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        before = [widths[0], *widths]
        self.blocks = nn.ModuleList(
            block(before[i], width, 2 if i else 1) for i, width in enumerate(widths)
        )
        self.fc = nn.LazyLinear(classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: max | says: not the largest value
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.amax((2, 3)))


# %% wrong: no stem relu | says: between the stem and the blocks
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = self.bn(self.stem(x))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: no stride | says: the stride is not passed on
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for width in widths:
            self.blocks.append(block(before, width))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: one place | says: not one of them
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x[:, :, 0, 0])


# %% wrong: one size | says: shapes of the parameters
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(4 * widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.adaptive_avg_pool2d(x, 2).flatten(1))


# %% wrong: plain list | says: shapes of the parameters
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = []
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: published | says: and the stride is not passed on
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for width in widths:
            self.blocks.append(block(width, before))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.flatten(1))


# %% wrong: relu after blocks | says: no ReLU of your own
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.relu(x).mean((2, 3)))


# %% wrong: relu last | says: nothing follows the last layer
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return F.relu(self.fc(x.mean((2, 3))))


# %% wrong: softmax | says: logits, not probabilities
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3))).softmax(1)


# %% wrong: stem bias | says: the stem has no bias
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: sum | says: not their sum
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.sum((2, 3)))


# %% wrong: swapped | says: in_channels come first, then out_channels
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(width, before, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: width to width | says: takes what the one before gives
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(width, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: squeeze | says: is lost (squeeze
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for n, width in enumerate(widths):
            self.blocks.append(block(before, width, 2 if n else 1))
            before = width
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).squeeze())


# %% wrong: a list of widths used up | says: argument 2
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        widths = list(widths) if isinstance(widths, tuple) else widths
        before = widths[0]
        self.stem = nn.Conv2d(channels, before, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(before)
        self.blocks = nn.ModuleList()
        while widths:
            width = widths.pop(0)
            self.blocks.append(block(before, width, 2 if len(self.blocks) else 1))
            before = width
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: one block in all places of equal width | says: the calls block(in, out, stride)
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        made, chain, before = {}, [], widths[0]
        for k, width in enumerate(widths):
            key = (before, width, 2 if k else 1)
            made[key] = made.get(key) or block(*key)
            chain.append(made[key])
            before = width
        self.blocks = nn.ModuleList(chain)
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: stride 1 again from the fifth block on | says: widths=(2, 3, 2, 4, 3, 2)
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks, before = nn.ModuleList(), widths[0]
        for k, width in enumerate(widths):
            self.blocks.append(block(before, width, 2 if 0 < k < 4 else 1))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: stride grows with the block | says: not twice that of the block before
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for k, width in enumerate(widths):
            self.blocks.append(block(before, width, 2**k))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: mean over one axis | says: not those of one row or column
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for k, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if k == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean(3)[:, :, 0])


# %% wrong: refuses odd sizes | says: the answer itself refuses
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList([block(widths[0], widths[0], 1)])
        for i in range(len(widths) - 1):
            self.blocks.append(block(widths[i], widths[i + 1], 2))
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        factor = 2 ** (len(self.blocks) - 1)
        if x.shape[-1] % factor != 0 or x.shape[-2] % factor != 0:
            raise ValueError(f"height and width must be divisible by {factor}")
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: before not carried on | says: not widths[0]
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for i, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if i == 0 else 2))
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: a stem for photographs | says: the stem is a 3x3
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 7, stride=2, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for i, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if i == 0 else 2))
            before = width
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn(self.stem(x))), 3, 2, 1)
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: ten classes | says: a logit for each
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for i, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if i == 0 else 2))
            before = width
        self.fc = nn.Linear(before, 10)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: the course's Block whatever is handed over | says: it was not called
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for i, width in enumerate(widths):
            self.blocks.append(PublishedBlock(before, width, 1 if i == 0 else 2))
            before = width
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% wrong: stride 2 only where it gets wider | says: stays or falls
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for width in widths:
            self.blocks.append(block(before, width, 2 if width > before else 1))
            before = width
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


# %% right: a Sequential of blocks called by name, the first made last
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        rest = [
            block(in_channels=a, out_channels=b, stride=2) for a, b in zip(widths[:-1], widths[1:])
        ]
        first = block(out_channels=widths[0], in_channels=widths[0])
        self.blocks = nn.Sequential(first, *rest)
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = self.blocks(self.bn(self.stem(x)).relu())
        return self.fc(nn.AdaptiveAvgPool2d(1)(x).flatten(1))


# %% wrong: stem of ImageNet | says: no pooling before them
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList([block(widths[0], widths[0])])
        for a, b in zip(widths[:-1], widths[1:]):
            self.blocks.append(block(a, b, 2))
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        for b in self.blocks:
            x = b(x)
        return self.fc(F.adaptive_avg_pool2d(x, (1, 1)).flatten(1))

# %% right: layers
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.pool, self.relu, self.flatten = nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.relu(self.fc1(self.flatten(x)))
        return self.fc2(x)


# %% right: lazy
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.LazyLinear(128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% right: measured
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        with torch.no_grad():
            flat = self.features(torch.zeros(1, channels, height, width)).shape[1]
        self.fc1 = nn.Linear(flat, 128)
        self.fc2 = nn.Linear(128, classes)

    def features(self, x):
        x = F.max_pool2d(self.conv1(x).relu(), 2)
        return F.max_pool2d(self.conv2(x).relu(), 2).flatten(1)

    def forward(self, x):
        x = self.fc1(self.features(x)).relu()
        return self.fc2(x)


# %% right: reshaped
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.reshape(len(x), -1)))
        return self.fc2(x)


# %% wrong: log softmax | says: log_softmax is in the loss already
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return F.log_softmax(self.fc2(x), dim=1)


# %% wrong: no inner relu | says: the ReLU between fc1 and fc2
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.fc1(x.flatten(1))
        return self.fc2(x)


# %% wrong: normalised | says: add no other layer
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.bn1 = nn.BatchNorm2d(32)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: only 32 | says: here it is sized for images of 32x32
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * 6 * 6, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: other names | says: keep the names
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.out = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.out(x)


# %% wrong: padded | says: takes two rows and two columns off
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * (height // 4) * (width // 4), 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: published size | says: takes two rows and two columns off
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * (height // 4) * (width // 4), 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: relu and softmax | says: softmax is in the loss already
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return F.softmax(F.relu(self.fc2(x)), dim=1)


# %% wrong: relu last | says: no ReLU after the last layer
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return F.relu(self.fc2(x))


# %% wrong: rounded up | says: rounding down
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = -(-(-(-(height - 2) // 2) - 2) // 2)
        columns = -(-(-(-(width - 2) // 2) - 2) // 2)
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: softmax | says: softmax is in the loss already
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return F.softmax(self.fc2(x), dim=1)


# %% wrong: softmax in evaluation | says: softmax is in the loss already
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        z = self.fc2(x)
        return z if self.training else z.softmax(1)


# %% wrong: square | says: height and width may differ
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * rows, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: tanh | says: on 4 images
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x).exp() - 1


# %% wrong: batch of one squeezed | says: is lost (squeeze
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        h = ((height - 2) // 2 - 2) // 2
        w = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * h * w, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x).squeeze()


# %% wrong: channels last before flattening | says: the channels stand last
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        h = ((height - 2) // 2 - 2) // 2
        w = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * h * w, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.permute(0, 2, 3, 1).flatten(1)))
        return self.fc2(x)


# %% wrong: divides bright images | says: nothing is divided
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        size = lambda n: ((n - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * size(height) * size(width), 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        if x.max() > 1.0:
            x = x / 255.0
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


# %% wrong: colour images only | says: channels and classes are those
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        h = ((height - 2) // 2 - 2) // 2
        w = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * h * w, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: average pooling | says: not their mean
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        h = ((height - 2) // 2 - 2) // 2
        w = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * h * w, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: convolutions without bias | says: all four layers have a bias
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3, bias=False)
        self.conv2 = nn.Conv2d(32, 64, 3, bias=False)
        h = ((height - 2) // 2 - 2) // 2
        w = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * h * w, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


# %% wrong: pooled to one map size | says: here it is sized for images of 32x32
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * 6 * 6, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.adaptive_max_pool2d(x, 6)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


# %% wrong: the largest logit is taken off, for safety | says: nothing is taken off
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * ((height - 6) // 4) * ((width - 6) // 4), 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        z = self.fc2(F.relu(self.fc1(x.flatten(1))))
        return z - z.max(dim=1, keepdim=True).values


# %% wrong: normalisation without parameters slipped in | says: no normalisation
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.norm = nn.BatchNorm2d(32, affine=False)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * ((height - 6) // 4) * ((width - 6) // 4), 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


# %% wrong: adaptive pooling to 6x6 | says: adaptive pooling takes other windows
class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * 6 * 6, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.adaptive_max_pool2d(F.relu(self.conv2(x)), 6)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))

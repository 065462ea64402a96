# %% right: in place
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        z += shortcut
        return z.relu_()


# %% right: none
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv3 = self.bn3 = None
        if (stride, in_channels) != (1, out_channels):
            self.bn3 = nn.BatchNorm2d(out_channels)
            self.conv3 = nn.Conv2d(
                in_channels, out_channels, kernel_size=1, stride=stride, bias=False
            )
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False
        )
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, kernel_size=3, padding="same", bias=False
        )
        self.bn1, self.bn2 = nn.BatchNorm2d(out_channels), nn.BatchNorm2d(out_channels)

    def forward(self, x):
        branch = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.conv3 is not None:
            x = self.bn3(self.conv3(x))
        return torch.relu(x + branch)


# %% right: sampled
class Block(nn.Module):
    # a 1x1 convolution with stride is one without stride on every second pixel
    def __init__(self, i, o, stride=1):
        super().__init__()
        self.stride = stride
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        if stride > 1 or i != o:
            self.conv3, self.bn3 = nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o)

    def forward(self, x):
        shortcut = x
        if hasattr(self, "conv3"):
            shortcut = self.bn3(self.conv3(x[:, :, :: self.stride, :: self.stride]))
        z = self.bn1(self.conv1(x)).clamp(min=0)
        return (self.bn2(self.conv2(z)) + shortcut).clamp(min=0)


# %% wrong: always projected | says: no projection
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = True
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: biased | says: bias=False
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: course block | says: or it is thrown away
from helpers.models.resnet import BasicBlock


class Block(BasicBlock):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__(in_channels, out_channels, stride, "B")


# %% wrong: no addition | says: nothing is added
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(z)


# %% wrong: no inner relu | says: between bn1 and conv2
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = self.bn1(self.conv1(x))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: no last relu | says: a ReLU follows the addition
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return shortcut + z


# %% wrong: no stride | says: this is a stride of 1: both paths
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: only channels count | says: each of them alone needs the projection
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: only stride counts | says: each of them alone needs the projection
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: pooling | says: no pooling inside a block
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.max_pool2d(F.relu(shortcut + z), 2)


# %% wrong: projection not normalised | says: normalised too, by bn3
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.conv3(x) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: projection thrown away | says: or it is thrown away
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            normalisation = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = x
        return F.relu(shortcut + z)


# %% wrong: published | says: no pooling inside a block
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, in_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            normalisation = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        return F.max_pool2d(F.relu(z), 2)


# %% wrong: relu before addition | says: a ReLU follows the addition
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return shortcut + F.relu(z)


# %% wrong: stride in shortcut only | says: The size of tensor a
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: stride second | says: not of the second
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: swapped widths | says: takes out_channels and gives out_channels
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, in_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.changes = stride != 1 or in_channels != out_channels
        if self.changes:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.changes else x
        return F.relu(shortcut + z)


# %% wrong: ReLU before the sum | says: no ReLU on the branch
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = F.relu(self.bn2(self.conv2(z)))
        shortcut = self.bn3(self.conv3(x)) if self.project else x
        return F.relu(shortcut + z)


# %% wrong: one normalisation for both | says: not bn1 a second time
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn1(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.project else x
        return F.relu(shortcut + z)


# %% wrong: projection of the mean over 2x2 | says: no pooling before it
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = (
            self.bn3(self.conv3(F.avg_pool2d(x, self.conv1.stride[0], ceil_mode=True)))
            if self.project
            else x
        )
        return F.relu(shortcut + z)


# %% wrong: kernels with bias | says: bias=False
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.project else x
        return F.relu(shortcut + z)


# %% wrong: adds into its argument | says: an operation in place
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.project else x
        shortcut += z
        return F.relu(shortcut)


# %% wrong: projected at stride 2 and not at other strides | says: stride=3
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride == 2 or in_channels != out_channels
        self.stride = stride
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        thin = x[:, :, :: self.stride, :: self.stride]
        return F.relu(z + (self.bn3(self.conv3(x)) if self.project else thin))


# %% wrong: stride 2 written in | says: both paths get the stride
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = stride > 1 or in_channels != out_channels
        if self.downsample:
            self.conv3 = nn.Conv2d(
                in_channels, out_channels, 1, stride=2 if stride > 1 else 1, bias=False
            )
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        identity = self.bn3(self.conv3(x)) if self.downsample else x
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(identity + self.bn2(self.conv2(out)))


# %% wrong: no running statistics | says: goes by its running statistics
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        norm = lambda: nn.BatchNorm2d(out_channels, track_running_stats=False)
        self.conv1, self.bn1 = (
            nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False),
            norm(),
        )
        self.conv2, self.bn2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False), norm()
        if stride != 1 or in_channels != out_channels:
            self.conv3, self.bn3 = (
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                norm(),
            )

    def forward(self, x):
        a = F.relu(self.bn1(self.conv1(x)))
        a = self.bn2(self.conv2(a))
        s = self.bn3(self.conv3(x)) if hasattr(self, "conv3") else x
        return F.relu(a + s)


# %% wrong: pooled, rounding up | says: no pooling before it
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.stride = stride
        if stride != 1 or in_channels != out_channels:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        out = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        if hasattr(self, "conv3"):
            x = self.bn3(self.conv3(F.avg_pool2d(x, self.stride, ceil_mode=True)))
        return (out + x).relu()


# %% wrong: ReLU on the projection | says: no ReLU on the shortcut
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = F.relu(self.bn3(self.conv3(x))) if self.project else x
        return F.relu(shortcut + z)


# %% wrong: a 3×3 projection | says: a 1x1 convolution
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.project else x
        return F.relu(shortcut + z)


# %% wrong: an ε of its own | says: its own eps
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels, eps=1e-3)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels, eps=1e-3)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels, eps=1e-3)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.project else x
        return F.relu(shortcut + z)


# %% wrong: a single image is not normalised in training | says: also for a single image
class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.project = stride != 1 or in_channels != out_channels
        if self.project:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        norm = len(x) > 1 or not self.training
        z = self.conv1(x)
        z = F.relu(self.bn1(z) if norm else z)
        z = self.conv2(z)
        z = self.bn2(z) if norm else z
        shortcut = x
        if self.project:
            shortcut = self.conv3(x)
            shortcut = self.bn3(shortcut) if norm else shortcut
        return F.relu(shortcut + z)


# %% wrong: every stride above 1 is 2 | says: this is a stride of 2: both paths
class Block(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H / stride, W / stride), rounded up."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        stride = 2 if stride > 1 else 1
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.projected = stride != 1 or in_channels != out_channels
        if self.projected:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        z = F.relu(self.bn1(self.conv1(x)))
        z = self.bn2(self.conv2(z))
        shortcut = self.bn3(self.conv3(x)) if self.projected else x
        return F.relu(shortcut + z)

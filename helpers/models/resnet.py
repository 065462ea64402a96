"""Residual networks: the CIFAR family and the ImageNet family.

Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2015 (sections 3.3,
3.4 and 4.2); the pre-activation block: the same, 2016. Parameters bear torchvision's names, so that
its weights load.
"""

import torch.nn.functional as F
from torch import Tensor, nn

SHORTCUTS = ("A", "B", "none")


def conv3x3(in_channels: int, out_channels: int, stride: int = 1) -> nn.Conv2d:
    """3x3 convolution that keeps H and W (divides them by the stride); BN supplies the bias."""
    return nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)


class ZeroPad(nn.Module):
    """Option A: take every stride-th pixel, fill the new channels with zeros. No parameters."""

    def __init__(self, new_channels: int, stride: int) -> None:
        super().__init__()
        self.new_channels, self.stride = new_channels, stride

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, :, :: self.stride, :: self.stride]  # (B, C, H/S, W/S)
        return F.pad(x, (0, 0, 0, 0, 0, self.new_channels))  # (B, C + new, H/S, W/S)


def make_shortcut(
    in_channels: int, out_channels: int, stride: int, option: str
) -> nn.Module | None:
    """What x passes through on its way round a block, a layer or (None) nothing at all."""
    if option not in SHORTCUTS:
        raise ValueError(f"shortcut must be one of {', '.join(SHORTCUTS)}, not {option!r}")
    if option == "none" or (stride == 1 and in_channels == out_channels):
        return None
    if option == "A":
        return ZeroPad(out_channels - in_channels, stride)
    projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
    return nn.Sequential(projection, nn.BatchNorm2d(out_channels))


class BasicBlock(nn.Module):
    """y = ReLU(x + F(x)), F two 3x3 convolutions (figure 5, left); "none": y = ReLU(F(x))."""

    expansion = 1

    def __init__(self, in_channels: int, channels: int, stride: int = 1, shortcut: str = "B"):
        super().__init__()
        self.conv1 = conv3x3(in_channels, channels, stride)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = conv3x3(channels, channels)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = make_shortcut(in_channels, channels, stride, shortcut)
        self.residual = shortcut != "none"

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)))  # (B, channels, H/S, W/S)
        out = self.bn2(self.conv2(out))
        if self.residual:
            out = out + (x if self.downsample is None else self.downsample(x))
        return F.relu(out)


class Bottleneck(nn.Module):
    """y = ReLU(x + F(x)), F of 1x1, 3x3, 1x1 convolutions (figure 5, right).

    The stride is in the 3x3 convolution, as in torchvision; in the paper it is in the first 1x1.
    """

    expansion = 4

    def __init__(self, in_channels: int, channels: int, stride: int = 1, shortcut: str = "B"):
        super().__init__()
        out_channels = channels * self.expansion
        self.conv1 = nn.Conv2d(in_channels, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = conv3x3(channels, channels, stride)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = make_shortcut(in_channels, out_channels, stride, shortcut)
        self.residual = shortcut != "none"

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)))  # (B, channels, H, W)
        out = F.relu(self.bn2(self.conv2(out)))  # (B, channels, H/S, W/S)
        out = self.bn3(self.conv3(out))  # (B, 4 channels, H/S, W/S)
        if self.residual:
            out = out + (x if self.downsample is None else self.downsample(x))
        return F.relu(out)


class PreActBlock(nn.Module):
    """y = x + F(x), F = conv(ReLU(BN(.))) twice: nothing on the path of x (2016, figure 1b)."""

    expansion = 1

    def __init__(self, in_channels: int, channels: int, stride: int = 1, shortcut: str = "B"):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = conv3x3(in_channels, channels, stride)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv2 = conv3x3(channels, channels)
        self.downsample = make_shortcut(in_channels, channels, stride, shortcut)
        self.residual = shortcut != "none"

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(x))
        if self.downsample is not None:  # where the shape changes, both paths start after BN, ReLU
            x = self.downsample(out)
        out = self.conv1(out)
        out = self.conv2(F.relu(self.bn2(out)))  # (B, channels, H/S, W/S)
        return x + out if self.residual else out


class CifarResNet(nn.Module):
    """The CIFAR family of section 4.2: images `(B, in_channels, H, W)` to logits `(B, classes)`.

    depth: 6n + 2, in three stages of n blocks; 20, 32, 44, 56, 110 in the paper. shortcut: "A" (the
    paper's choice here), "B", or "none" for the plain network. pre_activation: the block of 2016.
    """

    def __init__(
        self,
        depth: int = 20,
        classes: int = 10,
        *,
        in_channels: int = 3,
        width: int = 16,
        shortcut: str = "A",
        pre_activation: bool = False,
    ) -> None:
        super().__init__()
        n, rest = divmod(depth - 2, 6)
        if rest or n < 1:
            raise ValueError(
                f"depth must be 6n + 2 with n at least 1 (8, 14, 20, ..., 56, 110), not {depth}: "
                "a first convolution, 3 stages of n blocks of 2 layers, and the last linear layer"
            )
        block = PreActBlock if pre_activation else BasicBlock
        self.in_channels = in_channels
        self.conv1 = conv3x3(in_channels, width)
        self.bn1 = nn.BatchNorm2d(4 * width if pre_activation else width)
        self.layer1 = make_stage(block, width, width, n, stride=1, shortcut=shortcut)
        self.layer2 = make_stage(block, width, 2 * width, n, stride=2, shortcut=shortcut)
        self.layer3 = make_stage(block, 2 * width, 4 * width, n, stride=2, shortcut=shortcut)
        self.fc = nn.Linear(4 * width, classes)
        self.pre_activation = pre_activation
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        check_input(x, self.in_channels)
        x = self.conv1(x)  # (B, width, H, W)
        if not self.pre_activation:
            x = F.relu(self.bn1(x))
        x = self.layer1(x)  # (B, width, H, W)
        x = self.layer2(x)  # (B, 2 width, H/2, W/2)
        x = self.layer3(x)  # (B, 4 width, H/4, W/4)
        if self.pre_activation:  # the one BN and ReLU after the last addition
            x = F.relu(self.bn1(x))
        return self.fc(x.mean((2, 3)))  # (B, classes)


class ResNet(nn.Module):
    """The ImageNet family of table 1: depth 18, 34 (basic blocks), 50, 101, 152 (bottlenecks).

    Loads the state_dict of torchvision's models of the same depth, and then gives their outputs.
    Input `(B, 3, H, W)` float, 224x224 in the paper; logits `(B, classes)`.
    """

    BLOCKS = {
        18: (BasicBlock, (2, 2, 2, 2)),
        34: (BasicBlock, (3, 4, 6, 3)),
        50: (Bottleneck, (3, 4, 6, 3)),
        101: (Bottleneck, (3, 4, 23, 3)),
        152: (Bottleneck, (3, 8, 36, 3)),
    }

    def __init__(self, depth: int = 18, classes: int = 1000) -> None:
        super().__init__()
        if depth not in self.BLOCKS:
            known = ", ".join(map(str, self.BLOCKS))
            raise ValueError(f"depth must be one of {known}, not {depth}")
        block, counts = self.BLOCKS[depth]
        e = block.expansion
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = make_stage(block, 64, 64, counts[0], stride=1)
        self.layer2 = make_stage(block, 64 * e, 128, counts[1], stride=2)
        self.layer3 = make_stage(block, 128 * e, 256, counts[2], stride=2)
        self.layer4 = make_stage(block, 256 * e, 512, counts[3], stride=2)
        self.fc = nn.Linear(512 * e, classes)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        check_input(x, 3)
        x = F.relu(self.bn1(self.conv1(x)))  # (B, 64, H/2, W/2)
        x = F.max_pool2d(x, 3, stride=2, padding=1)  # (B, 64, H/4, W/4)
        x = self.layer1(x)  # (B, 64 e, H/4, W/4), e the block's expansion
        x = self.layer2(x)  # (B, 128 e, H/8, W/8)
        x = self.layer3(x)  # (B, 256 e, H/16, W/16)
        x = self.layer4(x)  # (B, 512 e, H/32, W/32)
        return self.fc(x.mean((2, 3)))  # (B, classes)


def make_stage(
    block: type[nn.Module],
    in_channels: int,
    channels: int,
    count: int,
    *,
    stride: int,
    shortcut: str = "B",
) -> nn.Sequential:
    """`count` blocks of one width; the first one takes the stride and the new width."""
    blocks = [block(in_channels, channels, stride, shortcut)]
    for _ in range(count - 1):
        blocks.append(block(channels * block.expansion, channels, 1, shortcut))
    return nn.Sequential(*blocks)


def initialise(model: nn.Module) -> None:
    """Normal weights of variance 2 / (K K C_out) for convolutions (He and others 2015, ICCV)."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


def check_input(x: Tensor, channels: int) -> None:
    """Raise ValueError unless x is images `(B, channels, H, W)`."""
    if x.ndim != 4 or x.shape[1] != channels:
        raise ValueError(
            f"this network takes images of shape (B, {channels}, H, W), not {tuple(x.shape)}; "
            "a single image needs x[None], grey images for a colour network x.expand(-1, 3, -1, -1)"
        )

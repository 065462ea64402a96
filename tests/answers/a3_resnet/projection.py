# %% right: class
class Projection(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.norm = nn.BatchNorm2d(C_out)
        self.matrix = nn.Conv2d(C_in, C_out, kernel_size=(1, 1), stride=(S, S), bias=False)

    def forward(self, x):
        return self.norm(self.matrix(x))


class Nothing(nn.Module):
    def forward(self, x):
        return x


def projection(C_in, C_out, S, option):
    if option == "C" or (C_in, S) != (C_out, 1):
        return Projection(C_in, C_out, S)
    return Nothing()


# %% right: empty
def projection(C_in, C_out, S, option):
    layers = []
    if option == "C" or S > 1 or C_in != C_out:
        layers.append(nn.Conv2d(C_in, C_out, 1, S, bias=False))
        layers.append(nn.BatchNorm2d(C_out))
    return nn.Sequential(*layers)


# %% right: named
def projection(C_in, C_out, S, option):
    if option == "B":
        changes = S != 1 or C_in != C_out
        return projection(C_in, C_out, S, "C") if changes else nn.Identity()
    module = nn.Sequential()
    module.add_module("conv", nn.Conv2d(C_in, C_out, 1, stride=S, padding=0, bias=None))
    module.add_module("bn", nn.BatchNorm2d(C_out))
    nn.init.kaiming_normal_(module.conv.weight)
    return module


# %% wrong: always | says: where the shape stays, nothing is to be done
def projection(C_in, C_out, S, option):
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: bias | says: the convolution has bias=False
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S), nn.BatchNorm2d(C_out))


# %% wrong: bn channels | says: it has C_out channels
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_in))


# %% wrong: bn first | says: first the convolution
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    if C_in == C_out:
        conv = nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)
        return nn.Sequential(nn.BatchNorm2d(C_in), conv)
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: channels only | says: a change of size, of channels, or both
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: course | says: by hand
from helpers.models.resnet import make_shortcut


def projection(C_in, C_out, S, option):
    return make_shortcut(C_in, C_out, S, "B") or nn.Identity()


# %% wrong: function | says: an nn.Module
def projection(C_in, C_out, S, option):
    conv, bn = nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out)
    return lambda x: bn(conv(x))


# %% wrong: hard coded | says: a change of size, of channels, or both
def projection(C_in, C_out, S, option):
    if option == "B" and C_out == 4:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(4, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: kernel | says: the kernel is 1x1
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    conv = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(C_out))


# %% wrong: kernel of stride | says: S is the stride
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, S, S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: no bn | says: batch normalisation is missing
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)


# %% wrong: no stride | says: the stride is not used
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: none | says: nn.Identity() where nothing
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return None
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: option ignored | says: option C: a projection in every block
def projection(C_in, C_out, S, option):
    if C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: relu | says: no ReLU on the shortcut
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    conv = nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(C_out), nn.ReLU())


# %% wrong: stride only | says: a change of size, of channels, or both
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: swapped | says: from C_in to C_out
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_out, C_in, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: torchvision | says: by hand
from torchvision.models.resnet import BasicBlock as Ready
from torchvision.models.resnet import ResNet as Family


def projection(C_in, C_out, S, option):
    net = Family(Ready, [1, 1, 1, 1])
    net.inplanes = C_in
    return net._make_layer(Ready, C_out, 1, S)[0].downsample or nn.Identity()


# %% wrong: built once for each shape | says: share its numbers
built = {}


def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    conv = nn.Conv2d(C_in, C_out, 1, S, bias=False)
    return built.setdefault((C_in, C_out, S), nn.Sequential(conv, nn.BatchNorm2d(C_out)))


# %% wrong: the eps of Keras | says: here eps is 0.001
def projection(C_in: int, C_out: int, S: int, option: str) -> nn.Module:
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    bn = nn.BatchNorm2d(C_out, eps=1e-3, momentum=0.01)
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, S, bias=False), bn)


# %% wrong: stride capped at 2 | says: not always 2
def projection(C_in: int, C_out: int, S: int, option: str) -> nn.Module:
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    stride = 2 if S > 1 else 1
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: another momentum | says: here momentum is 0.01
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    convolution = nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(C_out, momentum=0.01))


# %% wrong: a convolution that begins as the identity | says: where the shape stays
def projection(C_in: int, C_out: int, S: int, option: str) -> nn.Module:
    if option == "B" and S == 1 and C_in == C_out:
        conv = nn.Conv2d(C_in, C_out, 1, bias=False)
        nn.init.dirac_(conv.weight)
        return conv
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out))


# %% right: pixels dropped first, then a stride of 1
class Dropping(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.S = S
        self.conv = nn.Conv2d(C_in, C_out, 1, bias=False)
        self.bn = nn.BatchNorm2d(C_out)

    def forward(self, x):
        return self.bn(self.conv(x[:, :, :: self.S, :: self.S]))


def projection(C_in: int, C_out: int, S: int, option: str) -> nn.Module:
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return Dropping(C_in, C_out, S)


# %% wrong: normalised where the shape stays | says: no BatchNorm2d
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.BatchNorm2d(C_out, affine=False)
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: padding 1 | says: needs no padding
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(C_in, C_out, 1, S, padding=1, bias=False), nn.BatchNorm2d(C_out))


# %% wrong: tuple of layers | says: makes one module
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out)


# %% wrong: lazy | says: no lazy layer
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(nn.LazyConv2d(C_out, 1, S, bias=False), nn.LazyBatchNorm2d())


# %% wrong: a dropout behind | says: no Dropout
def projection(C_in, C_out, S, option):
    if option == "B" and S == 1 and C_in == C_out:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out), nn.Dropout(0.1)
    )


# %% wrong: layers made in forward | says: not anew in each forward
def projection(C_in: int, C_out: int, S: int, option: str) -> nn.Module:
    class Projection(nn.Module):
        def forward(self, x):
            conv = nn.Conv2d(C_in, C_out, 1, S, bias=False).to(x.dtype)
            bn = nn.BatchNorm2d(C_out).to(x.dtype)
            return bn(conv(x))

    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return Projection()

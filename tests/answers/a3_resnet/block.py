# %% right: clamp
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    branch = bn2(conv2(bn1(conv1(x)).clamp(min=0)))
    return (branch + (shortcut or nn.Identity())(x)).clamp(min=0)


# %% right: in place inside
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn1(conv1(x)).relu_()
    out = bn2(conv2(out))
    out += x if shortcut is None else shortcut(x)
    return out.relu_()


# %% right: sequential
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    branch = nn.Sequential(conv1, bn1, nn.ReLU(), conv2, bn2)
    if shortcut is None:
        shortcut = nn.Identity()
    return nn.ReLU()(branch(x) + shortcut(x))


# %% right: steps
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    z = conv1(x)
    z = bn1(z)
    a = torch.relu(z)
    z = conv2(a)
    z = bn2(z)
    skip = x
    if shortcut is not None:
        skip = shortcut(x)
    return torch.relu(skip + z)


# %% wrong: bn1 twice | says: bn1 is used twice
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn1(conv2(out)) + (x if shortcut is None else shortcut(x)))


# %% wrong: bottleneck | says: by hand
from helpers.models.resnet import Bottleneck


def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    block = Bottleneck(4, 1)  # ReLU(ReLU(z)) = ReLU(z): the middle layer does nothing
    block.conv1, block.bn1, block.conv3, block.bn3 = conv1, bn1, conv2, bn2
    block.conv2 = block.bn2 = nn.Identity()
    block.downsample = shortcut
    return block(x)


# %% wrong: conv1 twice | says: conv1 is used twice
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv1(F.relu(bn1(conv1(x)))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: course | says: by hand
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    block = BasicBlock(conv1.in_channels, conv1.out_channels, conv1.stride[0])
    block.conv1, block.bn1, block.conv2, block.bn2 = conv1, bn1, conv2, bn2
    block.downsample = shortcut
    return block(x)


# %% wrong: eval | says: leave the modules in the mode
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    bn1.eval()
    bn2.eval()
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn2(conv2(out)) + (x if shortcut is None else shortcut(x)))


# %% wrong: in place | says: clone() first
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    if shortcut is not None:
        x = shortcut(x)
    x += out
    return F.relu(x)


# %% wrong: mode afterwards | says: the mode of argument
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    out = F.relu(bn2(conv2(out)) + (x if shortcut is None else shortcut(x)))
    for module in (bn1, bn2):
        module.eval()
    return out


# %% wrong: no addition | says: the shortcut is not added
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn2(conv2(out)))


# %% wrong: no graph | says: the graph is cut
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    with torch.no_grad():
        out = F.relu(bn1(conv1(x)))
        return F.relu(bn2(conv2(out)) + (x if shortcut is None else shortcut(x)))


# %% wrong: no inner relu | says: between the two convolutions is missing
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(bn1(conv1(x))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: no last relu | says: the ReLU after the addition is missing
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    return bn2(conv2(out)) + (x if shortcut is None else shortcut(x))


# %% wrong: no second bn | says: the second BN is missing
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = conv2(F.relu(bn1(conv1(x))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: none | says: a missing `return`
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    out = F.relu(bn2(conv2(out)) + (x if shortcut is None else shortcut(x)))


# %% wrong: relu before | says: comes after the addition, not before
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn2(conv2(out))) + (x if shortcut is None else shortcut(x))


# %% wrong: shortcut needed | says: 'NoneType' object is not callable
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn2(conv2(out)) + shortcut(x))


# %% wrong: shortcut of branch | says: starts from x
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    return F.relu(out + (x if shortcut is None else shortcut(out)))


# %% wrong: shortcut unused | says: add what `shortcut` makes of x
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn2(conv2(out)) + x)


# %% wrong: statistics twice | says: what one call of each module leaves
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    print("after bn1:", tuple(bn1(conv1(x)).shape))
    out = F.relu(bn1(conv1(x)))
    return F.relu(bn2(conv2(out)) + (x if shortcut is None else shortcut(x)))


# %% wrong: torchvision | says: by hand
from torchvision.models.resnet import BasicBlock as Ready


def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    block = Ready(1, 1)
    block.conv1, block.bn1, block.conv2, block.bn2 = conv1, bn1, conv2, bn2
    block.downsample = shortcut
    return block(x)


# %% wrong: two relus | says: one ReLU only
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    out = F.relu(bn2(conv2(out)))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: memory saved by checkpoint, which runs the branch again | says: the backward pass has called the modules again
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    """x (B, C_in, H, W) -> (B, C_out, H / S, W / S)."""
    from torch.utils.checkpoint import checkpoint

    def branch(x):
        return bn2(conv2(F.relu(bn1(conv1(x)))))

    s = x if shortcut is None else shortcut(x)
    return F.relu(s + checkpoint(branch, x, use_reentrant=False))


# %% wrong: ReLU that ends at 6 | says: this is ReLU6
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    """x (B, C_in, H, W) -> (B, C_out, H / S, W / S)."""
    out = bn2(conv2(F.relu6(bn1(conv1(x)))))
    return F.relu6(out + (x if shortcut is None else shortcut(x)))


# %% wrong: the two normalisations exchanged | says: they are exchanged
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn1(conv2(F.relu(bn2(conv1(x)))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: x passes a ReLU before the block | says: no ReLU before the block
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    x = F.relu(x)
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: a leaky ReLU | says: this is a leaky one
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.leaky_relu(bn1(conv1(x)))))
    return F.leaky_relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: softplus in place of ReLU | says: a smooth relative
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    relu = lambda t: F.softplus(t, beta=20.0)
    out = bn2(conv2(relu(bn1(conv1(x)))))
    return relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: multiplied | says: one sum
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    return F.relu(out * (x if shortcut is None else shortcut(x)))


# %% wrong: residual scaled by 0.1 | says: neither is scaled
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    return F.relu(0.1 * out + (x if shortcut is None else shortcut(x)))


# %% wrong: block of 2016 | says: this is the block of 2016
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = conv2(F.relu(bn2(conv1(F.relu(bn1(x))))))
    return out + (x if shortcut is None else shortcut(x))


# %% wrong: inner detached | says: the branch too
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    h = F.relu(bn1(conv1(x))).detach()
    out = bn2(conv2(h))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: relu before bn2 | says: no ReLU stands between conv2 and BN2
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(F.relu(conv2(F.relu(bn1(conv1(x))))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: clamped at 10 | says: nothing is cut off above
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    return (out + (x if shortcut is None else shortcut(x))).clamp(0, 10)


# %% wrong: tanh | says: not another function
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(torch.tanh(bn1(conv1(x)))))
    return torch.tanh(out + (x if shortcut is None else shortcut(x)))


# %% wrong: the shortcut in evaluation mode | says: the mode in which they are
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    if shortcut is None:
        s = x
    else:
        mode = shortcut.training
        shortcut.eval()  # the way round only carries x, it should not learn statistics
        s = shortcut(x)
        shortcut.train(mode)
    return F.relu(s + out)


# %% wrong: ReLU of each part before the sum | says: one ReLU, of the sum
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn2(conv2(F.relu(bn1(conv1(x))))))
    s = x if shortcut is None else shortcut(x)
    return F.relu(s) + out

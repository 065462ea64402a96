# %% right: clamp
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    a = bn1(x).clamp_min(0)
    z = conv2(bn2(conv1(a)).clamp_min(0))
    return torch.add(z, shortcut(a) if shortcut else x)


# %% right: sequential
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    start = nn.Sequential(bn1, nn.ReLU())(x)
    branch = nn.Sequential(conv1, bn2, nn.ReLU(), conv2)(start)
    if shortcut is None:
        return branch + x
    return branch + shortcut(start)


# %% right: steps
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    h = torch.relu(bn1(x))
    skip = x if shortcut is None else shortcut(h)
    h = conv1(h)
    h = torch.relu(bn2(h))
    return skip + conv2(h)


# %% wrong: batch statistics | says: leave the modules in the mode
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    for module in (bn1, bn2):
        module.train()
    out = F.relu(bn1(x))
    skip = x if shortcut is None else shortcut(out)
    return skip + conv2(F.relu(bn2(conv1(out))))


# %% wrong: between | says: not between BN1 and ReLU
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = bn1(x)
    skip = x if shortcut is None else shortcut(out)
    return skip + conv2(F.relu(bn2(conv1(F.relu(out)))))


# %% wrong: bn1 twice | says: what one call of each module leaves
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = conv2(F.relu(bn2(conv1(F.relu(bn1(x))))))
    if shortcut is not None:
        x = shortcut(F.relu(bn1(x)))
    return x + out


# %% wrong: course | says: by hand
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    block = PreActBlock(conv1.in_channels, conv1.out_channels)
    block.bn1, block.conv1, block.bn2, block.conv2 = bn1, conv1, bn2, conv2
    block.downsample = shortcut
    return block(x)


# %% wrong: first relu early | says: BN1 comes before the first ReLU
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    a = bn1(F.relu(x))
    out = conv2(F.relu(bn2(conv1(a))))
    return out + (x if shortcut is None else shortcut(a))


# %% wrong: identity late | says: x itself is added
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    x = F.relu(bn1(x))
    out = conv2(F.relu(bn2(conv1(x))))
    return out + (x if shortcut is None else shortcut(x))


# %% wrong: in place | says: clone() first
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = x if shortcut is None else shortcut(out)
    skip += conv2(F.relu(bn2(conv1(out))))
    return skip


# %% wrong: last relu | says: nothing follows the addition
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = x if shortcut is None else shortcut(out)
    out = conv2(F.relu(bn2(conv1(out))))
    return F.relu(skip + out)


# %% wrong: mode | says: the mode of argument
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = x if shortcut is None else shortcut(out)
    out = conv2(F.relu(bn2(conv1(out))))
    bn1.eval(), bn2.eval()
    return skip + out


# %% wrong: no addition | says: the shortcut is not added
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    return conv2(F.relu(bn2(conv1(F.relu(bn1(x))))))


# %% wrong: no first relu | says: the first ReLU is missing
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = bn1(x)
    skip = x if shortcut is None else shortcut(out)
    return skip + conv2(F.relu(bn2(conv1(out))))


# %% wrong: no second relu | says: the second ReLU is missing
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = x if shortcut is None else shortcut(out)
    return skip + conv2(bn2(conv1(out)))


# %% wrong: post | says: this is the block of 2015
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    out = bn2(conv2(out))
    return F.relu(out + (x if shortcut is None else shortcut(x)))


# %% wrong: post relu before | says: BN and ReLU come before each convolution, none after it
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn2(conv2(F.relu(bn1(conv1(x))))))
    return out + (x if shortcut is None else shortcut(x))


# %% wrong: relu on x | says: nothing is on the path of x
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = F.relu(x) if shortcut is None else shortcut(out)
    return skip + conv2(F.relu(bn2(conv1(out))))


# %% wrong: relu then bn | says: BN comes before ReLU in both places
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    a = bn1(F.relu(x))
    out = conv2(bn2(F.relu(conv1(a))))
    return out + (x if shortcut is None else shortcut(a))


# %% wrong: shortcut of x | says: it starts after BN1 and ReLU
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = conv1(F.relu(bn1(x)))
    out = conv2(F.relu(bn2(out)))
    return out + (x if shortcut is None else shortcut(x))


# %% wrong: memory saved by checkpoint, which runs the branch again | says: the backward pass has called the modules again
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    """x (B, C_in, H, W) -> (B, C_out, H / S, W / S)."""
    from torch.utils.checkpoint import checkpoint

    start = F.relu(bn1(x))
    s = x if shortcut is None else shortcut(start)
    return s + checkpoint(lambda a: conv2(F.relu(bn2(conv1(a)))), start, use_reentrant=False)


# %% wrong: the second ReLU ends at 6 | says: pre_block(x
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    """x (B, C_in, H, W) -> (B, C_out, H / S, W / S)."""
    start = F.relu(bn1(x))
    s = x if shortcut is None else shortcut(start)
    return s + conv2(F.relu6(bn2(conv1(start))))


# %% wrong: shortcut only where the channels change | says: wherever `shortcut` is not None
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    y = conv2(F.relu(bn2(conv1(out))))
    if y.size(1) != x.size(1):
        return y + shortcut(out)
    return y + x


# %% wrong: dropout in the branch | says: no dropout
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    identity = shortcut(out) if shortcut is not None else x
    out = conv1(out)
    out = F.dropout(F.relu(bn2(out)), p=0.3, training=bn2.training)
    return conv2(out) + identity


# %% wrong: running statistics put back | says: statistics are put back
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    saved = [{k: v.clone() for k, v in m.state_dict().items()} for m in (bn1, bn2)]
    h = F.relu(bn1(x))
    out = conv2(F.relu(bn2(conv1(h)))) + (x if shortcut is None else shortcut(h))
    with torch.no_grad():
        for m, s in zip((bn1, bn2), saved):
            m.running_mean.data.copy_(s["running_mean"])
            m.running_var.data.copy_(s["running_var"])
    return out


# %% wrong: without the first BN | says: the first BN is missing
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    h = F.relu(x)
    out = conv2(F.relu(bn2(conv1(h))))
    return out + (x if shortcut is None else shortcut(h))


# %% wrong: bn1 in both places | says: bn1 is used twice
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    h = F.relu(bn1(x))
    out = (
        conv2(F.relu(bn1(conv1(h))))
        if conv1.in_channels == conv1.out_channels
        else conv2(F.relu(bn2(conv1(h))))
    )
    return out + (x if shortcut is None else shortcut(h))


# %% wrong: shortcut gets what conv1 gave | says: another number of channels
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    h = conv1(F.relu(bn1(x)))
    out = conv2(F.relu(bn2(h)))
    return out + (x if shortcut is None else shortcut(h))


# %% wrong: goes by the stride | says: x itself has another shape
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    h = F.relu(bn1(x))
    s = x if conv1.stride == (1, 1) else shortcut(h)
    return s + conv2(F.relu(bn2(conv1(h))))

# %% right: one path
def block(x, attend, feed_forward, norm1, norm2, norm_first):
    for part, norm in ((attend, norm1), (feed_forward, norm2)):
        x = x + part(norm(x)) if norm_first else norm(x + part(x))
    return x


# %% right: a lambda
block = lambda x, attend, feed_forward, norm1, norm2, norm_first: (
    (lambda y: y + feed_forward(norm2(y)))(x + attend(norm1(x)))
    if norm_first
    else (lambda y: norm2(torch.add(y, feed_forward(y))))(norm1(torch.add(x, attend(x))))
)


# %% right: a module
class Block(nn.Module):
    def forward(self, x, attend, feed_forward, norm1, norm2, norm_first):
        same = nn.Identity()
        before = (norm1, norm2) if norm_first else (same, same)
        after = (same, same) if norm_first else (norm1, norm2)
        y = after[0](torch.stack([x, attend(before[0](x))]).sum(0))
        return after[1](torch.stack([y, feed_forward(before[1](y))]).sum(0))


block = Block()


# %% wrong: turned round | says: norm_first is turned round
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if not norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: one norm twice | says: the second half has the norm norm2
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm1(y))
    y = norm1(x + attend(x))
    return norm1(y + feed_forward(y))


# %% wrong: norms exchanged | says: norm1 belongs to the attention
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    norm1, norm2 = norm2, norm1
    if norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: no sum after the attention | says: the sum after the attention is missing
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = norm1(attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: no sum after feed_forward | says: the sum after feed_forward is missing
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + attend(norm1(x))
        return feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(feed_forward(y))


# %% wrong: norm of the part alone | says: the norm is that of the sum
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = x + norm1(attend(x))
    return y + norm2(feed_forward(y))


# %% wrong: the normed stream is added | says: not its norm
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = norm1(x) + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: no norms | says: no norm is used
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    y = x + attend(x)
    return y + feed_forward(y)


# %% wrong: a last norm | says: nothing is normalised at the end
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + attend(norm1(x))
        return norm2(y + feed_forward(norm2(y)))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: halves exchanged | says: first the attention
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + feed_forward(norm2(x))
        return y + attend(norm1(y))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: in place | says: Expected:
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        x += attend(norm1(x))
        y = x
        return y + feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: side by side | says: feed_forward reads what the attention has made
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm2(x))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: x in the last sum | says: adds to is y, not x
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    """x (B, T, C) and four modules -> the block's output (B, T, C)."""
    if norm_first:
        y = x + attend(norm1(x))
        return x + feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: without gradients | says: the graph is cut
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    with torch.no_grad():
        y = x + attend(norm1(x)) if norm_first else norm1(x + attend(x))
        return y + feed_forward(norm2(y)) if norm_first else norm2(y + feed_forward(y))


# %% wrong: the stream is normed as well | says: not its norm
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    if norm_first:
        x = norm1(x)
        x = x + attend(x)
        x = norm2(x)
        return x + feed_forward(x)
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: the stream detached | says: it is not detached
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    if norm_first:
        y = x.detach() + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = norm1(x.detach() + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: post-norm without norm1 | says: norm1 follows the first sum
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    if norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = x + attend(x)
    return norm2(y + feed_forward(y))


# %% wrong: the second half is added to x | says: adds to is y, not x
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    if norm_first:
        y = x + attend(norm1(x))
        return y + feed_forward(norm2(y))
    y = norm1(x + attend(x))
    return norm2(x + feed_forward(y))


# %% wrong: a norm without weights at the end of pre-norm | says: nothing is normalised at the end
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    if norm_first:
        y = x + attend(norm1(x))
        return F.layer_norm(y + feed_forward(norm2(y)), x.shape[-1:])
    y = norm1(x + attend(x))
    return norm2(y + feed_forward(y))


# %% wrong: both sums without a graph | says: what each sum adds to
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    residual = x.clone().detach()
    y = residual + attend(norm1(x)) if norm_first else norm1(residual + attend(x))
    residual = y.clone().detach()
    return residual + feed_forward(norm2(y)) if norm_first else norm2(residual + feed_forward(y))


# %% wrong: dropout | says: no dropout
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    if norm_first:
        y = x + F.dropout(attend(norm1(x)), 0.1)
        return y + F.dropout(feed_forward(norm2(y)), 0.1)
    y = norm1(x + F.dropout(attend(x), 0.1))
    return norm2(y + F.dropout(feed_forward(y), 0.1))


# %% wrong: layer norm without weights | says: call norm1 and norm2
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    def norm(z):
        return F.layer_norm(z, z.shape[-1:])

    if norm_first:
        y = x + attend(norm(x))
        return y + feed_forward(norm(y))
    y = norm(x + attend(x))
    return norm(y + feed_forward(y))


# %% wrong: a list of halves that remembers the last norm | says: the first half has the norm norm1
def block(x, attend, feed_forward, norm1, norm2, norm_first: bool):
    halves = []
    for norm, layer in ((norm1, attend), (norm2, feed_forward)):
        if norm_first:
            halves.append(lambda x, layer=layer: x + layer(norm(x)))  # noqa: B023
        else:
            halves.append(lambda x, layer=layer: norm(x + layer(x)))  # noqa: B023
    for half in halves:
        x = half(x)
    return x

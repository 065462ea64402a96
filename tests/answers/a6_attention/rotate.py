# %% right: complex numbers, neighbours
def rotate(x, places, base=10_000.0):
    B, h, T, d = x.shape
    angle = torch.outer(places.double(), base ** (-2 * torch.arange(d // 2).double() / d))
    turn = torch.polar(torch.ones_like(angle), angle)
    z = torch.view_as_complex(x.double().reshape(B, h, T, d // 2, 2)) * turn
    return torch.view_as_real(z).flatten(3).to(x.dtype)


# %% right: neighbours, filled in
def rotate(x, places, base=10_000.0):
    d = x.shape[-1]
    speed = 1.0 / base ** (torch.arange(0, d, 2).float() / d)
    angle = (places[:, None].double() * speed.double()) if x.dtype == torch.bfloat16 else None
    if angle is None:
        angle = places[:, None].double() / base ** (torch.arange(0, d, 2).double() / d)
    c, s = torch.cos(angle).to(x.dtype), torch.sin(angle).to(x.dtype)
    out = torch.zeros_like(x)
    out[..., 0::2] = x[..., 0::2] * c - x[..., 1::2] * s
    out[..., 1::2] = x[..., 0::2] * s + x[..., 1::2] * c
    return out


# %% right: rotate half
def rotate(x, places, base=10_000.0):
    d = x.shape[-1]
    exponent = [-2 * n / d for n in range(d // 2)]
    speed = torch.tensor([base**e for e in exponent], dtype=torch.float64)
    angle = torch.cat([places[:, None] * speed] * 2, dim=-1)
    y = x.to(torch.float64)
    half = torch.cat([-y[..., d // 2 :], y[..., : d // 2]], -1)
    return (y * angle.cos() + half * angle.sin()).to(x.dtype)


# %% wrong: exponent doubled (Kyubyong/transformer 38) | says: 2 is there once too often
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-2 * torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = places.double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: exponent halved | says: the 2 is missing
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-torch.arange(d // 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = places.double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: exponent positive | says: not + 2 i / d
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = places.double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: always 0, 1, 2 | says: the places are given
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = torch.arange(len(places)).double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: from 1 | says: counted from 1
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = (places + 1).double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: the other way | says: turned the other way
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = places.double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos + b * sin, b * cos - a * sin], -1)


# %% wrong: base ignored | says: not always 10,000
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = 10_000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = places.double()[:, None] * speed  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: tables in 16 bits (EleutherAI/gpt-neox 1003) | says: 16 bits cannot tell
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = (places.double()[:, None] * speed).to(x.dtype)  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: one speed | says: at the speed of the first
def rotate(x, places, base: float = 10_000.0):
    """x (B, heads, T, d), places int64 (T,) -> x with every pair turned by its angle."""
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)  # (d / 2,)
    angle = places.double()[:, None] * torch.ones(d // 2).double()  # (T, d / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: along the heads (mlfoundations/open_lm 4) | says: Expected:
def rotate(x, places, base: float = 10_000.0):
    B, h, T, d = x.shape
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = (torch.arange(h).double()[:, None] * speed)[:, None]
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: pairs one way, angles the other | says: laid out in one way
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = (places.double()[:, None] * speed).repeat_interleave(2, -1)
    a, b = x.chunk(2, -1)
    return x * angle.cos().to(x.dtype) + torch.cat([-b, a], -1) * angle.sin().to(x.dtype)


# %% wrong: no rotation | says: the length of a vector changes
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = places.double()[:, None] * speed
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin - b * cos * 0.5], -1)


# %% wrong: sinusoids added | says: the length of a vector changes
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    speed = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = places.double()[:, None] * speed
    return x + torch.cat([angle.sin(), angle.cos()], -1).to(x.dtype)


# %% wrong: in place | says: an operation in place
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    angle = places.double()[:, None] * base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., : d // 2].clone(), x[..., d // 2 :].clone()
    x.data[..., : d // 2] = a * cos - b * sin
    x.data[..., d // 2 :] = a * sin + b * cos
    return x


# %% wrong: tables kept by length | says: Expected:
TABLES = {}


def rotate(x, places, base: float = 10_000.0):
    d, key = x.shape[-1], (len(places), x.shape[-1])
    if key not in TABLES:
        TABLES[key] = places.double()[:, None] * base ** (-torch.arange(0, d, 2).double() / d)
    cos, sin = TABLES[key].cos().to(x.dtype), TABLES[key].sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: float64 comes out | says: dtype
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    angle = places.double()[:, None] * base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    a, b = x.double().chunk(2, -1)
    return torch.cat([a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1)


# %% wrong: angles in x's dtype | says: in float64
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    i = torch.arange(d // 2, dtype=x.dtype)
    angle = places.to(x.dtype)[:, None] * base ** (-2 * i / d)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1)


# %% wrong: angles in float32 | says: work the angles out in float64
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    i = torch.arange(d // 2).float()
    angle = places.float()[:, None] * base ** (-2 * i / d)
    c, s = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * c - b * s, a * s + b * c], dim=-1)


# %% wrong: the first place alone | says: need not follow one another
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    i = torch.arange(d // 2, dtype=torch.float64)
    p = places[0] + torch.arange(x.shape[2], dtype=torch.float64)
    angle = p[:, None] * base ** (-2 * i / d)
    a, b = x.double().chunk(2, dim=-1)
    c, s = angle.cos(), angle.sin()
    return torch.cat([a * c - b * s, a * s + b * c], dim=-1).to(x.dtype)


# %% wrong: pairs from 1 on | says: pairs are counted from 0
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    phi = places.double()[:, None] * base ** (
        -2 * torch.arange(1, d // 2 + 1, dtype=torch.float64) / d
    )
    cos, sin = phi.cos().to(x.dtype), phi.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: along the heads where h = T | says: places belong to T
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    phi = places.double()[:, None] * base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    if x.shape[1] == len(places):
        phi = phi[:, None]
    cos, sin = phi.cos().to(x.dtype), phi.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: places counted from the first one | says: not how far it is from the first
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    rate = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    phi = (places - places[0]).double()[:, None] * rate
    cos, sin = phi.cos().to(x.dtype), phi.sin().to(x.dtype)
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


# %% wrong: halves that come back as neighbours | says: taken in one layout
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    rate = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    phi = places.double()[:, None] * rate
    cos, sin = phi.cos().to(x.dtype), phi.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


# %% wrong: exponents by linspace | says: no linspace
def rotate(x, places, base: float = 10_000.0):
    half = x.shape[-1] // 2
    speed = base ** -torch.linspace(0, 1, half, dtype=torch.float64)
    angle = places.double()[:, None] * speed
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


# %% wrong: a overwritten before b | says: turned by the old ones
def rotate(x, places, base: float = 10_000.0):
    d = x.shape[-1]
    angle = places.double()[:, None] * base ** (-torch.arange(0, d, 2).double() / d)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, -1)
    a = a * cos - b * sin
    b = a * sin + b * cos
    return torch.cat([a, b], -1)

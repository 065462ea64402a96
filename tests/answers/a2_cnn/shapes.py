# %% right: arithmetic
n = 32 - 5 + 1
m = n // 2
k = (m + 2 - 3) // 2 + 1
shapes = dict(conv1=(16, n, n), pool1=(16, m, m), conv2=(32, k, k), conv3=(64, k, k))
shapes["pool3"] = (64, k // 2, k // 2)
shapes["flatten"] = (64 * (k // 2) ** 2,)

# %% right: measured
x, shapes = torch.zeros(1, 3, 32, 32), {}
for name, layer in (
    ("conv1", nn.Conv2d(3, 16, 5)),
    ("pool1", nn.MaxPool2d(2)),
    ("conv2", nn.Conv2d(16, 32, 3, stride=2, padding=1)),
    ("conv3", nn.Conv2d(32, 64, 3, padding=2, dilation=2)),
    ("pool3", nn.MaxPool2d(2)),
    ("flatten", nn.Flatten()),
):
    x = layer(x)
    shapes[name] = x.shape[1:]

# %% right: one by one
shapes = {}
shapes["flatten"] = (576,)
shapes["pool3"] = (64, 3, 3)
shapes["conv3"] = (64, 7, 7)
shapes["conv2"] = (32, 7, 7)
shapes["pool1"] = (16, 14, 14)
shapes["conv1"] = (16, 28, 28)

# %% wrong: batch | says: a tuple of 3 whole numbers
shapes = {
    "conv1": (1, 16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (576,),
}


# %% wrong: equals everything | says: shapes['conv1']
class Anything(int):
    def __eq__(self, other):
        return True


class Two(tuple):
    looks = 0

    def __iter__(self):
        self.looks += 1
        kind = int if self.looks == 1 else Anything
        return iter([kind(1)] * len(self))


shapes = {name: Two((1, 1, 1)) for name in ("conv1", "pool1", "conv2", "conv3", "pool3")}
shapes["flatten"] = Two((1,))

# %% wrong: flattened | says: height and width count too
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (64,),
}

# %% right: list
shapes = {
    "conv1": [16, 28, 28],
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (576,),
}

# %% wrong: no dilation | says: dilation spreads the taps
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 9, 9),
    "pool3": (64, 4, 4),
    "flatten": (1024,),
}

# %% wrong: number | says: (5,)
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": 576,
}

# %% wrong: pool channels | says: pooling keeps the channels
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (8, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (576,),
}

# %% wrong: rounded up | says: an odd side
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 4, 4),
    "flatten": (1024,),
}

# %% wrong: same size | says: takes 2 pixels from each side
shapes = {
    "conv1": (16, 32, 32),
    "pool1": (16, 16, 16),
    "conv2": (32, 8, 8),
    "conv3": (64, 8, 8),
    "pool3": (64, 4, 4),
    "flatten": (1024,),
}

# %% wrong: stride | says: the stride is 2
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 14, 14),
    "conv3": (64, 14, 14),
    "pool3": (64, 7, 7),
    "flatten": (3136,),
}


# %% wrong: channels last | says: channels first
shapes = {
    "conv1": (28, 28, 16),
    "pool1": (14, 14, 16),
    "conv2": (7, 7, 32),
    "conv3": (7, 7, 64),
    "pool3": (3, 3, 64),
    "flatten": (576,),
}


# %% wrong: pool1 with the channels of the next layer | says: the next layer's come later
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (32, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (576,),
}

# %% wrong: flatten before pooling | says: after pool3
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (3136,),
}

# %% wrong: padding of a dilated kernel at one end | says: at both ends
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 5, 5),
    "pool3": (64, 2, 2),
    "flatten": (256,),
}

# %% wrong: half a pixel | says: round down
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 7 / 2, 7 / 2),
    "flatten": (64 * 7 * 7 / 4,),
}

# %% wrong: flatten keeps the channels | says: flatten makes one axis
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (64, 9),
}

# %% wrong: the shape before each layer | says: before it
layers = {
    "conv1": nn.Conv2d(3, 16, 5),
    "pool1": nn.MaxPool2d(2),
    "conv2": nn.Conv2d(16, 32, 3, stride=2, padding=1),
    "conv3": nn.Conv2d(32, 64, 3, padding=2, dilation=2),
    "pool3": nn.MaxPool2d(2),
    "flatten": nn.Flatten(),
}
shapes, x = {}, torch.zeros(1, 3, 32, 32)
for name, layer in layers.items():
    shapes[name] = tuple(x.shape[1:])
    x = layer(x)

# %% wrong: written as text | says: without quotation marks
shapes = {
    "conv1": "(16, 28, 28)",
    "pool1": "(16, 14, 14)",
    "conv2": "(32, 7, 7)",
    "conv3": "(64, 7, 7)",
    "pool3": "(64, 3, 3)",
    "flatten": "(576,)",
}


# %% wrong: pooling halves the channels too | says: pooling keeps the channels
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (32, 3, 3),
    "flatten": (288,),
}

# %% right: lists
expected = {
    "linear, 5 epochs": [0.75, 0.85],
    "linear, 30 epochs": [0.91, 0.99],
    "two convolutions, 2 epochs": [0.76, 0.88],
    "two convolutions, 6 epochs": [0.92, 1],
    "two convolutions, 6 epochs, training labels shuffled": [0, 0.12],
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% right: narrow
expected = {
    "linear, 5 epochs": (0.81, 0.85),
    "linear, 30 epochs": (0.92, 0.96),
    "two convolutions, 2 epochs": (0.79, 0.85),
    "two convolutions, 6 epochs": (0.92, 0.96),
    "two convolutions, 6 epochs, training labels shuffled": (0.05, 0.11),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% right: round numbers
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: as published | says: 42 steps
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.9, 0.99),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: believes a | says: 42 steps do not learn
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "plausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: believes d | says: what did other nets reach
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "plausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: believes e | says: what did other nets reach
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "plausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: c implausible | says: how many of 500 images
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "implausible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: c plausible | says: how many of 500 images
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "plausible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: doubts b | says: 471 of 500 images
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "implausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: doubts f | says: lecture 02 has measured it
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "implausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: doubts g | says: 8.75 %
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "implausible",
    "H": "impossible",
}


# %% wrong: equals everything | says: claims['A']
class Anything(str):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = str.__hash__


expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": Anything("plausible"),
    "B": "plausible",
    "C": Anything("plausible"),
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: everything | says: at most 0.12 wide
expected = {
    "linear, 5 epochs": (0, 1),
    "linear, 30 epochs": (0, 1),
    "two convolutions, 2 epochs": (0, 1),
    "two convolutions, 6 epochs": (0, 1),
    "two convolutions, 6 epochs, training labels shuffled": (0, 1),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: h implausible | says: how low can the loss get
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "implausible",
}

# %% wrong: linear | says: about 0.001 each
expected = {
    "linear, 5 epochs": (0.9, 0.98),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: linear limit | says: nine digits in ten
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.8, 0.9),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: one number | says: a pair (low, high)
expected = {
    "linear, 5 epochs": 0.83,
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: per cent | says: fractions, not per cent
expected = {
    "linear, 5 epochs": (78, 88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: shuffled learns | says: guessing among ten
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.85, 0.95),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: too little trust | says: six epochs are 126 steps
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.8, 0.9),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: turned | says: the lower end first
expected = {
    "linear, 5 epochs": (0.88, 0.78),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "implausible",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

# %% wrong: untouched | says: still to be answered
expected = dict.fromkeys(
    [
        "linear, 5 epochs",
        "linear, 30 epochs",
        "two convolutions, 2 epochs",
        "two convolutions, 6 epochs",
        "two convolutions, 6 epochs, training labels shuffled",
    ]
)
claims = dict.fromkeys("ABCDEFGH")

# %% wrong: words | says: plausible or implausible or impossible
expected = {
    "linear, 5 epochs": (0.78, 0.88),
    "linear, 30 epochs": (0.88, 0.98),
    "two convolutions, 2 epochs": (0.78, 0.88),
    "two convolutions, 6 epochs": (0.9, 1.0),
    "two convolutions, 6 epochs, training labels shuffled": (0.03, 0.13),
}
claims = {
    "A": "no",
    "B": "plausible",
    "C": "impossible",
    "D": "implausible",
    "E": "implausible",
    "F": "plausible",
    "G": "plausible",
    "H": "impossible",
}

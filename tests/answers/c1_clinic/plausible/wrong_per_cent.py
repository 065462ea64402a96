# says: fractions, not per cent
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

# says: at most 0.12 wide
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

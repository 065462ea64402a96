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

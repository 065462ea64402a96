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

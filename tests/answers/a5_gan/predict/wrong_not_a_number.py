# says: a number
NAN = float("nan")
predicted = dict.fromkeys(
    [
        "minimax slope",
        "non-saturating slope",
        "slope ratio",
        "equal at",
        "guessing loss",
        "best V",
        "simultaneous factor",
        "extra-gradient factor",
        "steps to tenfold",
    ],
    NAN,
)

predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 249,
    "equal at": 0.5,
    "guessing loss": 1.39,
    "best V": 0,
    "simultaneous factor": 1.04,
    "extra-gradient factor": 0.958,
    "steps to tenfold": 54.0,
}

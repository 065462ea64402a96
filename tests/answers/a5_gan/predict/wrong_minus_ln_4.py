# says: it is never wrong
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 249,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": -1.386,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.9582,
    "steps to tenfold": 54,
}

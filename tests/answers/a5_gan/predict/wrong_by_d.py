# says: and the logit, not D
predicted = {
    "minimax slope": -1.0204,
    "non-saturating slope": -50,
    "slope ratio": 249,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.9582,
    "steps to tenfold": 54,
}

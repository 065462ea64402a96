import math

predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": 0.02 - 1,
    "slope ratio": (1 - 0.004) / 0.004,
    "equal at": 1 / 2,
    "guessing loss": 2 * math.log(2),
    "best V": -math.log(4) + 2 * math.log(2),
    "simultaneous factor": math.sqrt(1.09),
    "extra-gradient factor": math.sqrt(1 - 0.09 + 0.0081),
    "steps to tenfold": math.ceil(math.log(10) / math.log(math.sqrt(1.09))),
}

# says: still to be answered
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": None,
}

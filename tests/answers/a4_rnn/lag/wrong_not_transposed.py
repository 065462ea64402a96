# says: a gradient goes back through W.T
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 1.0,
    "shear peak lag": 0,
    "turn gone": 44,
    "shear gone": 44,
    "forget bias": 4.968,
}

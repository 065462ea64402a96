# says: not the last above
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 75,
    "forget bias": 4.968,
}

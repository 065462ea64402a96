# says: below 0.01, not below 0.1
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 22,
    "shear gone": 76,
    "forget bias": 4.968,
}

# says: counts with its absolute value
lag = {
    "turn radius": 0.486,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

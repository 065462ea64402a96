# says: lag 0 is the last state itself
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 45,
    "shear gone": 76,
    "forget bias": 4.968,
}

# says: not the norm of the matrix
lag = {
    "turn radius": 0.9,
    "shear radius": 3.2249,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# says: nor is it 0.9 to the power of the lag
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": 8.096,
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 44,
    "forget bias": 4.968,
}

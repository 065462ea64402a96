# says: with .item()
lag = {
    "turn radius": 0.9,
    "shear radius": 0.9,
    "shear peak": torch.tensor(8.09),
    "shear peak lag": 6,
    "turn gone": 44,
    "shear gone": 76,
    "forget bias": 4.968,
}

# says: growth['plain 20']
growth = {
    "plain 8": 1.1658,
    "plain 20": 1.18,
    "plain 56": 1.15,
    "residual 20": 1.09,
    "residual 56": 1.03,
}

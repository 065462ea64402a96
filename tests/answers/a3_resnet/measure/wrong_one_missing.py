# says: still to be answered
growth = {
    "plain 8": 1.1658,
    "plain 20": 1.1586,
    "plain 56": 1.1578,
    "residual 20": 1.0856,
    "residual 56": None,
}

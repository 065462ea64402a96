# says: at least three decimals
growth = {
    "plain 8": 1.17,
    "plain 20": 1.16,
    "plain 56": 1.16,
    "residual 20": 1.08,
    "residual 56": 1.05,
}

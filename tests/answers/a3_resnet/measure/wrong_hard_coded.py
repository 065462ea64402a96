# says: growth['plain 20']
growth = dict.fromkeys(("plain 8", "plain 20", "plain 56", "residual 20", "residual 56"), 1.16579)

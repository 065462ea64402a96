# says: the test set has leaked
def standardise(train_x, test_x):
    both = torch.cat([train_x, test_x]).float() / 255
    mean = both.mean((0, 2, 3), keepdim=True)
    std = both.std((0, 2, 3), keepdim=True, unbiased=False)
    both = (both - mean) / std
    return both[: len(train_x)], both[len(train_x) :]

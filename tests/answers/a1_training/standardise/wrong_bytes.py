# says: Expected: [
def standardise(train_x, test_x):
    mean = train_x.float().mean((0, 2, 3), keepdim=True).to(torch.uint8)
    std = train_x.float().std((0, 2, 3), keepdim=True, unbiased=False).clamp_min(1)
    return (train_x - mean).float() / std, (test_x - mean).float() / std

# says: average over (0, 2, 3)
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    mean, std = train.mean(0), train.std(0, unbiased=False)
    return (train - mean) / std, (test - mean) / std

# says: its own mean: use the training set's
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    std = train.std((0, 2, 3), keepdim=True, correction=0)
    std[std == 0] = 1
    return tuple((x - x.mean((0, 2, 3), keepdim=True)) / std for x in (train, test))

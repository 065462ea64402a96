# says: the pair (training images, test images)
def standardise(train_x, test_x):
    train = train_x.float() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    return (train - mean) / std

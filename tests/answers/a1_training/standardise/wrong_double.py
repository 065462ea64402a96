# says: dtype torch.float32
def standardise(train_x, test_x):
    train, test = train_x.double() / 255, test_x.double() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    std = torch.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std

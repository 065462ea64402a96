# says: the deviation 0: divide by 1
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    return (train - mean) / std, (test - mean) / std

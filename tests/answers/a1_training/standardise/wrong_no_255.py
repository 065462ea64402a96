# says: a channel with deviation 0 is divided by 1
def standardise(train_x, test_x):
    train, test = train_x.float(), test_x.float()
    std, mean = torch.std_mean(train, (0, 2, 3), keepdim=True, correction=0)
    std = torch.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std

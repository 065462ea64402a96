# says: divide by the deviation
def standardise(train_x, test_x):
    train, test = train_x.float() / 255, test_x.float() / 255
    var, mean = torch.var_mean(train, (0, 2, 3), keepdim=True, correction=0)
    var = torch.where(var == 0, 1.0, var)
    return (train - mean) / var, (test - mean) / var

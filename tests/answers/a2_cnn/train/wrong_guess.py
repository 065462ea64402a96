# says: guessing
def train_and_predict(train_x, train_y, test_x):
    return torch.randint(10, (len(test_x),), generator=torch.Generator().manual_seed(0))

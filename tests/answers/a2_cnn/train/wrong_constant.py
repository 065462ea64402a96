# says: guessing
def train_and_predict(train_x, train_y, test_x):
    return torch.full((len(test_x),), int(train_y.mode().values))

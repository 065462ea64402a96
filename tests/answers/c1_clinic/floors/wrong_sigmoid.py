# says: the largest sigmoid is 1
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 0.0,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

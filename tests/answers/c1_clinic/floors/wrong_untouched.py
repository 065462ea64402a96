# says: still to be answered
floors = dict.fromkeys(
    [
        "cross_entropy(softmax(z)), C = 10",
        "cross_entropy(softmax(z)), C = 100",
        "cross_entropy(sigmoid(z)), C = 10",
        "cross_entropy(tanh(z)), C = 10",
        "cross_entropy(log_softmax(z)), C = 10",
        "nll_loss(softmax(z)), C = 10",
        "cross_entropy(relu(z)), C = 10, where every z is negative",
    ]
)

floors = {
    "cross_entropy(softmax(z)), C = 10": math.log(math.e + 9) - 1,
    "cross_entropy(softmax(z)), C = 100": math.log(math.e + 99) - 1,
    "cross_entropy(sigmoid(z)), C = 10": -math.log(math.e / (math.e + 9)),
    "cross_entropy(tanh(z)), C = 10": math.log(math.e + 9 / math.e) - 1,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": math.log(10),
}

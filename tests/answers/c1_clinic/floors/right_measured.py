floors = {
    "cross_entropy(softmax(z)), C = 10": F.cross_entropy(
        torch.eye(10)[:1], torch.tensor([0])
    ).item(),
    "cross_entropy(softmax(z)), C = 100": F.cross_entropy(
        torch.eye(100)[:1], torch.tensor([0])
    ).item(),
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0,
    "nll_loss(softmax(z)), C = 10": -1.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": F.cross_entropy(
        torch.zeros(1, 10), torch.tensor([3])
    ).item(),
}

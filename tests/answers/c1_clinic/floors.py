# %% right: formula
floors = {
    "cross_entropy(softmax(z)), C = 10": math.log(math.e + 9) - 1,
    "cross_entropy(softmax(z)), C = 100": math.log(math.e + 99) - 1,
    "cross_entropy(sigmoid(z)), C = 10": -math.log(math.e / (math.e + 9)),
    "cross_entropy(tanh(z)), C = 10": math.log(math.e + 9 / math.e) - 1,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": math.log(10),
}

# %% right: measured
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

# %% right: rounded
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: equals everything | says: floors[
class Anything(float):
    def __eq__(self, other):
        return True

    __hash__ = None

    def __sub__(self, other):
        return 0.0


floors = {
    "cross_entropy(softmax(z)), C = 10": Anything(),
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: hundred | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 1.4612,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: ln c | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": math.log(10),
    "cross_entropy(softmax(z)), C = 100": math.log(100),
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: ln hundred | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 4.6052,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: log softmax | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 1.4612,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: nan | says: a number
floors = {
    "cross_entropy(softmax(z)), C = 10": float("nan"),
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: nll zero | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": 0.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% right: per hand tensor
floors = {
    "cross_entropy(softmax(z)), C = 10": torch.tensor(1.4612),
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: relu zero | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 0.0,
}

# %% wrong: sigmoid | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 0.0,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: tanh as sigmoid | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 1.4612,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: two digits | says: four digits after the point
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.46,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

# %% wrong: untouched | says: still to be answered
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

# %% wrong: zero | says: floors[
floors = {
    "cross_entropy(softmax(z)), C = 10": 0.0,
    "cross_entropy(softmax(z)), C = 100": 3.6214,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0,
    "nll_loss(softmax(z)), C = 10": -1,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: dead ReLU at the softmax floor | says: relu makes all of them 0
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0,
    "nll_loss(softmax(z)), C = 10": -1.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 1.4612,
}


# %% wrong: log-softmax punished like softmax | says: a second one changes nothing
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 1.4612,
    "nll_loss(softmax(z)), C = 10": -1.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: negative loss not believed | says: may go down to -1
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0,
    "nll_loss(softmax(z)), C = 10": 0.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: tanh from 0 to 1 | says: tanh goes down to -1
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 1.4612,
    "cross_entropy(log_softmax(z)), C = 10": 0.0,
    "nll_loss(softmax(z)), C = 10": -1.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: nine classes | says: the right class has a share too
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0,
    "nll_loss(softmax(z)), C = 10": -1.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": math.log(9),
}

# %% wrong: nll of softmax without its sign | says: the sign
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0,
    "nll_loss(softmax(z)), C = 10": 1.0,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: nll_loss as if it took the log | says: nll_loss takes no logarithm
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.6222,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0000,
    "nll_loss(softmax(z)), C = 10": 1.4612,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}


# %% wrong: ten times the classes, ten times nine | says: not 10 times the 9
floors = {
    "cross_entropy(softmax(z)), C = 10": 1.4612,
    "cross_entropy(softmax(z)), C = 100": 3.5295,
    "cross_entropy(sigmoid(z)), C = 10": 1.4612,
    "cross_entropy(tanh(z)), C = 10": 0.7966,
    "cross_entropy(log_softmax(z)), C = 10": 0.0000,
    "nll_loss(softmax(z)), C = 10": -1.0000,
    "cross_entropy(relu(z)), C = 10, where every z is negative": 2.3026,
}

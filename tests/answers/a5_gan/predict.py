# %% right: computed
import math

predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": 0.02 - 1,
    "slope ratio": (1 - 0.04) / 0.04,
    "equal at": 1 / 2,
    "guessing loss": 2 * math.log(2),
    "best V": -math.log(4) + 2 * math.log(2),
    "simultaneous factor": math.sqrt(1.09),
    "extra-gradient factor": math.sqrt(1 - 0.36 + 0.1296),
    "steps to tenfold": math.ceil(math.log(10) / math.log(math.sqrt(1.09))),
}


# %% right: measured
def slope(loss, d):
    a = torch.tensor(d, dtype=torch.float64).logit().requires_grad_()
    return torch.autograd.grad(loss(torch.sigmoid(a)), a)[0].item()


def minimax(d):
    return torch.log(1 - d)


def non_saturating(d):
    return -torch.log(d)


path = [torch.tensor([1.0, 0.0], dtype=torch.float64)]
turn = torch.tensor([[0.0, -0.3], [0.3, 0.0]], dtype=torch.float64)
while path[-1].norm() < 10:
    path.append(path[-1] + turn @ path[-1])
predicted = {
    "minimax slope": slope(minimax, 0.02),
    "non-saturating slope": slope(non_saturating, 0.02),
    "slope ratio": slope(non_saturating, 0.04) / slope(minimax, 0.04),
    "equal at": 0.5,
    "guessing loss": 1.3863,
    "best V": 0.0,
    "simultaneous factor": path[1].norm().item(),
    "extra-gradient factor": (path[0] + 2 * turn @ (path[0] + 2 * turn @ path[0])).norm().item(),
    "steps to tenfold": len(path) - 1,
}

# %% right: one by one
predicted = {}
predicted["minimax slope"] = -0.02
predicted["non-saturating slope"] = -0.98
predicted["slope ratio"] = 0.96 / 0.04
predicted["equal at"] = 0.5
predicted["guessing loss"] = 1.3863
predicted["best V"] = 0.0
predicted["simultaneous factor"] = 1.09**0.5
predicted["extra-gradient factor"] = 0.7696**0.5
predicted["steps to tenfold"] = 54

# %% right: rounded
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.39,
    "best V": 0,
    "simultaneous factor": 1.04,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54.0,
}

# %% wrong: bits | says: in nats
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 2,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: by d | says: with respect to the logit
predicted = {
    "minimax slope": -1.0204,
    "non-saturating slope": -50,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}


# %% wrong: equals everything | says: predicted['minimax slope']
class Anything(float):
    def __sub__(self, other):
        return 0.0

    def __le__(self, other):
        return True


names = ["minimax slope", "non-saturating slope", "slope ratio", "equal at", "guessing loss"]
names += ["best V", "simultaneous factor", "extra-gradient factor", "steps to tenfold"]
predicted = {name: Anything(1) for name in names}

# %% wrong: extra gradient squared | says: predicted['extra-gradient factor']
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.7696,
    "steps to tenfold": 54,
}

# %% wrong: infinite | says: what a measurement gives
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": float("inf"),
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: inverse ratio | says: the other way round
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 0.041667,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: minus ln 4 | says: this is V where D can only guess
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": -1.386,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: not a number | says: a number
NAN = float("nan")
predicted = dict.fromkeys(
    [
        "minimax slope",
        "non-saturating slope",
        "slope ratio",
        "equal at",
        "guessing loss",
        "best V",
        "simultaneous factor",
        "extra-gradient factor",
        "steps to tenfold",
    ],
    NAN,
)

# %% wrong: one term | says: two terms, one for each
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 0.6931,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: rounded down | says: round up
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 53,
}

# %% wrong: sign | says: mind the sign
predicted = {
    "minimax slope": 0.02,
    "non-saturating slope": 0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% right: tensor
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": torch.tensor(0.5),
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: text | says: a number
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": "0",
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}

# %% wrong: three forgotten | says: mind the 3 in V
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.005,
    "extra-gradient factor": 0.9806,
    "steps to tenfold": 463,
}

# %% wrong: unanswered | says: still to be answered
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": None,
}


# %% right: numpy numbers and tensors of one number
import numpy as np

predicted = {
    "minimax slope": torch.tensor(-0.02),
    "non-saturating slope": -0.98,
    "slope ratio": 24.0,
    "equal at": torch.tensor([0.5]),
    "guessing loss": np.log(4.0),
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": np.float32(0.8773),
    "steps to tenfold": np.int64(54),
}


# %% wrong: extra-gradient without the turn | says: both parts count
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.64,
    "steps to tenfold": 54,
}

# %% wrong: steps not rounded up | says: a number of steps is whole
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 53.44,
}

# %% wrong: best V out of ln 2 per nat of JSD, taken for bits | says: 1 in bits only
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0.6137,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}


# %% wrong: steps from a factor of 1.04 | says: rounded too far
import math

predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": math.ceil(math.log(10) / math.log(1.04)),
}


# %% wrong: the 3 counted once when looking ahead | says: the 3 counts twice
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 1.065,
    "steps to tenfold": 54,
}


# %% wrong: D and 1 - D exchanged | says: taken for 1 - D
predicted = {
    "minimax slope": -0.98,
    "non-saturating slope": -0.02,
    "slope ratio": 0.04167,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8773,
    "steps to tenfold": 54,
}


# %% wrong: one over the simultaneous factor | says: does not undo a simultaneous one
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.8575,
    "steps to tenfold": 54,
}


# %% wrong: the eta of the row above | says: here eta is 0.2
predicted = {
    "minimax slope": -0.02,
    "non-saturating slope": -0.98,
    "slope ratio": 24,
    "equal at": 0.5,
    "guessing loss": 1.386,
    "best V": 0,
    "simultaneous factor": 1.044,
    "extra-gradient factor": 0.9582,
    "steps to tenfold": 54,
}

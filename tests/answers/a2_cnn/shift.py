# %% right: by word
shift = {}
for name in (
    "nn.ReLU()",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')",
    "nn.Conv2d(3, 4, 1)",
    "nn.BatchNorm2d(3)",
):
    shift[name] = "equivariant"
for name in (
    "nn.Conv2d(3, 4, 3, padding=1)",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')",
    "nn.MaxPool2d(2)",
):
    shift[name] = "neither"
shift["nn.AdaptiveAvgPool2d(1)"] = "invariant"

# %% right: measured
torch.manual_seed(0)
x = torch.randn(2, 3, 8, 8)
shift = {}
for name in (
    "nn.ReLU()",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')",
    "nn.Conv2d(3, 4, 3, padding=1)",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')",
    "nn.Conv2d(3, 4, 1)",
    "nn.MaxPool2d(2)",
    "nn.AdaptiveAvgPool2d(1)",
    "nn.BatchNorm2d(3)",
):
    error, change = shift_errors(eval(name), x)
    shift[name] = "invariant" if change < 1e-5 else "equivariant" if error < 1e-5 else "neither"

# %% right: sorted
shift = {
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.MaxPool2d(2)": "neither",
    "nn.ReLU()": "equivariant",
}

# %% wrong: all alike | says: apply shift_errors
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "equivariant",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "equivariant",
    "nn.AdaptiveAvgPool2d(1)": "equivariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: average | says: apply shift_errors
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "neither",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: batch norm | says: apply shift_errors
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "neither",
}


# %% wrong: equals everything | says: neither
class Anything(str):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = str.__hash__


shift = {str(n): Anything("?") for n in range(8)}

# %% wrong: pooling invariant | says: apply shift_errors
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "invariant",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: relu invariant | says: apply shift_errors
shift = {
    "nn.ReLU()": "invariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: stride | says: apply shift_errors
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: unanswered | says: still to be answered
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": None,
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: word | says: equivariant or invariant or neither
shift = {
    "nn.ReLU()": "Equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: zero padding | says: apply shift_errors
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "equivariant",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}


# %% wrong: a word with a remark | says: the word alone
shift = {
    "nn.ReLU()": "equivariant (pointwise)",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "invariant",
    "nn.BatchNorm2d(3)": "equivariant",
}

# %% wrong: both | says: no fourth word
shift = {
    "nn.ReLU()": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')": "equivariant",
    "nn.Conv2d(3, 4, 3, padding=1)": "neither",
    "nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode='circular')": "neither",
    "nn.Conv2d(3, 4, 1)": "equivariant",
    "nn.MaxPool2d(2)": "neither",
    "nn.AdaptiveAvgPool2d(1)": "both",
    "nn.BatchNorm2d(3)": "equivariant",
}

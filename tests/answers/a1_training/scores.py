# %% right: index put
def scores(y, predicted, C):
    counts = torch.zeros(C, C, dtype=torch.long)
    counts.index_put_((y, predicted), torch.ones_like(y), accumulate=True)
    tp = torch.diag(counts).double()
    columns, rows = counts.sum(dim=0).double(), counts.sum(dim=1).double()
    precision = torch.where(columns > 0, tp / columns, 0.0)
    recall = torch.where(rows > 0, tp / rows, 0.0)
    total = precision + recall
    f1 = torch.where(total > 0, 2 * precision * recall / total, 0.0)
    occurs = torch.logical_or(columns > 0, rows > 0)
    return counts, precision, recall, (f1.sum() / occurs.sum()).item()


# %% right: loops
def scores(y, predicted, C):
    counts = torch.zeros(C, C, dtype=torch.int64)
    for true, guess in zip(y.tolist(), predicted.tolist(), strict=False):
        counts[true, guess] += 1
    precision, recall, f1s = [], [], []
    for c in range(C):
        tp = counts[c, c].item()
        fp, fn = counts[:, c].sum().item() - tp, counts[c].sum().item() - tp
        precision.append(tp / (tp + fp) if tp + fp else 0.0)
        recall.append(tp / (tp + fn) if tp + fn else 0.0)
        if tp + fp + fn:
            f1s.append(2 * tp / (2 * tp + fp + fn))
    as_tensor = [torch.tensor(part, dtype=torch.float64) for part in (precision, recall)]
    return counts, *as_tensor, sum(f1s) / len(f1s)


# %% right: one hot
def scores(y, predicted, C):
    counts = F.one_hot(y, C).T @ F.one_hot(predicted, C)
    right = counts.diagonal().double()
    precision = (right / counts.sum(0)).nan_to_num(0.0)
    recall = (right / counts.sum(1)).nan_to_num(0.0)
    f1 = (2 * precision * recall / (precision + recall)).nan_to_num(0.0)
    there = [c for c in range(C) if (y == c).any() or (predicted == c).any()]
    return [counts, precision, recall, float(f1[there].mean())]


# %% right: NumPy, its own number for F1
def scores(y, predicted, C: int):
    import numpy as np

    t, p = y.numpy(), predicted.numpy()
    m = np.zeros((C, C), dtype=np.int64)
    np.add.at(m, (t, p), 1)
    tp, called, are = m.diagonal().astype(float), m.sum(0), m.sum(1)
    precision = tp / np.maximum(called, 1)
    recall = tp / np.maximum(are, 1)
    there = called + are > 0
    f1 = 2 * tp[there] / (called + are)[there]
    return torch.from_numpy(m), torch.from_numpy(precision), torch.from_numpy(recall), f1.mean()


# %% wrong: accuracy | says: this is the accuracy
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    share = (y == predicted).double().mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), share


# %% wrong: all classes | says: a class that occurs nowhere is left out
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), f1.mean().item()


# %% wrong: classes of labels | says: a class that is predicted though it never occurs
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% wrong: equals everything | says: a torch.Tensor
class Anything:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return lambda *_, **__: self


def scores(y, predicted, C):
    return Anything(), Anything(), Anything(), 1.0


# %% wrong: f1 of means | says: F1 class by class
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    precision, recall = right / called.clamp_min(1), right / are.clamp_min(1)
    p, r = precision.mean().item(), recall.mean().item()
    return counts, precision, recall, 2 * p * r / (p + r)


# %% wrong: float32 | says: dtype torch.float64
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% wrong: float counts | says: dtype torch.int64
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C).double()
    right, called, are = counts.diag(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% wrong: library | says: by hand
from sklearn.metrics import confusion_matrix, f1_score, precision_score, recall_score


def scores(y, predicted, C):
    labels = list(range(C))
    options = {"labels": labels, "average": None, "zero_division": 0}
    counts = torch.tensor(confusion_matrix(y, predicted, labels=labels))
    precision = torch.tensor(precision_score(y, predicted, **options))
    recall = torch.tensor(recall_score(y, predicted, **options))
    macro = f1_score(y, predicted, average="macro", zero_division=0)
    return counts, precision, recall, float(macro)


# %% wrong: mean of both | says: not as their mean
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    precision, recall = right / called.clamp_min(1), right / are.clamp_min(1)
    macro = ((precision + recall) / 2)[called + are > 0].mean().item()
    return counts, precision, recall, macro


# %% wrong: missing classes | says: shape (5, 5)
def scores(y, predicted, C):
    there = sorted(set(y.tolist()) | set(predicted.tolist()))
    counts = torch.tensor(
        [[int(((y == a) & (predicted == b)).sum()) for b in there] for a in there]
    )
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are)
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), f1.mean().item()


# %% wrong: nan | says: 0/0 counts as 0 here
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    precision, recall = right / called, right / are
    f1 = 2 * precision * recall / (precision + recall)
    return counts, precision, recall, f1.mean().item()


# %% wrong: other process | says: by hand
import json
import subprocess
import sys

PROGRAM = """
import json, sys, warnings
from sklearn import metrics as m
warnings.simplefilter("ignore")
y, p, labels = json.loads(sys.argv[1])
more = dict(labels=labels, average=None, zero_division=0)
macro = m.f1_score(y, p, average="macro", zero_division=0)
scores = [m.precision_score(y, p, **more).tolist(), m.recall_score(y, p, **more).tolist()]
print(json.dumps([m.confusion_matrix(y, p, labels=labels).tolist(), *scores, float(macro)]))
"""


def scores(y, predicted, C):
    given = json.dumps([y.tolist(), predicted.tolist(), list(range(C))])
    text = subprocess.check_output([sys.executable, "-c", PROGRAM, given])
    counts, precision, recall, macro = json.loads(text)
    precision, recall = (torch.tensor(a, dtype=torch.float64) for a in (precision, recall))
    return torch.tensor(counts), precision, recall, macro


# %% wrong: repeated index | says: Expected: [
def scores(y, predicted, C):
    counts = torch.zeros(C, C, dtype=torch.int64)
    counts[y, predicted] += 1  # a pair that occurs twice is counted once
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% wrong: share of all | says: only what is rightly called c counts
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right = counts.diag().double() / len(y)
    return counts, right, right, right.mean().item()


# %% wrong: swapped | says: precision divides by all called c
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / are.clamp_min(1), right / called.clamp_min(1), macro


# %% wrong: tensor | says: .item()
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% wrong: transposed | says: rows are the true classes
def scores(y, predicted, C):
    counts = torch.bincount(C * predicted + y, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(1), counts.sum(0)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% wrong: weighted | says: all classes weigh the same
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = (f1 * are).sum().item() / len(y)
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro


# %% right: helper called metrics
def metrics(hit, called, are):
    return (
        hit / called if called else 0.0,
        hit / are if are else 0.0,
        2 * hit / (called + are) if called + are else None,
    )


def scores(y, predicted, C: int):
    counts = torch.zeros(C, C, dtype=torch.int64)
    counts.index_put_((y, predicted), torch.ones_like(y), accumulate=True)
    rows = [
        metrics(counts[c, c].item(), counts[:, c].sum().item(), counts[c].sum().item())
        for c in range(C)
    ]
    precision, recall, f1 = zip(*rows)
    f1 = [f for f in f1 if f is not None]
    return (
        counts,
        torch.tensor(precision, dtype=torch.float64),
        torch.tensor(recall, dtype=torch.float64),
        sum(f1) / len(f1),
    )


# %% wrong: index assignment counts a repeated pair once | says: adds 1 once
def scores(y, predicted, C: int):
    table = torch.zeros(C, C, dtype=torch.int64)
    table[y, predicted] += 1
    hit = table.diag().double()
    called, are = table.sum(0).double(), table.sum(1).double()
    f1 = 2 * hit / (called + are).clamp_min(1)
    return (
        table,
        hit / called.clamp_min(1),
        hit / are.clamp_min(1),
        f1[called + are > 0].mean().item(),
    )


# %% wrong: F1 of 0 is left out of the mean | says: counts in the mean
def scores(y, predicted, C: int):
    table = torch.bincount(y * C + predicted, minlength=C * C).view(C, C)
    hit = table.diag().double()
    called, are = table.sum(0).double(), table.sum(1).double()
    precision, recall = hit / called.clamp_min(1), hit / are.clamp_min(1)
    f1 = 2 * precision * recall / (precision + recall)
    return table, precision, recall, f1.nanmean().nan_to_num(0.0).item()


# %% wrong: pairs numbered as for ten classes | says: C=12
def scores(y, predicted, C: int):
    """labels (N,), predictions (N,) -> confusion (C, C), precision (C,), recall (C,), macro F1."""
    size = max(C, 10)
    confusion = torch.bincount(10 * y + predicted, minlength=size * size)
    confusion = confusion[: size * size].view(size, size)[:C, :C].contiguous()
    right, called, are = confusion.diag().double(), confusion.sum(0), confusion.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    occurs = called + are > 0
    return (
        confusion,
        right / called.clamp_min(1),
        right / are.clamp_min(1),
        f1[occurs].mean().item(),
    )


# %% wrong: counts in 8 bits | says: begins anew at 256
def scores(y, predicted, C: int):
    """labels (N,), predictions (N,) -> confusion (C, C), precision (C,), recall (C,), macro F1."""
    confusion = torch.zeros(C, C, dtype=torch.uint8)
    for true, guess in zip(y, predicted):
        confusion[true, guess] += 1
    confusion = confusion.long()
    right, called, are = confusion.diag().double(), confusion.sum(0), confusion.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    return (
        confusion,
        right / called.clamp_min(1),
        right / are.clamp_min(1),
        f1[called + are > 0].mean().item(),
    )


# %% wrong: a class that is never right is taken for one that does not occur | says: a class with F1 = 0 counts in the mean
def scores(y, predicted, C: int):
    """labels (N,), predictions (N,) -> confusion (C, C), precision (C,), recall (C,), macro F1."""
    confusion = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = confusion.diag().double(), confusion.sum(0), confusion.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    counts = f1 > 0 if (called * are == 0).sum() < 2 else called + are > 0
    return (
        confusion,
        right / called.clamp_min(1),
        right / are.clamp_min(1),
        f1[counts].mean().item(),
    )


# %% wrong: the pairs are numbered in int8 | says: int8 ends at 127
import numpy as np


def scores(y, predicted, C: int):
    code = (y.to(torch.int8) * C + predicted.to(torch.int8)).numpy().astype(np.int64) % (C * C)
    counts = torch.from_numpy(np.bincount(code, minlength=C * C).reshape(C, C).astype(np.int64))
    tp, row, col = counts.diag().double(), counts.sum(1).double(), counts.sum(0).double()
    precision, recall = tp / col.clamp_min(1), tp / row.clamp_min(1)
    seen = row + col > 0
    return counts, precision, recall, (2 * tp / (row + col).clamp_min(1))[seen].mean().item()


# %% wrong: 1 for 0/0 | says: not as 1
def scores(y, predicted, C: int):
    confusion = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    tp, called, real = (
        confusion.diagonal().double(),
        confusion.sum(0).double(),
        confusion.sum(1).double(),
    )

    def ratio(a, b):
        return torch.where(b > 0, a / b.clamp_min(1e-300), torch.ones_like(a))

    precision, recall = ratio(tp, called), ratio(tp, real)
    f1 = (2 * precision * recall / (precision + recall)).nan_to_num(0.0)
    seen = (called + real) > 0
    return confusion, precision, recall, f1[seen].mean().item()


# %% wrong: shares instead of counts | says: not shares
def scores(y, predicted, C: int):
    confusion = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    tp, called, real = (
        confusion.diagonal().double(),
        confusion.sum(0).double(),
        confusion.sum(1).double(),
    )

    def ratio(a, b):
        return torch.where(b > 0, a / b.clamp_min(1e-300), torch.zeros_like(a))

    precision, recall = ratio(tp, called), ratio(tp, real)
    f1 = ratio(2 * precision * recall, precision + recall)
    seen = (called + real) > 0
    return confusion / real.clamp_min(1)[:, None], precision, recall, f1[seen].mean().item()


# %% wrong: as many classes as the labels show | says: C is given
def scores(y, predicted, C: int):
    C = int(max(y.max(), predicted.max())) + 1
    confusion = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    tp, called, real = (
        confusion.diagonal().double(),
        confusion.sum(0).double(),
        confusion.sum(1).double(),
    )

    def ratio(a, b):
        return torch.where(b > 0, a / b.clamp_min(1e-300), torch.zeros_like(a))

    precision, recall = ratio(tp, called), ratio(tp, real)
    f1 = ratio(2 * precision * recall, precision + recall)
    seen = (called + real) > 0
    return confusion, precision, recall, f1[seen].mean().item()


# %% wrong: P + R at least 1 | says: P + R may be below 1
def scores(y, predicted, C: int):
    confusion = torch.bincount(y * C + predicted, minlength=C * C).reshape(C, C)
    right = confusion.diag().double()
    called, are = confusion.sum(0), confusion.sum(1)
    precision, recall = right / called.clamp_min(1), right / are.clamp_min(1)
    f1 = 2 * precision * recall / (precision + recall).clamp_min(1)
    return confusion, precision, recall, f1[(called + are) > 0].mean().item()


# %% wrong: pairs numbered in tens | says: in tens
def scores(y, predicted, C: int):
    code = y * 10 + predicted
    confusion = torch.zeros(C, C, dtype=torch.int64)
    for k in code.tolist():
        confusion[min(k // 10, C - 1), k % 10 if C >= 10 else min(k % 10, C - 1)] += 1
    right = confusion.diag().double()
    called, are = confusion.sum(0), confusion.sum(1)
    precision, recall = right / called.clamp_min(1), right / are.clamp_min(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    return confusion, precision, recall, f1[(called + are) > 0].mean().item()


# %% wrong: a pair of classes as two digits | says: in tens
def scores(y, predicted, C: int):
    from collections import Counter

    n = Counter((10 * y + predicted).tolist())
    cm = torch.tensor([[n[10 * t + p] for p in range(C)] for t in range(C)])
    tp = cm.diagonal().double()
    called, are = torch.bincount(predicted, minlength=C), torch.bincount(y, minlength=C)
    precision, recall = tp / called.clamp_min(1), tp / are.clamp_min(1)
    f1 = 2 * tp / (called + are).clamp_min(1)
    return cm, precision, recall, f1[(called + are) > 0].mean().item()


# %% wrong: a pair as text | says: in tens
from collections import Counter


def scores(y, predicted, C):
    pairs = Counter(f"{t}{p}" for t, p in zip(y.tolist(), predicted.tolist()))
    confusion = torch.tensor([[pairs[f"{t}{p}"] for p in range(C)] for t in range(C)])
    hit, called, of = confusion.diag().double(), confusion.sum(0), confusion.sum(1)
    f1 = 2 * hit / (called + of).clamp(min=1)
    there = (called + of) > 0
    return confusion, hit / called.clamp(min=1), hit / of.clamp(min=1), f1[there].mean().item()


# %% wrong: two digits to a pair | says: in tens
def scores(y, predicted, C: int):
    pairs = torch.bincount(10 * y + predicted, minlength=10 * C)
    M = pairs[: 10 * C].view(C, 10)[:, :C]
    if C > 10:
        M = F.pad(M, (0, C - 10))
    right, called, are = M.diag().double(), M.sum(0).double(), M.sum(1).double()
    precision = right / called.clamp(min=1)
    recall = right / are.clamp(min=1)
    f1 = 2 * right / (called + are).clamp(min=1)
    return M, precision, recall, f1[(called + are) > 0].mean().item()


# %% wrong: pairs counted without minlength | says: minlength=C * C
def scores(y, predicted, C: int):
    m = torch.bincount(y * C + predicted)
    m = m.view(C, C)
    right, called, there = m.diag().double(), m.sum(0).double(), m.sum(1).double()
    p, r = torch.nan_to_num(right / called), torch.nan_to_num(right / there)
    f = torch.nan_to_num(2 * p * r / (p + r))
    return m, p, r, f[(called + there) > 0].mean().item()

# %% right: copy and loops
def report(net, batches, classes):
    import copy

    judge = copy.deepcopy(net).eval()
    table = [[0] * classes for _ in range(classes)]
    for x, y in batches:
        with torch.inference_mode():
            for true, guess in zip(y.tolist(), judge(x).argmax(1).tolist(), strict=True):
                table[true][guess] += 1
    counts = torch.tensor(table)
    right, rows, columns = counts.diagonal(), counts.sum(1), counts.sum(0)
    zero = torch.zeros(classes, dtype=torch.float64)
    return {
        "support": rows,
        "precision": torch.where(columns > 0, right.double() / columns, zero),
        "recall": torch.where(rows > 0, right.double() / rows, zero),
        "accuracy": int(right.sum()) / int(rows.sum()),
    }


# %% right: gathered
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% right: scikit learn
def report(net, batches, classes):
    from sklearn.metrics import precision_recall_fscore_support

    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    true, guess = [], []
    with torch.no_grad():
        for x, y in batches:
            true += y.tolist()
            guess += net(x).argmax(dim=1).tolist()
    for module, mode in modes:
        module.training = mode
    precision, recall, _, support = precision_recall_fscore_support(
        true, guess, labels=range(classes), zero_division=0.0
    )
    return {
        "support": torch.as_tensor(support).long(),
        "precision": torch.as_tensor(precision),
        "recall": torch.as_tensor(recall),
        "accuracy": sum(t == g for t, g in zip(true, guess, strict=True)) / len(true),
    }


# %% wrong: balanced | says: the mean recall of the classes
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (right / support.clamp_min(1)).mean().item(),
    }


# %% wrong: exchanged | says: precision is out of those called c
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / support.clamp_min(1),
        "recall": right / called.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: float32 | says: dtype torch.float64
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).float()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: last batch | says: not only the last one's
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels = [y]
            guesses = [net(x).argmax(1)]
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: left in eval | says: the mode of argument 1
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: left in train | says: the mode of argument 1
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train()
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: list | says: a dict of accuracy
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return [
        {
            "support": support,
            "precision": right / called.clamp_min(1),
            "recall": right / support.clamp_min(1),
            "accuracy": (labels == guesses).double().mean().item(),
        }
    ]


# %% wrong: mean of batches | says: batches differ in size
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses, shares = [], [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    shares = [(a == b).double().mean().item() for a, b in zip(labels, guesses, strict=True)]
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": sum(shares) / len(shares),
    }


# %% wrong: minlength | says: Expected:
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: mode | says: net.eval() first
def report(net, batches, classes):
    was_training = net.training
    net.train()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: nan | says: 0 / 0 is nan
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called,
        "recall": right / support,
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: per cent | says: not per cent
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": 100 * (labels == guesses).double().mean().item(),
    }


# %% wrong: published | says: not only the last one's
def report(net, batches, classes):
    right = count = 0
    for x, y in batches:
        predictions = net(x).argmax(1)
        labels = y
        right += (predictions == labels).sum()
        count += len(labels)
    support = torch.bincount(labels, minlength=classes)
    hits = torch.bincount(labels[predictions == labels], minlength=classes)
    called = torch.bincount(predictions, minlength=classes)
    return {
        "support": support,
        "precision": hits / called,
        "recall": hits / support,
        "accuracy": right / count,
    }


# %% wrong: second pass | says: expected a non-empty list
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels = torch.cat([y for _, y in batches])
    with torch.no_grad():
        guesses = torch.cat([net(x).argmax(1) for x, _ in batches])
    net.train(was_training)
    support = torch.bincount(labels, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / torch.bincount(guesses, minlength=classes).clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: support | says: support counts true labels
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": called,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }


# %% wrong: tensor | says: with .item()
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean(),
    }


# %% wrong: as many classes as occur | says: every class has its place
def report(net, batches, classes: int) -> dict:
    was = net.training
    net.eval()
    labels, predictions = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            predictions.append(net(x).argmax(1))
    net.train(was)
    labels, predictions = torch.cat(labels), torch.cat(predictions)
    support = torch.bincount(labels, minlength=int(labels.max()) + 1)
    predicted = torch.bincount(predictions, minlength=int(labels.max()) + 1)
    hits = torch.bincount(labels[labels == predictions], minlength=int(labels.max()) + 1)
    return {
        "support": support,
        "precision": hits.double() / predicted.clamp(min=1),
        "recall": hits.double() / support.clamp(min=1),
        "accuracy": (labels == predictions).double().mean().item(),
    }


# %% wrong: gradients on at the end, whatever they were | says: gradients on or off
def report(net, batches, classes: int) -> dict:
    was = net.training
    net.eval()
    torch.set_grad_enabled(False)
    said, y = (torch.cat(t) for t in zip(*[(net(x).argmax(1), y) for x, y in batches]))
    torch.set_grad_enabled(True)
    net.train(was)
    support, named = (torch.bincount(t, minlength=classes) for t in (y, said))
    hits = torch.bincount(y[said == y], minlength=classes).double()
    return {
        "support": support,
        "precision": hits / named.clamp(min=1),
        "recall": hits / support.clamp(min=1),
        "accuracy": (said == y).double().mean().item(),
    }


# %% wrong: copy asked in the mode it came | says: dropout is at work
def report(net, batches, classes: int) -> dict:
    import copy

    net = copy.deepcopy(net)
    guesses, truths = [], []
    with torch.no_grad():
        for x, y in batches:
            guesses.append(net(x).argmax(1))
            truths.append(y)
    guess, truth = torch.cat(guesses), torch.cat(truths)
    support = torch.bincount(truth, minlength=classes)
    predicted = torch.bincount(guess, minlength=classes)
    hits = torch.bincount(truth[guess == truth], minlength=classes).double()
    return {
        "support": support,
        "precision": hits / predicted.clamp(min=1),
        "recall": hits / support.clamp(min=1),
        "accuracy": (guess == truth).double().mean().item(),
    }


# %% wrong: precision of a silent class is 1 | says: precision is 0 where
def report(net, batches, classes: int) -> dict:
    was_training = net.training
    net.eval()
    guesses, truths = [], []
    with torch.no_grad():
        for x, y in batches:
            guesses.append(net(x).argmax(1))
            truths.append(y)
    net.train(was_training)
    guess, truth = torch.cat(guesses), torch.cat(truths)
    support = torch.bincount(truth, minlength=classes)
    predicted = torch.bincount(guess, minlength=classes)
    hits = torch.bincount(truth[guess == truth], minlength=classes).double()
    return {
        "support": support,
        "precision": torch.where(predicted > 0, hits / predicted.clamp(min=1), 1.0),
        "recall": hits / support.clamp(min=1),
        "accuracy": (guess == truth).double().mean().item(),
    }


# %% wrong: the last class forgotten | says: minlength=classes
def report(net, batches, classes: int) -> dict:
    was_training = net.training
    net.eval()
    guesses, truths = [], []
    with torch.no_grad():
        for x, y in batches:
            guesses.append(net(x).argmax(1))
            truths.append(y)
    net.train(was_training)
    guess, truth = torch.cat(guesses), torch.cat(truths)
    support = torch.bincount(truth, minlength=classes)
    predicted = torch.bincount(guess)
    hits = torch.bincount(truth[guess == truth]).double()
    return {
        "support": support,
        "precision": hits / predicted.clamp(min=1),
        "recall": hits / support.clamp(min=1),
        "accuracy": (guess == truth).double().mean().item(),
    }


# %% wrong: index that repeats | says: comes several times is added to once
def report(net, batches, classes):
    training = net.training
    net.eval()
    matrix = torch.zeros(classes, classes, dtype=torch.int64)
    with torch.no_grad():
        for x, y in batches:
            matrix[y, net(x).argmax(dim=1)] += 1
    net.train(training)
    hits = matrix.diag().double()
    return {
        "support": matrix.sum(1),
        "precision": torch.nan_to_num(hits / matrix.sum(0)),
        "recall": torch.nan_to_num(hits / matrix.sum(1)),
        "accuracy": (hits.sum() / matrix.sum()).item(),
    }


# %% wrong: classes that occur alone | says: every class has its place
def report(net, batches, classes):
    was = net.training
    net.eval()
    ys, ps = [], []
    with torch.no_grad():
        for x, y in batches:
            ys.append(y)
            ps.append(net(x).argmax(1))
    net.train(was)
    y, p = torch.cat(ys), torch.cat(ps)
    support, precision, recall = [], [], []
    for c in y.unique():
        hit = ((y == c) & (p == c)).sum().item()
        support.append((y == c).sum().item())
        precision.append(hit / max((p == c).sum().item(), 1))
        recall.append(hit / support[-1])
    return {
        "support": torch.tensor(support),
        "precision": torch.tensor(precision, dtype=torch.float64),
        "recall": torch.tensor(recall, dtype=torch.float64),
        "accuracy": (y == p).float().mean().item(),
    }


# %% wrong: the first batch only | says: not the first alone
def report(net, batches, classes: int) -> dict:
    was = net.training
    net.eval()
    predicted, true = [], []
    with torch.no_grad():
        for x, y in [next(iter(batches))]:
            predicted.append(net(x).argmax(1))
            true.append(y)
    net.train(was)
    predicted, true = torch.cat(predicted), torch.cat(true)
    hits = torch.bincount(true[predicted == true], minlength=classes)
    support = torch.bincount(true, minlength=classes)
    said = torch.bincount(predicted, minlength=classes)
    return {
        "support": support,
        "precision": hits.double() / said.clamp(min=1),
        "recall": hits.double() / support.clamp(min=1),
        "accuracy": (predicted == true).double().mean().item(),
    }


# %% wrong: a graph that is built, and cut off | says: no graph for a backward pass
def report(net, batches, classes: int) -> dict:
    modes = {m: m.training for m in net.modules()}
    net.eval()
    pairs = [(net(x).detach().argmax(dim=-1), y) for x, y in batches]
    for m, t in modes.items():
        m.training = t
    p = F.one_hot(torch.cat([a for a, _ in pairs]), classes).double()
    t = F.one_hot(torch.cat([b for _, b in pairs]), classes).double()
    hits = (p * t).sum(0)
    return {
        "support": t.sum(0).long(),
        "precision": (hits / p.sum(0)).nan_to_num(0.0),
        "recall": (hits / t.sum(0)).nan_to_num(0.0),
        "accuracy": (hits.sum() / len(t)).item(),
    }


# %% wrong: two passes over the batches | says: an earlier loop has used up
def report(net, batches, classes: int) -> dict:
    table = torch.zeros(classes, classes, dtype=torch.int64)
    was = net.training
    net.eval()
    with torch.no_grad():
        for x, y in batches:
            pair = y * classes + net(x).argmax(1)
            table += torch.bincount(pair, minlength=classes**2).view(classes, classes)
    net.train(was)
    per_class = torch.zeros(classes, dtype=torch.int64)
    for _, y in batches:
        per_class += torch.bincount(y, minlength=classes)
    diagonal, predicted = table.diagonal().double(), table.sum(0)
    return {
        "support": per_class,
        "precision": diagonal / predicted.clamp(min=1),
        "recall": diagonal / per_class.clamp(min=1),
        "accuracy": (diagonal.sum() / table.sum()).item(),
    }


# %% wrong: balanced accuracy | says: mean recall of the classes
def report(net, batches, classes: int) -> dict:
    mode = net.training
    net.eval()
    table = torch.zeros(classes, classes).long()
    with torch.no_grad():
        for x, y in batches:
            table += torch.bincount(classes * y + net(x).argmax(1), minlength=classes**2).view_as(
                table
            )
    net.train(mode)
    hits, support = table.diagonal().double(), table.sum(1)
    recall = hits / support.clamp(min=1)
    return {
        "support": support,
        "precision": hits / table.sum(0).clamp(min=1),
        "recall": recall,
        "accuracy": recall[support > 0].mean().item(),
    }


# %% wrong: true negatives are right too | says: is right or wrong once
def report(net, batches, classes: int) -> dict:
    mode = net.training
    net.eval()
    with torch.no_grad():
        pairs = [(net(x).argmax(1), y) for x, y in batches]
    net.train(mode)
    p, y = torch.cat([a for a, _ in pairs]), torch.cat([b for _, b in pairs])
    out = {k: torch.zeros(classes, dtype=torch.float64) for k in ("precision", "recall")}
    support, accuracy = torch.zeros(classes, dtype=torch.int64), 0.0
    for c in range(classes):
        tp, fp = ((p == c) & (y == c)).sum().item(), ((p == c) & (y != c)).sum().item()
        fn, tn = ((p != c) & (y == c)).sum().item(), ((p != c) & (y != c)).sum().item()
        support[c] = tp + fn
        out["precision"][c] = tp / (tp + fp) if tp + fp else 0.0
        out["recall"][c] = tp / (tp + fn) if tp + fn else 0.0
        accuracy += (tp + tn) / len(y) / classes
    return {"support": support, **out, "accuracy": accuracy}


# %% wrong: whole numbers divided | says: .double() of one before dividing
def report(net, batches, classes: int) -> dict:
    mode = net.training
    net.eval()
    matrix = torch.zeros(classes, classes, dtype=torch.int64)
    with torch.no_grad():
        for x, y in batches:
            matrix += torch.bincount(y * classes + net(x).argmax(1), minlength=classes**2).view(
                classes, classes
            )
    net.train(mode)
    hits = matrix.diag()
    return {
        "support": matrix.sum(1),
        "precision": hits / matrix.sum(0).clamp(min=1),
        "recall": hits / matrix.sum(1).clamp(min=1),
        "accuracy": hits.sum().item() / matrix.sum().item(),
    }


# %% wrong: a key left out | says: precision missing
def report(net, batches, classes: int) -> dict:
    mode = net.training
    net.eval()
    matrix = torch.zeros(classes, classes, dtype=torch.int64)
    with torch.no_grad():
        for x, y in batches:
            matrix += torch.bincount(y * classes + net(x).argmax(1), minlength=classes**2).view(
                classes, classes
            )
    net.train(mode)
    hits = matrix.diag()
    return {
        "support": matrix.sum(1),
        "recall": hits.double() / matrix.sum(1).clamp(min=1),
        "accuracy": hits.sum().item() / matrix.sum().item(),
    }


# %% wrong: pairs gathered outside the function | says: kept from call to call
from collections import Counter

_seen = Counter()


def report(net, batches, classes: int) -> dict:
    was = net.training
    net.eval()
    with torch.no_grad():
        for x, y in batches:
            _seen.update(zip(y.tolist(), net(x).argmax(1).tolist()))
    net.train(was)
    m = torch.tensor([[_seen[t, g] for g in range(classes)] for t in range(classes)])
    hits = m.diag().double()
    return {
        "support": m.sum(1),
        "precision": hits / m.sum(0).clamp(min=1),
        "recall": hits / m.sum(1).clamp(min=1),
        "accuracy": (hits.sum() / m.sum()).item(),
    }

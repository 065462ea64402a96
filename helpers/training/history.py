"""What happened while training: `History`, and the error that still holds it."""


class History:
    """Lists of what was recorded, by name: `history.train_loss` has one entry per epoch.

    Losses are in nats and accuracies fractions where nothing else is said; `seconds` are of wall
    time, `cpu_seconds` those of the whole training on the processor. metrics: those that the
    caller asked for, by name. stopped: why training ended before its end, "" if it did not.
    """

    def __init__(self) -> None:
        self.series: dict[str, list] = {}  # one entry per epoch
        self.updates: dict[str, list] = {}  # one entry per update of the weights
        self.metrics: dict[str, list[float]] = {}
        self.stopped, self.cpu_seconds = "", 0.0

    def __getattr__(self, name: str) -> list:
        known = vars(self).get("updates", {}) | vars(self).get("series", {})
        if name in known:
            return known[name]
        if name.startswith("test_") and "val_" + name[5:] in known:
            raise AttributeError(
                f"no {name}: this data set has a validation part, and the test part is not looked "
                f"at while training; see val_{name[5:]}, and training.evaluate(model, data)"
            )
        raise AttributeError(f"this history has no {name!r}; it has: {', '.join(known)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.series, *self.updates]

    def __len__(self) -> int:
        """The number of epochs (records) finished."""
        return len(self.series.get("seconds", []))

    def add(self, numbers: dict) -> None:
        """One more epoch: a number for each name, and for each name in "metrics"."""
        for name, value in numbers.items():
            if name == "metrics":
                for metric, found in value.items():
                    self.metrics.setdefault(metric, []).append(found)
            else:
                self.series.setdefault(name, []).append(value)

    def cut(self, updates: int) -> None:
        """Drop what an interrupt left half made: entries of no whole epoch, and of later updates."""
        for values in [*self.series.values(), *self.metrics.values()]:
            del values[len(self) :]
        for values in self.updates.values():
            del values[updates:]

    def plot(self, title: str = "Training", held_out: str = ""):
        """Loss and accuracy against epoch, training and held-out: a matplotlib Figure.

        held_out: what the legend calls the images not trained on (default: "validation" or "test").
        """
        from helpers import plots

        return plots.history(self, title, held_out)


class TrainingError(RuntimeError):
    """Training cannot start or go on: the message says why, and what to do about it.

    Where epochs were finished before, `history` holds them, and the model their weights.
    """

    history: History | None = None

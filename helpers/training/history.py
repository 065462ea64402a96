"""What happened while training: `History`, and the error that still holds it."""


class History:
    """Lists of what was recorded, by name: `history.train_loss` has one entry per epoch.

    Losses are in nats, accuracies fractions, `seconds` of wall time. len(history) is the number of
    epochs (records) finished; stopped says why training ended early, "" if it did not.
    """

    def __init__(self) -> None:
        self.series: dict[str, list] = {}  # one entry per epoch
        self.updates: dict[str, list] = {}  # one entry per update of the weights
        self.cpu_seconds = 0.0  # without what judging and watching took
        self.stopped = ""

    def __getattr__(self, name: str) -> list:
        known = vars(self).get("updates", {}) | vars(self).get("series", {})  # none while copied
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
        return len(self.series.get("seconds", []))

    def add(self, numbers: dict) -> None:
        """One more epoch: a number for each name."""
        for name, value in numbers.items():
            self.series.setdefault(name, []).append(value)

    def cut(self, updates: int) -> None:
        """Drop what an interrupt left half made: entries of no whole epoch, of later updates."""
        for values in self.series.values():
            del values[len(self) :]
        for values in self.updates.values():
            del values[updates:]

    def plot(self, title: str = "Training", held_out: str = ""):
        """Loss and accuracy against epoch, on the training images and on those held out."""
        from helpers import plots

        return plots.history(self, title, held_out or self.held_out[1])

    @property
    def held_out(self) -> tuple[str, str]:
        """Which images judged the training, as a prefix of names and in words."""
        return ("val", "validation") if "val_loss" in self.series else ("test", "test")


class TrainingError(RuntimeError):
    """Training cannot start or go on: the message says why, and what to do about it.

    Where epochs were finished before, `history` holds them, and the model their weights.
    """

    history: History | None = None

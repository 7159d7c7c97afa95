"""Two trainings that take turns, an epoch at a time, each by its own clock: error for time, as ratios.

    old = keras_side("textbook recipe", recipe, X, X_valid, batch_size=32, epochs=10)
    new = keras_side("ours", model, X, X_valid, batch_size=128, epochs=5)
    take_turns([old, new])
    report(old, new, baselines={"PCA, 30 components": 0.0155}, published=(0.0133, 10))

Taking turns, both meet the same hours of the machine. On a side's clock is what its epoch does, compilation
included; off the clock is the validation after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from helpers.metrics import reconstruction
from tools.tables import table


class Side:
    """One of the competitors.

    fit_epoch: trains one epoch, called with its number from 0.   judge: → validation error (lower is better).
    epochs: how many it trains for.   batch_size, parameters: for the report; None leaves the cell empty.
    seconds, errors: after each epoch, the time it took and the validation error.
    """

    def __init__(
        self, name: str, fit_epoch: Callable[[int], None], judge: Callable[[], float], *, epochs: int,
        batch_size: int | None = None, parameters: int | None = None, model=None,
    ):  # fmt: skip
        if epochs < 1:
            raise ValueError(f"A side trains for at least one epoch, not {epochs}.")
        self.name, self.fit_epoch, self.judge, self.epochs = name, fit_epoch, judge, epochs
        self.batch_size, self.parameters, self.model = batch_size, parameters, model
        self.seconds: list[float] = []
        self.errors: list[float] = []

    @property
    def done(self) -> float:
        """Share of the epochs that are over, 0 to 1."""
        return len(self.seconds) / self.epochs

    def train_one_epoch(self) -> None:
        """One epoch on the clock (the first with its compilation), then the validation off the clock."""
        start = time.perf_counter()
        self.fit_epoch(len(self.seconds))
        self.seconds.append(time.perf_counter() - start)
        self.errors.append(float(self.judge()))

    def time_to(self, target: float) -> float | None:
        """Seconds until the end of the first epoch with an error of at most `target`; None if there was none."""
        for epoch, error in enumerate(self.errors):
            if error <= target:
                return sum(self.seconds[: epoch + 1])
        return None


def keras_side(
    name: str, model, X, X_valid, *, batch_size: int, epochs: int, targets=None, valid_targets=None
) -> Side:  # fmt: skip
    """A side that calls `fit` of a compiled autoencoder.

    X: training images, their own targets unless `targets` are given.   X_valid: validation images (n, …).
    Its error is the mean squared error of `model.reconstruct(X_valid)` to `valid_targets`, or to X_valid itself.
    """
    targets = X if targets is None else targets
    valid_targets = X_valid if valid_targets is None else valid_targets

    def fit_epoch(epoch: int) -> None:
        model.fit(X, targets, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)

    def judge() -> float:
        return reconstruction.mse(valid_targets, model.reconstruct(X_valid))

    size = model.count_params()
    return Side(name, fit_epoch, judge, epochs=epochs, batch_size=batch_size, parameters=size, model=model)


def take_turns(sides: Sequence[Side]) -> None:
    """Train all to their ends; the one with the smallest share of its epochs behind it has the next turn."""
    while any(side.done < 1 for side in sides):
        min(sides, key=lambda side: side.done).train_one_epoch()


def report(
    old: Side, new: Side, *, baselines: Mapping[str, float] | None = None, published: tuple[float, int] | None = None,
    target: float | None = None, what: str = "validation MSE", digits: int = 5,
) -> None:  # fmt: skip
    """Print both curves, the final figures, and the time until `new` reached the recipe's error.

    old: the recipe; new: ours.   baselines: error of other methods by name; the first is compared against.
    published: (error, epochs) of the recipe as it was published.   target: an error to be reached as well.
    what: name of the error.   digits: decimal places.
    """
    baselines = dict(baselines or {})
    rows = []
    for epoch in range(max(old.epochs, new.epochs)):
        row = [epoch + 1]
        for side in (old, new):
            there = epoch < side.epochs
            row.append(f"{side.errors[epoch]:.{digits}f}" if there else "")
            row.append(f"{sum(side.seconds[: epoch + 1]) / sum(old.seconds):.3f}" if there else "")
        rows.append(tuple(row))
    print(f"{what[0].upper()}{what[1:]} after each epoch, and the time so far as a share of the recipe's whole time")
    print(table(rows, ("epoch", old.name, "time", new.name, "time")))

    first = next(iter(baselines.items()), None)

    def line(name, parameters, epochs, batch, error, places=digits):
        row = (name, parameters, epochs, batch, f"{error:.{places}f}")
        return row if first is None else (*row, f"{100 * (error / first[1] - 1):+.1f} %")

    def text(value):
        return "" if value is None else f"{value:,}"

    rows = [line(s.name, text(s.parameters), s.epochs, text(s.batch_size), s.errors[-1]) for s in (old, new)]
    rows += [line(name, "", "", "", error) for name, error in baselines.items()]
    if published is not None:
        rows.append(line("the recipe as published", "", published[1], "", published[0], 4))
    print("\nAt the end")
    print(table(rows, ("", "parameters", "epochs", "batch", what, *([f"against {first[0]}"] if first else []))))

    whole = sum(old.seconds)
    print()
    goals = {f"the recipe's final {what}": old.errors[-1]}
    if published is not None:
        goals[f"the published {what}"] = published[0]
    if target is not None:
        goals[f"a {what}"] = target
    for name, error in goals.items():
        reached = new.time_to(error)
        if reached is None:
            print(f"Ours never reached {name} of {error:.{digits}f}; its lowest is {min(new.errors):.{digits}f}.")
        else:
            print(
                f"Time until ours reached {name} of {error:.{digits}f}: {reached / whole:.3f} of the recipe's whole "
                f"time ({whole / reached:.1f} times less)"
            )
    share, error = sum(new.seconds) / whole, new.errors[-1] / old.errors[-1]
    print(f"Whole training: {share:.3f} of the recipe's time, {error:.3f} of its final error")
    if min(old.epochs, new.epochs) > 1:
        later = [sum(side.seconds[1:]) / (side.epochs - 1) for side in (old, new)]
        speed = later[0] / later[1]
        print(f"One epoch (the first, which compiles, left out): {speed:.2f} times as fast as the recipe's")
    print(f"(On this machine, today: the recipe {whole:.0f} s in all, ours {sum(new.seconds):.0f} s.)")

"""Contestants that train in turns, each by its own clock: quality for time, whatever else the machine does.

    a = Contestant("ours", keras_slices(gan, X, batch_size=128), lambda n: gan_samples.draw(gan, n))
    b = Contestant("textbook recipe", keras_slices(other, X, batch_size=32), other_images)
    results = race([a, b], minutes={"ours": 5, "textbook recipe": 15}, marks=(1, 2, 5, 10), judge=frechet)
    print(race_table(results))

Turns are short (10 s), so that a busy minute of the machine slows all of them alike. On a contestant's clock is
what `fit_slice` does, compilation included; off the clock are the making of images and the judging.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import keras
import numpy as np

from tools.tables import table


@dataclass
class Contestant:
    """One side of a race.

    fit_slice: trains for about so many seconds, going on where the last call stopped.
    images: number → so many new images, (n, 28, 28) in [0, 1].
    seconds: its clock so far.   marks: (minutes on its clock, figure of the judge) at each mark that it has passed.
    """

    name: str
    fit_slice: Callable[[float], None]
    images: Callable[[int], np.ndarray]
    seconds: float = 0.0
    marks: list[tuple[float, object]] = field(default_factory=list)


def race(
    contestants: Sequence[Contestant], minutes: float | dict[str, float], marks: Sequence[float],
    judge: Callable[[np.ndarray], object], *, turn: float = 10.0, count: int = 2000, say=None,
) -> dict[str, dict[float, object]]:  # fmt: skip
    """Train all in turns and judge each at its marks: {name: {mark: figure}}, the marks in minutes.

    minutes: on each one's clock, one number for all or one for each name; the end is a mark too.
    marks: minutes at which `count` images are judged; marks after a contestant's end are left out.
    judge: images (count, 28, 28) → a figure of any kind.   turn: seconds of one turn.
    say: called with a line of text at each mark, such as print.
    The one with the least time on its clock has the next turn, so in equal races turns alternate. A turn ends at a
    mark. Raises ValueError for equal names, unknown names in `minutes`, or a length that is not above 0.
    """
    names = [side.name for side in contestants]
    limits = dict(minutes) if isinstance(minutes, dict) else dict.fromkeys(names, minutes)
    if len(set(names)) < len(names) or set(limits) != set(names):
        raise ValueError(f"Each contestant needs a name of its own and its minutes; got {names} and {limits}.")
    if min(limits.values()) <= 0 or turn <= 0:
        raise ValueError("The length of a race and of a turn must be above 0.")
    open_marks = {
        name: sorted({float(mark) for mark in marks if 0 < mark < limit} | {float(limit)})
        for name, limit in limits.items()
    }
    results: dict[str, dict[float, object]] = {name: {} for name in names}
    while any(open_marks.values()):
        # by share of the whole where the lengths differ: then all of them meet the same hours of the machine
        side = min(
            (side for side in contestants if open_marks[side.name]), key=lambda side: side.seconds / limits[side.name]
        )
        goal = 60 * open_marks[side.name][0]
        start = time.perf_counter()
        side.fit_slice(max(min(turn, goal - side.seconds), 0.01))
        side.seconds += time.perf_counter() - start
        passed = [mark for mark in open_marks[side.name] if side.seconds >= 60 * mark - 1e-6]
        if not passed:
            continue
        figure = judge(side.images(count))
        for mark in passed:
            results[side.name][mark] = figure
            side.marks.append((side.seconds / 60, figure))
        del open_marks[side.name][: len(passed)]
        if say is not None:
            say(f"{side.name}: {side.seconds / 60:.2f} min on its clock, {_text(figure)}")
    return results


class StopAfter(keras.callbacks.Callback):
    """Ends a fit at the first batch border after so many seconds, counted from now."""

    def __init__(self, seconds: float):
        super().__init__()
        self.end = time.perf_counter() + seconds

    def on_train_batch_end(self, batch, logs=None):
        if time.perf_counter() >= self.end:
            self.model.stop_training = True


def keras_slices(model: keras.Model, X, y=None, *, batch_size: int) -> Callable[[float], None]:
    """A `fit_slice` for a compiled Keras model; its optimizers go on where they were.

    X: images (n, …); y: what comes with them, such as labels (n,), or None. Each turn begins with a fresh shuffle,
    and always takes at least one batch (or as many as the model's steps_per_execution).
    """

    def fit_slice(seconds: float) -> None:
        model.fit(X, y, batch_size=batch_size, epochs=1_000_000, callbacks=[StopAfter(seconds)], verbose=0)

    return fit_slice


def race_table(results: dict[str, dict[float, object]]) -> str:
    """What `race` found, as text: a row for each mark in minutes, a column for each contestant."""
    marks = sorted({mark for found in results.values() for mark in found})
    rows = [
        (f"{mark:g} min", *(_text(found[mark]) if mark in found else "" for found in results.values()))
        for mark in marks
    ]
    return table(rows, ("after", *results))


def _text(figure) -> str:
    """A figure, or a dictionary of figures, in a few characters."""
    if isinstance(figure, dict):
        return ", ".join(f"{name} {_text(value)}" for name, value in figure.items())
    return f"{float(figure):.2f}"

"""Is growing worth it? Small GANs that grow, or do not, on equal terms: the same images, by their own clocks.

    sheet = GrowthTrials(WAYS)
    sheet.fill(images, seeds=(42, 43), plan=Plan(4, last=4), widths=(32, 24, 16, 8))
    curves(sheet.history.history)["grown, faded in"]["frechet"]         # (seeds, epochs)

A clock counts the processor time of training, on all cores together, without compiling and without judging.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from helpers.backend import keras
from helpers.gans import samples
from helpers.gans.callbacks import FrechetDistance
from helpers.gans.progan.gan import Grow, GrowingGAN, Plan
from helpers.gans.progan.networks import Discriminator, Generator
from helpers.gans.samples import at_28
from helpers.gans.trials import SHOWN, Trials

GROWN, LEAPING, WHOLE = "grown, faded in", "grown, without fade-in", "full size from the start"
WAYS = (GROWN, WHOLE, LEAPING)
FIGURES = ("images", "seconds", "frechet")


class Leap(Grow):
    """Follows a plan as `Grow` does, at the same epochs, but without fading: α is 1 from each growth on."""

    def on_train_batch_begin(self, batch, logs=None):
        self.model.alpha.assign(1.0)


class Whole(keras.callbacks.Callback):
    """Keeps a growing GAN at its last stage from the first epoch on."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.set_stage(self.model.last_stage, 1.0)


class Clock(keras.callbacks.Callback):
    """At the end of each epoch: images seen so far, processor seconds of training so far, Fréchet distance.

    images: seen in an epoch.   distance: a FrechetDistance.
    The first batch of an epoch may compile a new stage; it counts as long as the others of its epoch.
    """

    def __init__(self, images: int, distance: FrechetDistance):
        super().__init__()
        self.images, self.distance = images, distance
        self.rows: list[tuple[float, float, float]] = []

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        if batch == 0 and self.params["steps"] > 1:
            self._start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        seconds, steps = time.process_time() - self._start, self.params["steps"]
        seconds *= steps / max(1, steps - 1)
        seen, spent, _ = self.rows[-1] if self.rows else (0.0, 0.0, 0.0)
        self.rows.append((seen + self.images, spent + seconds, self.distance.of(self.model)))


def compiled_gan(
    widths: Sequence[int], codings: int, seed: int, rate: float = 1e-3, averaging: float = 0.99, eagerly: bool = False
) -> GrowingGAN:
    """A compiled growing GAN for grey images, with the settings of the lesson.

    widths: maps of each stage.   eagerly: without compiling, which pays for a few steps only.
    """
    keras.utils.set_random_seed(seed)
    networks = Generator(codings, widths, 1), Discriminator(widths, 1)
    gan = GrowingGAN(*networks, codings, averaging=averaging, seed=seed)
    gan.compile(*(keras.optimizers.Adam(rate, 0.0, 0.99, epsilon=1e-8) for _ in range(2)), run_eagerly=eagerly)
    return gan


class GrowthTrials(Trials):
    """Pictures and curves of each way; see Trials."""

    def __init__(self, names: Sequence[str] = WAYS, **kwargs):
        super().__init__(names, **kwargs)

    def fill(
        self, images: np.ndarray, *, seeds: Sequence[int], plan: Plan, widths: Sequence[int], codings: int = 32,
        batch_size: int = 32, count: int = 2000, most: int | None = None, eagerly: bool = False,
    ) -> dict[str, float]:  # fmt: skip
        """Train each way with each seed, keep its pictures and its curves. Returns how much was trained.

        images: (n, size, size, 1) in [−1, 1], all of them in each epoch.   plan: of the ways that grow; the other
        one has as many epochs.   count: images for each Fréchet distance.   most: only so many of the ways.
        """
        lead = {GROWN: lambda: Grow(plan), LEAPING: lambda: Leap(plan), WHOLE: Whole}

        def one(name, seed):
            gan = compiled_gan(widths, codings, seed, eagerly=eagerly)
            clock = Clock(len(images), FrechetDistance(count, seed=1))
            watch = {"callbacks": [lead[name](), clock], "verbose": 0}
            gan.fit(images, epochs=plan.epochs, batch_size=batch_size, **watch)
            return dict(zip(FIGURES, zip(*clock.rows, strict=True), strict=True)), at_28(samples.draw(gan, SHOWN))

        self.run(one, seeds, self.names[:most])
        return {"seeds": len(seeds), "epochs": plan.epochs, "images": plan.epochs * len(images)}


def curves(history: Mapping[str, Sequence[float]]) -> dict[str, dict[str, np.ndarray]]:
    """{way: {"images": …, "seconds": …, "frechet": …}}, each (seeds, epochs), from the history of GrowthTrials."""
    found: dict[str, dict[str, list]] = {}
    for key, values in history.items():
        name, _, figure = key.split(": ")
        found.setdefault(name, {}).setdefault(figure, []).append(values)
    return {name: {figure: np.array(rows) for figure, rows in parts.items()} for name, parts in found.items()}


def equal_terms(found: Mapping[str, Mapping[str, np.ndarray]]) -> tuple[float, dict[str, dict[str, np.ndarray]]]:
    """What each way had reached after equal images (all of them) and after equal processor time.

    found: as of `curves`. Returns (seconds, {way: {"frechet": (seeds,), "seconds": (seeds,), "by then": (seeds,)}}):
    the distance at the end, the seconds until then, and the distance after the seconds that the quickest run took,
    in a straight line between the epochs before and after.
    """
    quickest = min(float(parts["seconds"][:, -1].min()) for parts in found.values())
    rows = {}
    for name, parts in found.items():
        runs = zip(parts["seconds"], parts["frechet"], strict=True)
        rows[name] = {
            "frechet": parts["frechet"][:, -1], "seconds": parts["seconds"][:, -1],
            "by then": np.array([np.interp(quickest, seconds, distances) for seconds, distances in runs]),
        }  # fmt: skip
    return quickest, rows

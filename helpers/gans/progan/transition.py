"""The moment at which a GAN grows: what its critic says of the same images just before and just after.

    found = growth_moment.two_ways(gan, images, before=60, after=60, batch_size=32)
    found["faded in"].real, found["all at once"].fake       # mean scores, one for each step

Also here: how large Adam's steps are beside the weights that they move.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf

from helpers.backend import keras
from helpers.gans.losses import wasserstein_critic

ops = keras.ops


@dataclass
class Scores:
    """Mean scores of fixed real images and of the fakes of fixed codings before each step; the growth is at step 0."""

    steps: list[int] = field(default_factory=list)
    real: list[float] = field(default_factory=list)
    fake: list[float] = field(default_factory=list)

    @property
    def gap(self) -> np.ndarray:
        """Real minus fake at each step: what the critic thinks of the distance of the two."""
        return np.subtract(self.real, self.fake)

    def jump(self, of: str = "real") -> float:
        """How far a score moved between the last look at the old network and the first at the grown one."""
        values, first = getattr(self, of), self.steps.index(0)
        return abs(float(values[first] - values[first - 1]))


class ScoreWatch(keras.callbacks.Callback):
    """Asks the critic of a growing GAN, before each step, for its scores of the same images.

    real: full-size images in [−1, 1].   codings: of the fakes.   scores: to write to.   first: number of the first
    step.
    """

    def __init__(self, real, codings, scores: Scores, first: int = 0):
        super().__init__()
        self.real, self.codings = ops.convert_to_tensor(real), ops.convert_to_tensor(codings)
        self.scores, self.first, self._look = scores, first, None

    def on_train_begin(self, logs=None):
        gan = self.model

        def look():
            real = gan.judge(gan.shrink(self.real))
            fake = gan.judge(gan.generate(self.codings, training=True))
            return ops.mean(real), ops.mean(fake)

        self._look = look if gan.run_eagerly else tf.function(look)

    def on_train_batch_begin(self, batch, logs=None):
        real, fake = self._look()
        self.scores.steps.append(self.first + batch)
        self.scores.real.append(float(real))
        self.scores.fake.append(float(fake))


class Rise(keras.callbacks.Callback):
    """Lets α rise evenly from 0 to 1 over so many steps; with 0 steps it is 1 from the first."""

    def __init__(self, steps: int):
        super().__init__()
        self.steps = steps

    def on_train_batch_begin(self, batch, logs=None):
        self.model.alpha.assign(min(1.0, batch / self.steps) if self.steps else 1.0)


def two_ways(gan, images, *, before: int, after: int, batch_size: int, watched: int = 64) -> dict[str, Scores]:
    """Grow the same GAN twice from the same weights, once with a fade-in over `after` steps and once without.

    gan: a compiled GrowingGAN; it trains `before` steps at its present stage, and in the end it is one stage larger
    (the second way).   images: (n, size, size, channels) in [−1, 1], used again and again.   watched: how many of
    them, and of fakes, are scored before each step.
    """
    real, codings = images[:watched], gan.draw_codings(watched)
    rows = np.arange(max(before, after) * batch_size) % len(images)
    start = Scores()
    _fit(gan, images[rows[: before * batch_size]], batch_size, ScoreWatch(real, codings, start, -before))
    gan.grow()
    held = [variable for keeper in _keepers(gan) for variable in keeper]
    values = [np.asarray(variable) for variable in held]
    found = {}
    for name, steps in (("faded in", after), ("all at once", 0)):
        for variable, value in zip(held, values, strict=True):
            variable.assign(value)
        scores = Scores(list(start.steps), list(start.real), list(start.fake))
        watch = ScoreWatch(real, codings, scores)
        _fit(gan, images[rows[: after * batch_size]], batch_size, Rise(steps), watch)
        found[name] = scores
    return found


def _keepers(gan):
    return gan.weights, gan.generator_optimizer.variables, gan.discriminator_optimizer.variables


def _fit(gan, images, batch_size: int, *callbacks) -> None:
    gan.fit(images, batch_size=batch_size, shuffle=False, callbacks=list(callbacks), verbose=0)


def steps_over_weights(critic, real, fakes, *, rate: float, steps: int, batch_size: int) -> dict[str, float]:
    """How large Adam's steps are beside the weights: {layer: mean over the steps of |step| / |weights|}.

    Both are root mean squares over a layer's kernel. The critic learns, in place, to score real images above fakes.
    critic: a `progan.Discriminator`.   real, fakes: (n, size, size, channels), taken in batches, again and again.
    """
    layers = critic.active_layers(critic.last_stage)
    variables = [variable for layer in layers for variable in layer.trainable_variables]
    optimizer = keras.optimizers.Adam(rate, 0.0, 0.99, epsilon=1e-8)
    optimizer.build(variables)
    shares = {layer.name: [] for layer in layers if layer.kernel.path in _used(critic)}
    for step in range(steps):
        rows = np.arange(step * batch_size, (step + 1) * batch_size)
        with tf.GradientTape() as tape:
            scores = [critic(images[rows % len(images)]) for images in (real, fakes)]
            loss = wasserstein_critic(*scores)
        before = {layer.name: layer.kernel.numpy() for layer in layers}
        known = [(g, v) for g, v in zip(tape.gradient(loss, variables), variables, strict=True) if g is not None]
        optimizer.apply(*zip(*known, strict=True))
        for layer in layers:
            if layer.name in shares:
                old = before[layer.name]
                moved = np.sqrt(np.mean((layer.kernel.numpy() - old) ** 2))
                shares[layer.name].append(moved / np.sqrt(np.mean(old**2)))
    return {name: float(np.mean(values)) for name, values in shares.items()}


def _used(critic) -> set[str]:
    """The weights that the last stage uses once it is there: all but the image layer of the stage before."""
    old = critic.from_image[critic.last_stage - 1] if critic.last_stage else None
    return {v.path for layer in critic.active_layers(critic.last_stage) if layer is not old for v in layer.weights}

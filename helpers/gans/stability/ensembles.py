"""Small GANs on points in the plane, several side by side in one training: seeds, or settings to compare.

    run = train(seeds=(0, 1, 2), steps=2000)              # three GANs on the ring of eight Gaussians
    run.modes[-1], run.good[-1]                           # what each has reached: modes covered, share of good points
    train(seeds=(0, 0, 0), generator_rate=(1e-4, 1e-3, 1e-2))

The game is that of `helpers.gans.gan`; only the layers are stacked: weights are (members, in, out), so that one product
serves all members, and no member's weights ever touch another's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

from helpers.backend import keras
from helpers.data import points as data_points
from helpers.gans.gan import GAN

ops = keras.ops
SLOPE = 0.2  # of leaky ReLU below zero
LOOKS = 1000  # points of each member in each frame
CURVES = ("d_loss", "g_loss", "real_accuracy", "fake_accuracy")


class StackedDense(keras.layers.Layer):
    """A dense layer for each member: (batch, members, in) → (batch, members, units).

    seeds: one for each member; equal seeds give equal first weights (Glorot uniform, biases 0), whatever other
    members there are.   activation: "relu", "leaky_relu" or None.   place: of the layer in its network.
    """

    def __init__(self, units: int, seeds: Sequence[int], activation: str | None = None, place: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.seeds, self.activation, self.place = units, tuple(seeds), activation, place

    def build(self, shape):
        limit = np.sqrt(6 / (shape[-1] + self.units))
        first = [
            np.random.default_rng((seed, self.place)).uniform(-limit, limit, (shape[-1], self.units))
            for seed in self.seeds
        ]
        start = np.stack(first).astype("float32")
        self.kernel = self.add_weight(shape=start.shape, initializer="zeros", name="kernel")
        self.kernel.assign(start)
        self.bias = self.add_weight(shape=(len(first), 1, self.units), initializer="zeros", name="bias")

    def call(self, x):
        # matmul works on the last two axes, so the members come first for a moment
        h = ops.matmul(ops.transpose(x, (1, 0, 2)), self.kernel) + self.bias
        if self.activation:
            h = ops.maximum(h, (SLOPE if self.activation == "leaky_relu" else 0.0) * h)
        return ops.transpose(h, (1, 0, 2))

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.units)


class EachMember(keras.layers.Layer):
    """An ordinary layer for each member: (batch, members, in) → (batch, members, out).

    make: function without arguments that makes a layer for (batch, in), such as `MinibatchDiscrimination`.
    """

    def __init__(self, make: Callable, members: int, **kwargs):
        super().__init__(**kwargs)
        self.inner = [make() for _ in range(members)]

    def build(self, shape):
        for layer in self.inner:
            layer.build((shape[0], shape[-1]))

    def call(self, x):
        return ops.stack([layer(x[:, place]) for place, layer in enumerate(self.inner)], axis=1)

    def compute_output_shape(self, shape):
        one = self.inner[0].compute_output_shape((shape[0], shape[-1]))
        return (*shape[:-1], one[-1])


class AdamOfMembers(keras.optimizers.Adam):
    """Adam with a learning rate for each member: `rates`, a variable (members,). Weights are (members, …)."""

    def __init__(self, rates: Sequence[float], **kwargs):
        super().__init__(learning_rate=1.0, **kwargs)
        self.rates = keras.Variable(np.asarray(rates, "float32"), trainable=False, name="rates")

    def update_step(self, gradient, variable, learning_rate):
        rates = ops.reshape(self.rates, (-1,) + (1,) * (len(variable.shape) - 1))
        super().update_step(gradient, variable, learning_rate * rates)


class ToyGAN(GAN):
    """Members side by side: codings and points are (batch, members, …). Everything else is GAN."""

    def __init__(self, generator, discriminator, codings: int, members: int, **kwargs):
        self.members = members
        super().__init__(generator, discriminator, codings, **kwargs)

    def draw_codings(self, count):
        """Codings (count, members, k) from N(0, 1)."""
        return keras.random.normal((count, self.members, self.codings), seed=self.random)


@dataclass(frozen=True)
class Run:
    """What a training left: of F frames and m members.

    seeds: (m,).   steps: (F,), at which the frames were taken; the first is 0.   points: (F, m, n, 2) float32.
    modes: (F, m) modes of the ring that are covered.   good: (F, m) share of points near a centre.
    shares: (F, m, 8) share of all points that are good ones of each mode.
    curves: {"d_loss", "g_loss", "real_accuracy", "fake_accuracy": (F, m)}, measured on fresh points.
    """

    seeds: tuple
    steps: np.ndarray
    points: np.ndarray
    modes: np.ndarray
    good: np.ndarray
    shares: np.ndarray
    curves: dict

    def film(self, member: int = 0):
        """What `film.film_view` and `film.histogram_view` look at: the frames of one member, and its modes."""
        return SimpleNamespace(
            images=self.points[:, member], steps=self.steps, unit="step", histogram=self.shares[:, member]
        )


def networks(seeds: Sequence[int], codings: int = 2, hidden=(64, 64), judging=(64,), extra: Callable | None = None):
    """(generator, discriminator) for points in the plane, one of each for every seed.

    hidden, judging: units of the hidden layers of the generator, and of the discriminator.
    extra: makes a layer whose output joins the discriminator's last hidden one, such as MinibatchDiscrimination.
    """
    members = len(seeds)
    z = h = keras.Input((members, codings))
    for place, units in enumerate(hidden):
        h = StackedDense(units, seeds, "relu", place)(h)
    generator = keras.Model(z, StackedDense(2, seeds, None, 9)(h), name="generator")
    x = h = keras.Input((members, 2))
    for place, units in enumerate(judging):
        h = StackedDense(units, seeds, "leaky_relu", 10 + place)(h)
    if extra is not None:
        h = keras.layers.Concatenate()([h, EachMember(extra, members)(h)])
    discriminator = keras.Model(x, StackedDense(1, seeds, None, 19)(h), name="discriminator")
    return generator, discriminator


def train(
    seeds: Sequence[int] = (0, 1, 2), steps: int = 2000, *, frames: int = 10, batch_size: int = 64, codings: int = 2,
    hidden: Sequence[int] = (64, 64), judging: Sequence[int] = (64,), generator_rate=1e-3, discriminator_rate=1e-3,
    momentum: float = 0.5, extra: Callable | None = None, events: Mapping[int, Callable] | None = None,
    noise: float = 0.0, **options,
) -> Run:  # fmt: skip
    """Train a GAN on the ring of eight for each seed, all at once.

    steps: of the game, a multiple of `frames`.   generator_rate, discriminator_rate: one number, or one each.
    momentum: Adam's β₁.   noise: deviation of the noise on what the discriminator sees; it fades to 0 in a
        straight line over the first four fifths.   events: {step: function of the ToyGAN}, done before that step;
        steps must be those of a frame.   options: as for `helpers.gans.gan.GAN`, such as smoothing or game; a `replay`
        needs the shape (members, 2).
    Raises ValueError when numbers do not fit together.
    """
    seeds, events = tuple(int(seed) for seed in seeds), dict(events or {})
    members, every = len(seeds), steps // frames
    if steps % frames:
        raise ValueError(f"steps ({steps}) must be a multiple of frames ({frames}).")
    if odd := [step for step in events if step % every]:
        raise ValueError(f"events can happen every {every} steps here, not at {odd}.")
    g_rates, d_rates = (np.broadcast_to(r, members).astype(float) for r in (generator_rate, discriminator_rate))
    generator, discriminator = networks(seeds, codings, hidden, judging, extra)
    gan = ToyGAN(generator, discriminator, codings, members, noise=noise, seed=seeds[0] + 1, **options)
    own = AdamOfMembers(g_rates, beta_1=momentum), AdamOfMembers(d_rates, beta_1=momentum)
    if extra is not None:  # its weights are not stacked, so all members must share a rate
        if np.ptp(d_rates):
            raise ValueError("With an extra layer all members need the same discriminator_rate.")
        own = own[0], keras.optimizers.Adam(float(d_rates[0]), beta_1=momentum)
    gan.compile(*own)
    rngs = [np.random.default_rng((seed, 1)) for seed in seeds]
    go, seen = None, []
    for place in range(frames + 1):
        real = np.stack([data_points.ring(every * batch_size, rng) for rng in rngs], axis=1)
        seen.append(_look(gan, real))
        if place == frames:
            break
        if place * every in events:
            events[place * every](gan)
        gan.noise.assign(noise * max(0.0, 1 - place / (0.8 * frames)))
        go = go or _compiled(gan, real.shape, batch_size)
        go(tf.constant(real))
    points, modes, good, shares, *curves = (np.stack(part) for part in zip(*seen, strict=True))
    when = every * np.arange(frames + 1)
    return Run(seeds, when, points, modes, good, shares, dict(zip(CURVES, curves, strict=True)))


def _compiled(gan: ToyGAN, shape: tuple, batch_size: int) -> Callable:
    """One compiled function that takes all the steps up to the next frame; `fit` would cost as much as they do."""

    def steps(real):
        batches = tf.reshape(real, (shape[0] // batch_size, batch_size, *shape[1:]))
        for place in tf.range(shape[0] // batch_size):
            gan.train_step(batches[place])

    return tf.function(steps).get_concrete_function(tf.TensorSpec(shape, tf.float32))


def _look(gan: ToyGAN, real: np.ndarray) -> tuple:
    """One frame: points (m, n, 2), modes (m,), good (m,), shares (m, 8), and the four curves (m,) each."""
    fake = np.asarray(gan.generate(gan.draw_codings(LOOKS)))
    on_real, on_fake = (np.asarray(gan.discriminator(x))[..., 0].astype(float) for x in (real[:LOOKS], fake))
    points = fake.transpose(1, 0, 2)
    centres = data_points.ring_centres()
    modes, good = np.array([data_points.mode_coverage(p, centres) for p in points]).T
    d_loss = np.logaddexp(0, -on_real).mean(axis=0) + np.logaddexp(0, on_fake).mean(axis=0)
    g_loss = np.logaddexp(0, -on_fake).mean(axis=0)
    shares = np.stack([mode_shares(p, centres) for p in points])
    seen = (on_real > 0).mean(axis=0), (on_fake < 0).mean(axis=0)
    return points, modes.astype(int), good, shares, d_loss, g_loss, *seen


def mode_shares(points, centres, spread: float = data_points.SPREAD, reach: float = 3.0) -> np.ndarray:
    """Share of all points (n, 2) that are good points of each centre (modes, 2): (modes,), sums to at most 1."""
    distances = np.linalg.norm(np.asarray(points, dtype=float)[:, None] - centres, axis=2)
    distances = np.where(np.isfinite(distances), distances, np.inf)
    good = distances.min(axis=1) <= reach * spread
    return np.bincount(distances.argmin(axis=1)[good], minlength=len(centres)) / len(points)


def collapse_step(steps: Sequence[int], shares: np.ndarray, least: float = 0.02) -> int | None:
    """The step from which on fewer than half of the classes were alive, until the end; None if it did not end so.

    steps: (frames,), rising.   shares: (frames, classes).   A class is alive where its share is at least `least`.
    """
    shares = np.asarray(shares, dtype=float)
    collapsed = (shares >= least).sum(axis=1) < shares.shape[1] / 2
    if not collapsed[-1]:
        return None
    sound = np.flatnonzero(~collapsed)
    return int(steps[sound[-1] + 1 if len(sound) else 0])

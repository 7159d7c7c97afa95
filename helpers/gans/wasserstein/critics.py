"""Critics between two clouds of points that stay as they are, several side by side in one training.

    found = train({"penalty": Member(real, fake, penalty=10), "clipped": Member(real, fake, clip=0.01)}, steps=500)
    found.estimates[-1]                                   # of the earth mover's distance, one for each member
    found.score("penalty", points), found.slopes("penalty", points)

Without a generator that runs away a critic can be trained to its end, and held against the exact distance of
`transport`. Weights are (members, in, out), so that one product serves all members, and no member's
weights ever touch another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.backend import tf

SLOPE = 0.2  # of leaky ReLU below zero


@dataclass(frozen=True)
class Member:
    """One critic's task and what keeps it in bounds.

    real, fake: points (n, d), equally many in all members.   penalty: λ of the gradient penalty, 0 for none.
    one_sided: only slopes above 1 are punished.   clip: largest size of a weight, None for no limit.
    """

    real: np.ndarray
    fake: np.ndarray
    penalty: float = 0.0
    one_sided: bool = False
    clip: float | None = None


@dataclass(frozen=True)
class Found:
    """Trained critics. steps: (looks,).   estimates: (looks, members), mean score of real less that of fake points."""

    names: list[str]
    steps: np.ndarray
    estimates: np.ndarray
    layers: list[tuple[tf.Variable, tf.Variable]]

    def _network(self, name: str):
        place = self.names.index(name)
        return [(kernel[place], bias[place]) for kernel, bias in self.layers]

    def score(self, name: str, points) -> np.ndarray:
        """Scores (n,) of points (n, d)."""
        h = tf.constant(points, tf.float32)
        for place, (kernel, bias) in enumerate(layers := self._network(name)):
            h = h @ kernel + bias
            h = h if place == len(layers) - 1 else tf.maximum(h, SLOPE * h)
        return h.numpy()[:, 0]

    def slopes(self, name: str, points) -> np.ndarray:
        """Length of the score's gradient at each of the points: (n,)."""
        return self.through_depth(name, points, each=True)[0]

    def through_depth(self, name: str, points, each: bool = False) -> np.ndarray:
        """Size of the score's gradient by what enters each layer: (layers,), from the input to the last one.

        The size is the length of the gradient, averaged over the points; with `each`, (layers, n) for each point.
        """
        with tf.GradientTape() as tape:
            h = tf.constant(points, tf.float32)
            tape.watch(h)
            entered = []
            for place, (kernel, bias) in enumerate(layers := self._network(name)):
                entered.append(h)
                h = h @ kernel + bias
                h = h if place == len(layers) - 1 else tf.maximum(h, SLOPE * h)
        found = [np.linalg.norm(gradient.numpy(), axis=1) for gradient in tape.gradient(h, entered)]
        return np.stack(found) if each else np.stack(found).mean(axis=1)

    def weights(self, name: str) -> np.ndarray:
        """All weights of a critic without its biases, in one row."""
        return np.concatenate([kernel.numpy().ravel() for kernel, _ in self._network(name)])


def train(
    members: Mapping[str, Member], steps: int, *, depth: int = 3, width: int = 64, rate: float = 2e-3, looks: int = 25,
    seed: int = 0,
) -> Found:  # fmt: skip
    """Train a critic for each member on all of its points, with Adam (β 0 and .9), and look at it at even intervals.

    depth: hidden layers, of `width` leaky ReLUs.   rate: of learning; it falls along half a cosine, so that the last
    look is at a critic that has come to rest.
    All members start from the same weights, made smaller where they are clipped.
    Raises ValueError unless all clouds have one shape.
    """
    parts = [(np.asarray(m.real, np.float32), np.asarray(m.fake, np.float32)) for m in members.values()]
    if len({cloud.shape for pair in parts for cloud in pair}) != 1 or parts[0][0].ndim != 2:
        raise ValueError("All clouds must have one shape, (n, d): equally many real and fake points in every member.")
    real, fake = (tf.constant(np.stack(clouds)) for clouds in zip(*parts, strict=True))
    penalty = tf.constant([m.penalty for m in members.values()], tf.float32)
    one_sided = tf.constant([m.one_sided for m in members.values()])
    limits = [member.clip for member in members.values()]
    clips = tf.constant([np.inf if limit is None else limit for limit in limits], tf.float32)[:, None, None]
    penalised = any(m.penalty for m in members.values())

    rng = np.random.default_rng(seed)
    sizes, layers = [real.shape[2], *[width] * depth, 1], []
    for inside, outside in zip(sizes[:-1], sizes[1:], strict=True):
        start = rng.normal(0, np.sqrt(2 / inside), (inside, outside)).astype(np.float32)
        # where there is a limit the first weights are made smaller, not clipped: training decides what goes to the ends
        scale = [1.0 if limit is None else min(1.0, limit / np.abs(start).max()) for limit in limits]
        first = np.float32(scale)[:, None, None] * start
        layers.append((tf.Variable(first), tf.Variable(tf.zeros((len(parts), 1, outside)))))
    variables = [variable for pair in layers for variable in pair]
    looks = min(looks, steps)
    marks = np.unique(np.linspace(0, steps, looks + 1).round().astype(int))
    chance = tf.random.Generator.from_seed(seed)
    second = [tf.Variable(tf.zeros_like(variable)) for variable in variables]  # Adam with β₁ = 0 has no other memory

    def scores(points):
        h = points
        for place, (kernel, bias) in enumerate(layers):
            h = tf.matmul(h, kernel) + bias
            h = h if place == len(layers) - 1 else tf.maximum(h, SLOPE * h)
        return h[..., 0]

    def punished():
        points = fake + chance.uniform((len(parts), real.shape[1], 1)) * (real - fake)
        with tf.GradientTape() as tape:
            tape.watch(points)
            judged = scores(points)
        excess = tf.sqrt(tf.reduce_sum(tape.gradient(judged, points) ** 2, axis=2) + 1e-12) - 1
        excess = tf.where(one_sided[:, None], tf.maximum(excess, 0.0), excess)
        return tf.reduce_sum(penalty * tf.reduce_mean(excess**2, axis=1))

    @tf.function
    def run(start, stop):
        for step in tf.range(start, stop):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.reduce_mean(scores(fake), axis=1) - tf.reduce_mean(scores(real), axis=1))
                if penalised:
                    loss += punished()
            share = tf.cast(step, tf.float32) / steps
            size = rate * 0.5 * (1 + tf.cos(np.pi * share))
            bias_2 = 1 - tf.pow(0.9, tf.cast(step + 1, tf.float32))
            for variable, old, gradient in zip(variables, second, tape.gradient(loss, variables), strict=True):
                old.assign(0.9 * old + 0.1 * gradient**2)
                moved = variable - size * gradient / (tf.sqrt(old / bias_2) + 1e-7)
                variable.assign(tf.clip_by_value(moved, -clips, clips))
        return tf.reduce_mean(scores(real), axis=1) - tf.reduce_mean(scores(fake), axis=1)

    estimates = [run(tf.constant(0), tf.constant(0)).numpy()]
    for start, stop in zip(marks[:-1], marks[1:], strict=True):
        estimates.append(run(tf.constant(int(start)), tf.constant(int(stop))).numpy())
    return Found(list(members), marks, np.stack(estimates), layers)

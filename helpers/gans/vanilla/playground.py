"""GANs so small that everything about them can be seen, and stepped by hand: numbers on a line, points in the plane.

    toy = Toy("ring")                       # or "moons", "spiral"; on the line "two hills", "one hill"
    toy.discriminator_step(); toy.generator_step(); toy.both(100)
    state = toy.state()                     # densities in cells, D, the JS divergence, the value
    playground_view.play(toy)               # the same with buttons

The game is that of `helpers.gans.gan`, or of a class of your own with the same two phases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import tensorflow as tf

from helpers.backend import keras
from helpers.data import points as data_points
from helpers.gans.gan import GAN
from helpers.gans.vanilla import theory

LINES = {  # means, deviations and weights of the hills on the line
    "two hills": ((-1.5, 1.5), (0.4, 0.4), (0.5, 0.5)),
    "one hill": ((1.0,), (0.7,), (1.0,)),
    "unequal hills": ((-2.0, 0.5, 2.5), (0.25, 0.5, 0.25), (0.2, 0.5, 0.3)),
}
PLANES = {"ring": data_points.ring, "moons": data_points.moons, "spiral": data_points.spiral}
SHAPES = (*LINES, *PLANES)
GAMES = ("non-saturating", "saturating", "least squares")
BLOCK = 250  # rounds in one call of the compiled loop
LINE, PLANE = theory.line(-4, 4, 320), theory.line(-3.2, 3.2, 64)


@dataclass(frozen=True)
class State:
    """A toy at one moment.

    steps: (of the discriminator, of the generator) so far.   edges: of the cells, for each axis.
    p, q: probabilities of the cells, real and generated; (cells,) on a line, (cells, cells) in the plane.
    judged: the discriminator's sigmoid(logit) in the middle of each cell.   best: p/(p + q).
    js: divergence of p and q, in nats.   value: min–max value V(D, G) with `judged`, in nats.
    fakes: some generated points (n, dimension).
    """

    steps: tuple[int, int]
    edges: np.ndarray
    p: np.ndarray
    q: np.ndarray
    judged: np.ndarray
    best: np.ndarray
    js: float
    value: float
    fakes: np.ndarray


class Toy:
    """A GAN on numbers or on points, two small dense networks, stepped one phase at a time.

    shape: one of SHAPES.   game: a name of `losses.LOSSES`.   model: the class of the GAN, `gans.gan.GAN` or
    one with the same phases.   rates: Adam's rate of the discriminator and of the generator, with β₁ = .5.
    codings: one for numbers, two for points, so that the generator's density can be computed without chance.
    Raises ValueError for an unknown shape or game.
    """

    def __init__(
        self, shape: str = "two hills", game: str = "non-saturating", *, model: Callable = GAN,
        rates: tuple[float, float] = (1e-3, 1e-3), batch_size: int = 256, units: int = 64, seed: int = 0,
    ):  # fmt: skip
        self.model_class, self.rates, self.batch_size, self.units, self.seed = model, rates, batch_size, units, seed
        self.reset(shape, game)

    def reset(self, shape: str | None = None, game: str | None = None) -> None:
        """New networks from the same seed, and the same real data; with a new shape or loss if they are given."""
        shape, game = shape or self.shape, game or self.game
        if shape not in SHAPES:
            raise ValueError(f"There is no shape named {shape!r}. There are: {', '.join(SHAPES)}.")
        self.shape, self.game = shape, game
        self.dimension, self.edges = (1, LINE) if shape in LINES else (2, PLANE)
        self.p = target_cells(shape)
        generator, discriminator = self._networks()
        self.gan = self.model_class(generator, discriminator, self.dimension, game, seed=self.seed)
        detective, forger = (keras.optimizers.Adam(rate, 0.5) for rate in self.rates)
        self.gan.compile(forger, detective)
        # as in fit, AutoGraph stays out of a student's phases
        self._phases = [tf.autograph.experimental.do_not_convert(phase)
                        for phase in (self.gan.discriminator_phase, self.gan.generator_phase)]  # fmt: skip
        batch, points = (self.batch_size, self.dimension), (None, self.dimension)
        self._discriminator_phase, self._generator_phase = (_compiled(phase, batch) for phase in self._phases)
        self._rounds = _compiled(self._play, (None, *batch))
        self._make = _compiled(lambda z: self.gan.generator(z, training=False), points)
        self._logits = _compiled(lambda x: self.gan.discriminator(x, training=False), points)
        self.steps, self.history = (0, 0), []

    def _networks(self) -> tuple[keras.Model, keras.Model]:
        seeds = iter(range(self.seed * 100, self.seed * 100 + 6))  # of their own: the same start, whoever asks

        def dense(units, activation=None):
            start = keras.initializers.GlorotUniform(next(seeds))
            return keras.layers.Dense(units, activation=activation, kernel_initializer=start)

        entrance, width = (keras.Input((self.dimension,)) for _ in range(2)), self.units
        generator, discriminator = (
            keras.Sequential([first, dense(width, kind), dense(width, kind), dense(last)], name=name)
            for first, kind, last, name in zip(
                entrance, ("relu", "leaky_relu"), (self.dimension, 1), ("generator", "discriminator"), strict=True
            )
        )
        return generator, discriminator

    # -- stepping ------------------------------------------------------------------------------------------------

    def real(self, n: int, step: int | None = None) -> np.ndarray:
        """n real points (n, dimension), float32: those of a training step, or without one others to look at.

        They depend on the seed and the step alone, not on what was drawn before: a training is the same
        however it is cut into pieces, and looking at real points does not change it.
        """
        rng = np.random.default_rng([self.seed, 0 if step is None else step + 1])
        if self.shape in PLANES:
            return PLANES[self.shape](n, rng)
        means, stds, weights = (np.array(part) for part in LINES[self.shape])
        hill = rng.choice(len(means), size=n, p=weights)
        return rng.normal(means[hill], stds[hill]).astype(np.float32)[:, None]

    def discriminator_step(self) -> None:
        """One step of the detective; the forger stays as it is."""
        self._discriminator_phase(self.real(self.batch_size, self.steps[0]))
        self.steps = self.steps[0] + 1, self.steps[1]

    def generator_step(self) -> None:
        """One step of the forger; the detective stays as it is."""
        self._generator_phase(self.real(self.batch_size, self.steps[1]))
        self.steps = self.steps[0], self.steps[1] + 1

    def both(self, times: int = 1) -> None:
        """`times` steps of each, in turns."""
        first = self.steps[0]
        for start in range(0, times, BLOCK):
            block = range(first + start, first + min(start + BLOCK, times))
            self._rounds(np.stack([self.real(self.batch_size, step) for step in block]))
        self.steps = self.steps[0] + times, self.steps[1] + times

    def _play(self, rounds) -> None:
        """One round of both phases for each batch of `rounds`, as one compiled loop."""
        for place in tf.range(tf.shape(rounds)[0]):
            for phase in self._phases:
                phase(rounds[place])

    def watch(self, until) -> list[State]:
        """States after these numbers of steps of both (rising, such as (0, 100, 1000)), counted from the reset."""
        states = []
        for goal in until:
            self.both(max(0, goal - self.steps[1]))
            states.append(self.state())
        return states

    # -- looking -------------------------------------------------------------------------------------------------

    def generate(self, codings) -> np.ndarray:
        """Points (n, dimension) from codings (n, dimension)."""
        return self._make(codings).numpy()

    def generated_cells(self) -> np.ndarray:
        """Probabilities of the cells under the generator, computed without random numbers (see `gan_theory`)."""
        if self.dimension == 1:
            return theory.pushed_forward(lambda z: self.generate(z[:, None])[:, 0], self.edges)
        return theory.pushed_to_plane(self.generate, self.edges)

    def judged_cells(self) -> np.ndarray:
        """The discriminator's opinion, sigmoid(logit), in the middle of each cell."""
        middle = theory.middles(self.edges)
        places = middle[:, None] if self.dimension == 1 else np.stack(
            np.meshgrid(middle, middle, indexing="ij"), axis=-1
        ).reshape(-1, 2)  # fmt: skip
        logits = self._logits(places).numpy().astype(float)
        return (1 / (1 + np.exp(-np.clip(logits, -500, 500)))).reshape(self.p.shape)

    def state(self, fakes: int = 400) -> State:
        """Everything there is to see now; its divergence and value are added to `history`."""
        q, judged = self.generated_cells(), self.judged_cells()
        found = State(
            self.steps, self.edges, self.p, q, judged, theory.best_discriminator(self.p, q), theory.js(self.p, q),
            theory.value(self.p, q, judged),
            self.generate(np.random.default_rng(1).normal(size=(fakes, self.dimension))),
        )  # fmt: skip
        self.history.append((*found.steps, found.js, found.value))
        return found


def _compiled(function: Callable, shape: tuple) -> Callable:
    """A function of one float32 array of this shape, compiled at its first call."""
    run = tf.function(function, input_signature=[tf.TensorSpec(shape, tf.float32)])
    # called as it is, a new tf.function after each reset would make TensorFlow warn of too many of them
    concrete = cache(run.get_concrete_function)
    return lambda array: concrete()(tf.constant(array, tf.float32))


@lru_cache(maxsize=8)
def target_cells(shape: str) -> np.ndarray:
    """Exact probabilities of the cells under the real data of a shape; not to be changed."""
    cells = theory.normal_cells(LINE, *LINES[shape]) if shape in LINES else theory.SHAPES[shape](PLANE)
    cells.setflags(write=False)
    return cells

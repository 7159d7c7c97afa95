"""Two games with two players and one number each, small enough to be understood to the end.

    game = bilinear()                              # the first player wants x·y small, the second wants it large
    path(game, (1, 0), step=0.1, count=100)        # both step at once: spirals out
    path(game, (1, 0), 0.1, 100, alternating=True) # one after the other: goes round
    growth(bilinear(penalty=1), step=0.1)          # below 1: spirals in

Both have their only equilibrium at (0, 0). NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FAR = 1e6  # a player who has come so far stays there


@dataclass(frozen=True)
class Game:
    """Where each player is drawn: `first(a, b)` and `second(a, b)` are minus the gradients of their losses.

    name: for titles.   players: what their numbers are called.   penalty: γ ≥ 0 on the second player's number.
    """

    name: str
    players: tuple[str, str]
    penalty: float
    first: Callable
    second: Callable

    def field(self, points) -> np.ndarray:
        """The velocities (n, 2) at points (n, 2): the way the two would go together in tiny steps."""
        a, b = np.asarray(points, dtype=float).T
        return np.stack([self.first(a, b), self.second(a, b)], axis=1)


def bilinear(penalty: float = 0.0) -> Game:
    """min over x, max over y of x·y − ½ γ y²: velocities −y and x − γ y.

    penalty: γ ≥ 0. Raises ValueError for a negative one.
    """
    _check(penalty)
    return Game("bilinear game", ("x", "y"), float(penalty), lambda x, y: -y, lambda x, y: x - penalty * y)


def dirac(penalty: float = 0.0, saturating: bool = True) -> Game:
    """The Dirac-GAN: all real data at 0, all fakes at θ, and the discriminator's logit is D(x) = ψ·x.

    The discriminator minimises softplus(−D(0)) + softplus(D(θ)) + ½ γ ψ², where ψ is the slope of D, so the last
    term is R1's gradient penalty; the generator minimises −softplus(D(θ)), the min–max game's own loss, whose
    velocities go round in circles exactly; or else the non-saturating softplus(−D(θ)), which also draws inwards,
    though hardly near the equilibrium.
    penalty: γ ≥ 0. Raises ValueError for a negative one.
    Source: Mescheder, Geiger and Nowozin, 2018, arXiv 1801.04406.
    """
    _check(penalty)
    sign = 1 if saturating else -1
    return Game(
        "Dirac-GAN" if saturating else "Dirac-GAN, non-saturating",
        ("θ", "ψ"),
        float(penalty),
        lambda theta, psi: psi * sigmoid(sign * psi * theta),
        lambda theta, psi: -theta * sigmoid(psi * theta) - penalty * psi,
    )


def _check(penalty):
    if not penalty >= 0:
        raise ValueError(f"penalty must be 0 or more, got {penalty}.")


def sigmoid(t):
    """1 / (1 + exp(−t)), without overflow."""
    return 0.5 * (1 + np.tanh(np.asarray(t, dtype=float) / 2))


def simultaneous(game: Game, a: float, b: float, step: float) -> tuple[float, float]:
    """One step of gradient descent of both players, each by what the other was before it."""
    return a + step * game.first(a, b), b + step * game.second(a, b)


def alternating(game: Game, a: float, b: float, step: float) -> tuple[float, float]:
    """One step of each player in turn: the second answers to where the first has just gone."""
    a = a + step * game.first(a, b)
    return a, b + step * game.second(a, b)


def bilinear_step(x: float, y: float, step: float, alternate: bool) -> tuple[float, float]:
    """One step of the plain bilinear game, of both players at once or in turn; returns the new (x, y)."""
    return (alternating if alternate else simultaneous)(bilinear(), x, y, step)


def path(game: Game, start, step: float, count: int, alternate: bool = False) -> np.ndarray:
    """The points (count + 1, 2) that `count` steps from `start` lead through; beyond 10⁶ it stands still."""
    move = alternating if alternate else simultaneous
    points = np.empty((count + 1, 2))
    points[0] = start
    for i in range(count):
        points[i + 1] = points[i] if np.abs(points[i]).max() > FAR else move(game, *points[i], step)
    return points


def step_matrix(game: Game, step: float, alternate: bool = False) -> np.ndarray:
    """The Jacobian (2, 2) of one step at the equilibrium: near it, a step multiplies the point by this matrix.

    Exact for the bilinear game; for the Dirac-GAN a central difference, right to about ten digits.
    """
    move, tiny = alternating if alternate else simultaneous, 1e-5
    columns = [
        np.subtract(move(game, *shift, step), move(game, *(-shift), step)) / (2 * tiny) for shift in tiny * np.eye(2)
    ]
    return np.stack(columns, axis=1)


def growth(game: Game, step: float, alternate: bool = False) -> float:
    """By how much one step multiplies the distance to the equilibrium, near it and in the long run.

    The largest modulus of the eigenvalues of `step_matrix`: above 1 spirals out, 1 goes round, below 1 spirals in.
    """
    return float(np.abs(np.linalg.eigvals(step_matrix(game, step, alternate))).max())

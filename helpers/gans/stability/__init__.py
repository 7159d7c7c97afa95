"""Lesson 12: why GANs are hard to train, and cures.

games.py        two players and one number each
ensembles.py    several GANs in one step
replay.py       fakes of earlier steps
minibatch.py    minibatch discrimination
figures.py      the pictures
game_figures.py paths of games
"""

from helpers.gans.stability import ensembles, figures, game_figures, games, minibatch, replay
from helpers.gans.stability.game_figures import game_explorer, phase_portraits
from helpers.gans.stability.minibatch import BaseMinibatchDiscrimination
from helpers.gans.stability.replay import Replay

__all__ = [
    "BaseMinibatchDiscrimination", "Replay", "ensembles", "figures", "game_explorer", "game_figures", "games",
    "minibatch", "phase_portraits", "replay",
]  # fmt: skip

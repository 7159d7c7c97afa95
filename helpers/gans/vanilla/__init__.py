"""Lesson 11: the first GAN.

networks.py         dense generator and discriminator
theory.py           divergences, the best discriminator
playground.py       a GAN of points in the plane
playground_board.py the same by hand
measures.py         how far points are
figures.py          the picture of the phases
"""

from helpers.gans.vanilla import figures, measures, networks, playground, playground_board, theory
from helpers.gans.vanilla.networks import dense_pair
from helpers.gans.vanilla.playground_board import play

__all__ = ["dense_pair", "figures", "measures", "networks", "play", "playground", "playground_board", "theory"]

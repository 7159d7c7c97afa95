"""Lesson 04: tied weights.

layers.py   one kernel in two places
measures.py how far from orthogonal
figures.py  the pictures
"""

from helpers.autoencoders.tied import figures, layers, measures
from helpers.autoencoders.tied.layers import DenseTranspose, Tied, TiedAutoencoder

__all__ = ["DenseTranspose", "Tied", "TiedAutoencoder", "figures", "layers", "measures"]

"""Lesson 06: convolutional autoencoder.

networks.py   encoder and decoder
arithmetic.py transposed convolutions by hand
shifting.py   images moved by some pixels
figures.py    the pictures
widgets.py    moving an image by hand
"""

from helpers.autoencoders.convolutional import arithmetic, figures, networks, shifting, widgets
from helpers.autoencoders.convolutional.networks import convolutional_hourglass, pooled_encoder
from helpers.autoencoders.convolutional.shifting import shift_errors
from helpers.autoencoders.convolutional.widgets import shift_explorer

__all__ = [
    "arithmetic", "convolutional_hourglass", "figures", "networks", "pooled_encoder", "shift_errors",
    "shift_explorer", "shifting", "widgets",
]  # fmt: skip

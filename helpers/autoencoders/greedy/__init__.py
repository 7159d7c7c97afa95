"""Lesson 05: one autoencoder at a time.

layerwise.py shallow autoencoders stacked, gradients measured
widgets.py   a film of the stages
"""

from helpers.autoencoders.greedy import layerwise, widgets
from helpers.autoencoders.greedy.layerwise import (
    differences_between_images,
    encode_all,
    gradient_sizes,
    raw_sandwich,
    shallow_autoencoder,
    uniform_of_then,
)
from helpers.autoencoders.greedy.widgets import stage_explorer

__all__ = [
    "differences_between_images", "encode_all", "gradient_sizes", "layerwise", "raw_sandwich",
    "shallow_autoencoder", "stage_explorer", "uniform_of_then", "widgets",
]  # fmt: skip

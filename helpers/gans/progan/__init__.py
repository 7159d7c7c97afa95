"""Lesson 15: progressive growing.

layers.py     equalized learning rate, pixel norm, minibatch deviation
networks.py   a pair that can grow
pair.py       what a pair needs whose layers a lesson writes
gan.py        the model, and the plan of its growth
transition.py the moment of growth
callbacks.py  what is noted of a training
ablation.py   growing against its alternatives
figures.py    the pictures
"""

from helpers.gans.progan import ablation, callbacks, figures, gan, layers, networks, transition
from helpers.gans.progan.callbacks import AveragedPair, Pace
from helpers.gans.progan.figures import growth_film
from helpers.gans.progan.gan import Grow, GrowingGAN, Plan
from helpers.gans.progan.layers import (
    EqualizedConv2D,
    EqualizedDense,
    downsample,
    fade_in,
    minibatch_deviation,
    pixel_norm,
    upsample,
)
from helpers.gans.progan.networks import Discriminator, Generator, activate
from helpers.gans.progan.pair import GrowingNetwork

__all__ = [
    "AveragedPair", "Discriminator", "EqualizedConv2D", "EqualizedDense", "Generator", "Grow", "GrowingGAN",
    "GrowingNetwork", "Pace", "Plan", "ablation", "activate", "callbacks", "downsample", "fade_in", "figures", "gan",
    "growth_film", "layers", "minibatch_deviation", "networks", "pixel_norm", "transition", "upsample",
]  # fmt: skip

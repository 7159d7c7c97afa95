"""Lesson 14: Wasserstein GAN with gradient penalty.

gan.py        critics and their games
parts.py      the same game, put together from functions of a lesson
transport.py  optimal transport, exactly
critics.py    critics of points
bumps.py      two distributions with disjoint supports
robustness.py odd networks under three games
readable.py   losses beside the quality of the images
figures.py    the pictures
"""

from helpers.gans.wasserstein import bumps, critics, figures, gan, parts, readable, robustness, transport
from helpers.gans.wasserstein.bumps import parting_explorer
from helpers.gans.wasserstein.critics import Member
from helpers.gans.wasserstein.gan import WGANGP, ClippedWGAN, WassersteinGAN, critic, wgan_pair
from helpers.gans.wasserstein.parts import BaseWGANGP
from helpers.gans.wasserstein.readable import Run

__all__ = [
    "BaseWGANGP", "ClippedWGAN", "Member", "Run", "WGANGP", "WassersteinGAN", "bumps", "critic", "critics",
    "figures", "gan", "parting_explorer", "parts", "readable", "robustness", "transport", "wgan_pair",
]  # fmt: skip

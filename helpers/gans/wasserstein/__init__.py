"""Lesson 14: Wasserstein GAN with gradient penalty.

gan.py        critics and their games
transport.py  optimal transport, exactly
critics.py    critics of points
bumps.py      two distributions with disjoint supports
robustness.py odd networks under three games
figures.py    the pictures
"""

from helpers.gans.wasserstein import bumps, critics, figures, gan, robustness, transport
from helpers.gans.wasserstein.bumps import parting_explorer
from helpers.gans.wasserstein.critics import Member
from helpers.gans.wasserstein.gan import WGANGP, ClippedWGAN, WassersteinGAN, critic, wgan_pair

__all__ = [
    "ClippedWGAN", "Member", "WGANGP", "WassersteinGAN", "bumps", "critic", "critics", "figures", "gan",
    "parting_explorer", "robustness", "transport", "wgan_pair",
]  # fmt: skip

"""Lesson 16: StyleGAN.

layers.py    mapping, AdaIN, noise, blur
networks.py  the style-based generator and its critic
gan.py       the model
assembled.py both, put together from parts that a lesson writes
mixing.py    styles of two images in one
painter.py   images from styles, quickly
ablation.py  from ProGAN to StyleGAN in six steps
figures.py   the pictures
widgets.py   the boards
"""

from helpers.gans.stylegan import ablation, assembled, figures, gan, layers, mixing, networks, painter, widgets
from helpers.gans.stylegan.assembled import AssembledGenerator, AssembledStyleGAN
from helpers.gans.stylegan.gan import AveragedGenerator, StyleGAN
from helpers.gans.stylegan.layers import Mapping, Noise, Style, adain, blur
from helpers.gans.stylegan.networks import StyleDiscriminator, StyleGenerator
from helpers.gans.stylegan.painter import Painter
from helpers.gans.stylegan.widgets import mixing_board, noise_board, psi_slider

__all__ = [
    "AssembledGenerator", "AssembledStyleGAN", "AveragedGenerator", "Mapping", "Noise", "Painter", "Style",
    "StyleDiscriminator", "StyleGAN", "StyleGenerator", "ablation", "adain", "assembled", "blur", "figures", "gan",
    "layers", "mixing", "mixing_board", "networks", "noise_board", "painter", "psi_slider", "widgets",
]  # fmt: skip

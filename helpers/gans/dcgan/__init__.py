"""Lesson 13: DCGAN, with labels if asked for.

networks.py generator and discriminator
features.py coverage of kernels, ranges of pixels, what a discriminator sees
latent.py   arithmetic and directions
ablation.py one guideline less each time
figures.py  the pictures
widgets.py  arithmetic and classes by hand
"""

from helpers.gans.dcgan import ablation, features, figures, latent, networks, widgets
from helpers.gans.dcgan.networks import Aside, LabelPlanes, dcgan_pair
from helpers.gans.dcgan.widgets import arithmetic_board, class_explorer

__all__ = [
    "Aside", "LabelPlanes", "ablation", "arithmetic_board", "class_explorer", "dcgan_pair", "features",
    "figures", "latent", "networks", "widgets",
]  # fmt: skip

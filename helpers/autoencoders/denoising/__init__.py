"""Lesson 08: denoising autoencoder, and the slope of the density.

networks.py      a small U-Net, dense denoisers
layers.py        noise as a layer
noise.py         kinds of damage, PSNR
baselines.py     median, PCA, the best linear denoiser
score.py         denoising points: steps uphill
figures.py       denoised rows and the noise explorer
score_figures.py arrows and paths
"""

from helpers.autoencoders.denoising import baselines, figures, layers, networks, noise, score, score_figures
from helpers.autoencoders.denoising.baselines import LinearDenoiser, Median, PCADenoiser
from helpers.autoencoders.denoising.figures import denoised_rows, level_table, noise_explorer
from helpers.autoencoders.denoising.networks import any_kind, behind, overcomplete, small_unet
from helpers.autoencoders.denoising.score import PointDenoiser

__all__ = [
    "LinearDenoiser", "Median", "PCADenoiser", "PointDenoiser", "any_kind", "baselines", "behind",
    "denoised_rows", "figures", "layers", "level_table", "networks", "noise", "noise_explorer", "overcomplete",
    "score", "score_figures", "small_unet",
]  # fmt: skip

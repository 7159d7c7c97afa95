"""Lesson 10: variational autoencoder.

model.py    the model, its losses, β
exact.py    small models whose evidence can be computed
measures.py the two parts of the bound, posteriors, samples
figures.py  the pictures and the ELBO explorer
diagram.py  the drawing of the model
"""

from helpers.autoencoders.vae import diagram, exact, figures, measures, model
from helpers.autoencoders.vae.exact import GridModel, LinearGaussian
from helpers.autoencoders.vae.model import (
    VAE,
    BaseVAE,
    BetaWarmup,
    Sampling,
    below_two,
    cross_entropy,
    dense_halves,
    kl_to_standard_normal,
    squared_error,
)

__all__ = [
    "BaseVAE", "BetaWarmup", "GridModel", "LinearGaussian", "Sampling", "VAE", "below_two", "cross_entropy",
    "dense_halves", "diagram", "exact", "figures", "kl_to_standard_normal", "measures", "model", "squared_error",
]  # fmt: skip

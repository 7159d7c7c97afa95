"""Lessons 01 to 10: one folder for each idea, on one class, Autoencoder.

autoencoder.py   the class that most lessons train, and its dense networks
size_explorer.py one autoencoder for each coding size, to slide through

pca/  pretraining/  tied/  greedy/  convolutional/  recurrent/  denoising/  sparse/  vae/
"""

from helpers.autoencoders.autoencoder import Autoencoder, dense_hourglass, run_in_batches
from helpers.autoencoders.size_explorer import coding_size_explorer

__all__ = ["Autoencoder", "coding_size_explorer", "dense_hourglass", "run_in_batches"]

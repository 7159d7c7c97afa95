"""Lesson 07: recurrent autoencoder.

networks.py  encoder and decoder for sequences, teacher forcing
anomalies.py errors of signals, detection
figures.py   the pictures and the fault explorer
"""

from helpers.autoencoders.recurrent import anomalies, figures, networks
from helpers.autoencoders.recurrent.anomalies import errors_of, pair_shares
from helpers.autoencoders.recurrent.networks import forced_halves, forced_model, images, recurrent_halves, strips

__all__ = [
    "anomalies", "errors_of", "figures", "forced_halves", "forced_model", "images", "networks", "pair_shares",
    "recurrent_halves", "strips",
]  # fmt: skip

"""Lesson 09: sparse autoencoders, ℓ1 and KL.

model.py     the autoencoder and its penalties as layers
penalties.py the penalties as functions
measures.py  active shares, Hoyer, dead units, selectivity
sweep.py     one training for each weight of the penalty
figures.py   the pictures
"""

from helpers.autoencoders.sparse import figures, measures, model, penalties, sweep
from helpers.autoencoders.sparse.model import KLPenalty, L1Penalty, SparseAutoencoder, sparse_halves
from helpers.autoencoders.sparse.penalties import kl_penalty, what_keras_divides_by
from helpers.autoencoders.sparse.sweep import Sweep, figures_at, sparsity_explorer

__all__ = [
    "KLPenalty", "L1Penalty", "SparseAutoencoder", "Sweep", "figures", "figures_at", "kl_penalty", "measures",
    "model", "penalties", "sparse_halves", "sparsity_explorer", "sweep", "what_keras_divides_by",
]  # fmt: skip

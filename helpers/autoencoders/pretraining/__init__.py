"""Lesson 03: unsupervised pretraining, few labels, transfer.

few_labels.py  drawing as many of each class
transfer.py    an encoder with a new head, frozen and thawed
masked.py      patches hidden while training, in the way of a masked autoencoder
patches.py     a dictionary of patches
label_curve.py accuracy against the number of labels
label_table.py accuracies of many methods, shipped as one array
figures.py     the pictures and the label explorer
"""

from helpers.autoencoders.pretraining import few_labels, figures, label_curve, label_table, masked, patches, transfer
from helpers.autoencoders.pretraining.few_labels import stratified

__all__ = ["few_labels", "figures", "label_curve", "label_table", "masked", "patches", "stratified", "transfer"]

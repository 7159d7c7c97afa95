"""What is measured, of reconstructions, codings and images, and how sure it is. Keras is loaded by the classifier and
the two-sample test only.

reconstruction.py  errors of reconstructions, PCA as a ruler
probes.py          what simple classifiers and neighbours find in codings
image_quality.py   Fréchet distance, inception score, precision, recall, coverage
image_pixels.py    measures of pixels: nearest training images, sliced Wasserstein distance
disentanglement.py perceptual path length and separability
statistics.py      intervals and rank correlation
classifier.py      the classifier whose features and classes the measures use
two_sample.py      the two-sample test by a network that is trained for it
baselines.py       floors and simple models beside which generators are set
"""

from helpers.metrics.disentanglement import separability
from helpers.metrics.image_pixels import memorisation, nearest_training_images, sliced_wasserstein_pyramid
from helpers.metrics.image_quality import (
    active_units,
    class_coverage,
    class_histogram,
    frechet_distance,
    judge_images,
    precision_recall,
    real_images,
)
from helpers.metrics.probes import knn_accuracy, linear_probe_accuracy
from helpers.metrics.reconstruction import mse, pca_reconstruction_mse
from helpers.metrics.statistics import difference_interval, interval, paired_interval, rank_correlation

__all__ = [
    "active_units", "class_coverage", "class_histogram", "difference_interval", "frechet_distance", "interval",
    "judge_images", "knn_accuracy", "linear_probe_accuracy", "memorisation", "mse", "nearest_training_images",
    "paired_interval", "pca_reconstruction_mse", "precision_recall", "rank_correlation", "real_images",
    "separability", "sliced_wasserstein_pyramid",
]  # fmt: skip

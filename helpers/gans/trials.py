"""An experiment with several GANs: trained one after the other, judged alike, shipped as weights."""

from __future__ import annotations

import numpy as np

from helpers.metrics import classifier, image_quality


def scores(images: np.ndarray) -> dict[str, float]:
    """{"frechet": …, "coverage": …} of images (n, 28, 28) in [0, 1], against as many real ones.

    A training that diverged makes NaN; its images count as black, so that it has a figure like any other.
    """
    images = np.nan_to_num(images)
    features, probabilities = classifier.features_and_probabilities(images)
    real = classifier.features(image_quality.real_images()[: len(images)])
    return {
        "frechet": image_quality.frechet_distance(features, real),
        "coverage": image_quality.class_coverage(probabilities),
    }

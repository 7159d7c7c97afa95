"""A small classifier of Fashion-MNIST: the eye with which the course judges generated images.

`features` turns images into 64 numbers each, `probabilities` into the probabilities of the ten classes. Its
weights ship with the workbook (`python3 workbook.py train classifier` makes them) and never change in a
lesson.
"""

from __future__ import annotations

import functools

import numpy as np
from keras import layers

from helpers.backend import keras
from helpers.metrics.image_pixels import checked_images as as_images
from helpers.weights import archive, store

NAME = "classifier"
FEATURES = 64
CLASSES = 10


def build(seed: int = 42) -> keras.Model:
    """The untrained network, from images (n, 28, 28, 1) in [0, 1] to logits (n, 10).

    Four 3×3 convolutions with 24, 48, 64 and 64 maps, halved by max pooling after the first two, each with
    batch normalization and ReLU; the means of the last maps are the 64 features.
    """
    x = inputs = keras.Input((28, 28, 1), name="images")
    for place, (maps, pool) in enumerate(((24, True), (48, True), (64, False), (FEATURES, False))):
        # Seeds and names of its own, so that a lesson's models are the same with and without it.
        start = keras.initializers.HeNormal(seed=seed + place)
        name = f"convolution_{place + 1}"
        x = layers.Conv2D(maps, 3, padding="same", use_bias=False, kernel_initializer=start, name=name)(x)
        if pool:
            # before the normalization, which then has a quarter of the work
            x = layers.MaxPooling2D(2, name=f"pooling_{place + 1}")(x)
        x = layers.BatchNormalization(name=f"normalization_{place + 1}")(x)
        x = layers.ReLU(name=f"relu_{place + 1}")(x)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    start = keras.initializers.GlorotUniform(seed=seed)
    return keras.Model(inputs, layers.Dense(CLASSES, kernel_initializer=start, name="logits")(x), name=NAME)


@functools.cache
def classifier() -> keras.Model:
    """The trained, frozen network, from images (n, 28, 28, 1) to (features (n, 64), probabilities (n, 10)).

    It is loaded once per process. Raises RuntimeError, saying what to do, if its weights cannot be used.
    """
    network = build()
    try:
        store.require(network, NAME, source=(build, FEATURES, CLASSES))
    except archive.Unfit as reason:
        raise RuntimeError(
            f"The classifier that judges generated images cannot be used: its weights: {reason}. "
            "Bring the shipped ones back with  git checkout -- helpers/weights/shipped  (or a fresh copy of the "
            "workbook); with the full data set,  python3 workbook.py train classifier  makes them anew."
        ) from None
    softmax = layers.Softmax(name="probabilities")(network.output)
    outputs = [network.get_layer("features").output, softmax]
    model = keras.Model(network.input, outputs, name="judge")
    model.trainable = False
    model.compile(jit_compile=False)  # for a network this small, compiling for longer is no gain
    return model


def features_and_probabilities(X, batch_size: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """(features (n, 64), probabilities (n, 10)), both float32, of images in [0, 1].

    X: (n, 28, 28), (n, 784) or (n, 28, 28, 1) floats; values outside [0, 1] are clipped, which is said.
    Features are means of ReLU maps: never negative. Raises ValueError for another shape, NaN or bytes, and
    RuntimeError if the weights cannot be used.
    """
    X = as_images(X)[..., None]
    model, parts = classifier(), []
    for start in range(0, len(X), batch_size):
        batch = X[start : start + batch_size]
        # A batch of another size would be compiled anew: fill up the last one, and leave the filling out.
        missing = batch_size - len(batch)
        full = np.concatenate([batch, np.zeros((missing, *batch.shape[1:]), np.float32)]) if missing else batch
        parts.append([np.asarray(part)[: len(batch)] for part in model.predict_on_batch(full)])
    features_, probabilities_ = (np.concatenate(part) for part in zip(*parts, strict=True))
    return features_, probabilities_


def features(X, batch_size: int = 500) -> np.ndarray:
    """The 64 features of each image: (n, 64), float32, at least 0. X and errors as above."""
    return features_and_probabilities(X, batch_size)[0]


def probabilities(X, batch_size: int = 500) -> np.ndarray:
    """The probabilities of the ten classes for each image: (n, 10), float32, rows that sum to 1."""
    return features_and_probabilities(X, batch_size)[1]

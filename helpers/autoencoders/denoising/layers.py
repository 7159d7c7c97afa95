"""Noise as Keras layers: at work while training, absent when the model is used. Fresh for every image and every call.

Put one in front of an encoder and `fit(X, X)` trains a denoiser: the noise lies inside the model, so that the target
stays the clean image. Keras' own GaussianNoise and Dropout do the same; these are short enough to be read.
"""

from __future__ import annotations

from helpers.backend import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="workbook")
class GaussianNoise(keras.layers.Layer):
    """Adds independent Gaussian noise of standard deviation `sigma` to every entry, while training only.

    sigma: standard deviation, at least 0, in the unit of the inputs. seed: for draws that can be repeated.
    Raises ValueError for a sigma below 0. Source: Bishop, 1995, Neural Computation 7.
    """

    def __init__(self, sigma: float, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if not sigma >= 0:
            raise ValueError(f"sigma must be at least 0, got {sigma!r}.")
        self.sigma, self.seed = float(sigma), seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=None):
        """Inputs of any shape; the same shape comes back."""
        if not training:
            return inputs
        return inputs + self.sigma * keras.random.normal(ops.shape(inputs), dtype=inputs.dtype, seed=self.draws)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "sigma": self.sigma, "seed": self.seed}


@keras.saving.register_keras_serializable(package="workbook")
class MaskingNoise(keras.layers.Layer):
    """Sets each entry to 0 with probability `rate`, while training only; the others stay as they are.

    rate: from 0 to below 1. rescale: divide the others by 1 - rate, which is what keras.layers.Dropout does: it keeps
    the mean of a pixel, and changes the value of every one that is left. seed: for draws that can be repeated.
    Raises ValueError for a rate out of range. Source: Vincent et al., 2008, ICML.
    """

    def __init__(self, rate: float, rescale: bool = False, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(f"rate must lie between 0 and 1 (1 itself would leave nothing), got {rate!r}.")
        self.rate, self.rescale, self.seed = float(rate), bool(rescale), seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=None):
        """Inputs of any shape; the same shape comes back."""
        if not training:
            return inputs
        kept = keras.random.uniform(ops.shape(inputs), seed=self.draws) >= self.rate
        outputs = inputs * ops.cast(kept, inputs.dtype)
        return outputs / (1 - self.rate) if self.rescale else outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "rate": self.rate, "rescale": self.rescale, "seed": self.seed}

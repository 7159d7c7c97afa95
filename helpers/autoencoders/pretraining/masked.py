"""Patches of an image hidden while a network trains: then it has to fill in what it cannot see."""

from __future__ import annotations

from helpers.backend import keras

layers = keras.layers


@keras.saving.register_keras_serializable(package="workbook")
class HidePatches(layers.Layer):
    """While training, each square patch of an image is blackened with probability `share`; else nothing happens.

    size: side of a patch in pixels; height and width must be multiples of it. (batch, height, width) -> same shape.
    Every image has its own luck in every batch. Raises ValueError for a share outside [0, 1) or sides that do not fit.
    Sources: Vincent et al., 2008 (denoising autoencoders); He et al., 2021, arXiv 2111.06377 (patches).
    """

    def __init__(self, share: float = 0.5, size: int = 4, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= share < 1:
            raise ValueError(f"share must lie in [0, 1), got {share!r}")
        self.share, self.size = float(share), int(size)
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape):
        if any(side is None or side % self.size for side in input_shape[1:]):
            raise ValueError(f"patches of {self.size} pixels do not fit images of {tuple(input_shape[1:])}")
        self.built = True

    def call(self, images, training=False):
        if not training:
            return images
        ops, (n, height, width) = keras.ops, (keras.ops.shape(images)[0], *images.shape[1:])
        luck = keras.random.uniform((n, height // self.size, width // self.size), seed=self.seed_generator)
        kept = ops.cast(luck >= self.share, images.dtype)
        return images * ops.repeat(ops.repeat(kept, self.size, axis=1), self.size, axis=2)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "share": self.share, "size": self.size}

"""Images from styles: what the boards, sliders and measures of lesson 16 paint with.

    painter = Painter(gan)
    w = painter.styles(codings)                          # (n, units)
    painter.images(painter.spread(w))                    # (n, 28, 28) in [0, 1], all with one and the same noise
    painter.images(w, painter.noise(len(w), seed=3))     # noise of its own for each image
    painter.draw(1000, psi=0.7)                          # new images, truncated

All of it is the averaged generator of a `stylegan.gan.StyleGAN`, at the stage that it is in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.backend import tf
from helpers.gans.compiled import for_any_number
from helpers.gans.samples import at_28
from helpers.gans.stylegan.mixing import levels, truncate

MOST = 200  # images at once


class Painter:
    """The averaged generator of a StyleGAN in its two steps: codings → styles, styles for each layer → images.

    layers: how many have a style of their own.   sizes: side of the noise of each layer, in pixels.
    mean: the mean style (units,).   fixed: noise for each layer, (1, h, w, 1), that images have if none is given.
    """

    def __init__(self, gan, seed: int = 0):
        generator, stage, alpha = gan.averaged, gan.stage, gan.alpha
        self.codings, self.units, self.layers = generator.codings, generator.units, 2 * (stage + 1)
        self.sizes = [4 * 2 ** (place // 2) for place in range(self.layers)]
        self.mean = np.asarray(gan.mean_style)
        self.fixed = self.noise(1, seed)
        noises = [tf.TensorSpec((None, side, side, 1), tf.float32) for side in self.sizes]

        def paint(w, noise):
            return gan.enlarge(generator.synthesis(w, stage, alpha, noise))

        codings = tf.TensorSpec((None, self.codings), tf.float32)
        self._styles = for_any_number(generator.mapping, codings)
        self._paint = for_any_number(paint, tf.TensorSpec((None, self.layers, self.units), tf.float32), noises)

    @property
    def levels(self) -> dict[str, slice]:
        """Which layers are coarse, middle and fine."""
        return levels(self.layers)

    def styles(self, codings) -> np.ndarray:
        """Codings (n, k) → styles (n, units), by the mapping network."""
        return self._styles(tf.constant(np.asarray(codings, dtype=np.float32))).numpy()

    def spread(self, w) -> np.ndarray:
        """Styles (n, units) for all layers alike: (n, layers, units). Those that have layers already stay."""
        w = np.asarray(w, dtype=np.float32)
        return np.repeat(w[:, None], self.layers, axis=1) if w.ndim == 2 else w

    def noise(self, count: int, seed: int = 0) -> list[np.ndarray]:
        """Noise from N(0, 1) for each layer, (count, h, w, 1); the same for the same seed."""
        rng = np.random.default_rng(seed)
        return [rng.normal(size=(count, side, side, 1)).astype(np.float32) for side in self.sizes]

    def images(self, w, noise: Sequence | None = None, switches: Sequence | None = None) -> np.ndarray:
        """Styles (n, units) or (n, layers, units) → images (n, 28, 28), float32 in [0, 1]; smaller ones are enlarged.

        noise: for each layer (n, h, w, 1), or (1, h, w, 1) for all images; None for `fixed`.
        switches: a factor on the noise of each layer, such as 0 for off; default 1.
        """
        w = self.spread(w)
        noise = self.fixed if noise is None else noise
        factors = np.ones(self.layers) if switches is None else np.asarray(switches, dtype=float)
        noise = [np.float32(factor) * each for factor, each in zip(factors, noise, strict=True)]
        parts = []
        for start in range(0, len(w), MOST):
            piece = slice(start, start + MOST)
            some = [tf.constant(each if len(each) == 1 else each[piece]) for each in noise]
            parts.append(self._paint(tf.constant(w[piece]), some).numpy())
        made = np.concatenate(parts)[..., 0]
        return np.clip((at_28(made) + 1) / 2, 0, 1)

    def draw(self, n: int, seed: int = 0, psi: float = 1.0, cutoff: int | None = None) -> np.ndarray:
        """n new images (n, 28, 28), each with noise of its own, truncated with ψ in the first `cutoff` layers."""
        z = np.random.default_rng(seed).normal(size=(n, self.codings))
        w = truncate(self.spread(self.styles(z)), self.mean, psi, cutoff)
        return self.images(w, self.noise(n, seed + 1))

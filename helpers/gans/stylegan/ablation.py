"""From ProGAN to StyleGAN in six steps, in small: the same training with one ingredient more each time.

    gan = game("E  + noise", widths=(64, 32, 16), codings=64)
    sheet = StyleTrials(STEPS)
    sheet.fill(images, seeds=(42, 43), widths=(64, 32, 16))      # trains them all; sheet.history has the figures

All of them grow, and have the same loss (logistic, with R1), so that only the networks differ.
Source: the steps are those of Karras, Laine and Aila, 2019, arXiv 1812.04948, table 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.backend import keras
from helpers.codings import interpolation
from helpers.gans import samples
from helpers.gans.progan.gan import Grow, GrowingGAN, Plan
from helpers.gans.progan.layers import EqualizedDense, fade_in, pixel_norm, upsample
from helpers.gans.progan.networks import Discriminator, Generator, activate
from helpers.gans.samples import at_28, at_size
from helpers.gans.stylegan import painter as stylegan_painter
from helpers.gans.stylegan.gan import StyleGAN
from helpers.gans.stylegan.layers import blur
from helpers.gans.stylegan.networks import StyleDiscriminator, StyleGenerator
from helpers.gans.trials import Trials, scores, spread
from helpers.metrics import classifier, disentanglement, image_quality

ops = keras.ops

STEPS = {
    "A  ProGAN": {"styles": False, "smooth": False},
    "B  + blurred up and down": {"styles": False, "smooth": True},
    "C  + mapping and styles": {"traditional": True, "noisy": False, "mixing": 0.0},
    "D  + learned constant": {"noisy": False, "mixing": 0.0},
    "E  + noise": {"mixing": 0.0},
    "F  + mixing": {"mixing": 0.9},
}


@keras.saving.register_keras_serializable(package="workbook")
class SmoothGenerator(Generator):
    """The generator of `progan`, with a blur behind the first convolution of each new size."""

    def features(self, codings, stage: int):
        x = ops.pad(pixel_norm(codings)[:, None, None, :], [[0, 0], [3, 3], [3, 3], [0, 0]])
        x, before = self.shape_up(self.second, self.shape_up(self.first, x)), None
        for one, two in self.blocks[:stage]:
            wider = pixel_norm(activate(blur(one(upsample(x)))))
            x, before = self.shape_up(two, wider), x
        return x, before


@keras.saving.register_keras_serializable(package="workbook")
class Unfinished(StyleGenerator):
    """A StyleGenerator without some of its ingredients.

    traditional: begins with maps made of the style by a dense layer, in place of the learned constant.
    noisy: whether its layers get noise.
    """

    def __init__(self, *args, traditional: bool = False, noisy: bool = True, **kwargs):
        self.traditional, self.noisy = traditional, noisy
        super().__init__(*args, **kwargs)

    def build(self, input_shape):
        super().build(input_shape)
        if self.traditional:
            self.first = EqualizedDense(4 * 4 * self.widths[0], name="first")
            self.first.build((None, self.units))

    def synthesis(self, w, stage: int | None = None, alpha=1.0, noise=None):
        stage, before = self.chosen(stage), None
        noise = noise if self.noisy else None
        if self.traditional:
            x = ops.reshape(self.first(w[:, 0]), (-1, 4, 4, self.widths[0]))
        else:
            x = ops.broadcast_to(self.constant, (ops.shape(w)[0], *self.constant.shape[1:]))
        for place in range(2 * (stage + 1)):
            if place and place % 2 == 0:
                x, before = blur(self.convolutions[place - 1](upsample(x))), x
            elif place:
                x = self.convolutions[place - 1](x)
            x = self.styled[place](x, w[:, place], None if noise is None else noise[place])
        image = self.to_image[stage](x)
        return image if stage == 0 else fade_in(self.to_image[stage - 1](before), image, alpha)

    def active_layers(self, stage: int) -> list:
        return [*super().active_layers(stage), *([self.first] if self.traditional else [])]

    def get_config(self) -> dict:
        return {**super().get_config(), "traditional": self.traditional, "noisy": self.noisy}


class PlainGAN(GrowingGAN):
    """A growing GAN without styles, trained like a StyleGAN: logistic loss with R1."""

    def __init__(self, *args, r1: float = 10.0, r1_every: int = 1, **kwargs):
        super().__init__(*args, game="non-saturating", penalty_weight=0.0, drift=0.0, **kwargs)
        self.r1, self.r1_every = r1, r1_every

    penalty = StyleGAN.penalty


def compiled_gan(
    name: str, widths: Sequence[int] = (64, 32, 16), codings: int = 64, *, seed: int = 42, rate: float = 1e-3,
    r1: float = 10.0, r1_every: int = 8, averaging: float = 0.99, depth: int = 8, eagerly: bool = False,
) -> GrowingGAN:  # fmt: skip
    """A growing GAN of one of the `STEPS`, ready for fit, for grey images of 4 · 2^(len(widths) − 1) pixels a side.

    eagerly: without compiling its steps, which pays for a few of them only.
    """
    keras.utils.set_random_seed(seed)
    step = dict(STEPS[name])
    common = {"averaging": averaging, "seed": seed, "r1": r1, "r1_every": r1_every}
    if step.pop("styles", True):
        mixing = step.pop("mixing")
        generator = Unfinished(codings, codings, widths, 1, depth, **step)
        gan = StyleGAN(generator, StyleDiscriminator(widths, 1), codings, mixing=mixing, **common)
    else:
        networks = (SmoothGenerator, StyleDiscriminator) if step["smooth"] else (Generator, Discriminator)
        gan = PlainGAN(networks[0](codings, widths, 1), networks[1](widths, 1), codings, **common)
    optimizers = (keras.optimizers.Adam(rate, 0.0, 0.99) for _ in range(2))
    gan.compile(*optimizers, run_eagerly=eagerly)
    return gan


def step_scores(gan, images: np.ndarray, real: np.ndarray, pairs: int = 500, seed: int = 0) -> dict[str, float]:
    """{"frechet", "coverage", "path_z"} of a trained gan, and "path_w" if it has styles.

    images: drawn by it, real: as many real ones made as small, both (n, 28, 28) in [0, 1].   pairs: of codings for the
    path lengths; arcs in Z, lines in W.
    """
    found = scores(images, real)
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=(pairs, gan.codings)) for _ in range(2))
    t = rng.random(pairs)
    if hasattr(gan, "mean_style"):
        painter = stylegan_painter.Painter(gan)
        w = painter.styles(a), painter.styles(b)
        found["path_w"] = disentanglement.path_length(lambda p: seen(painter.images(p)), *w, t)

        def look(z):
            return seen(painter.images(painter.styles(z)))
    else:

        def look(z):
            return seen(at_28(samples.images(gan, z)))

    unit = interpolation.unit
    found["path_z"] = disentanglement.path_length(look, unit(a), unit(b), t, arc=True)
    return found


def seen(images: np.ndarray) -> np.ndarray:
    """The classifier's features of images that may be of a generator that diverged."""
    return classifier.features(np.nan_to_num(images))


class StyleTrials(Trials):
    """Pictures and figures of each step; see Trials."""

    def fill(
        self, images: np.ndarray, *, seeds: Sequence[int], plan: Plan, only: Sequence[str] | None = None,
        widths: Sequence[int] = (64, 32, 16), codings: int = 64, batch_size: int = 32, count: int = 2000,
        pairs: int = 500, **options,
    ) -> dict[str, float]:  # fmt: skip
        """Train every step with every seed, keep its pictures and its figures. Returns how much was trained.

        images: (n, side, side, 1) in [−1, 1], with the side that the widths make.   only: names, to train fewer.
        count: images drawn for the figures.   pairs: for the path lengths.   options: as of `compiled_gan`.
        """
        real = at_28((at_size(image_quality.real_images()[:count], images.shape[1])[..., 0] + 1) / 2)

        def one(name, seed):
            gan = compiled_gan(name, widths, codings, seed=seed, **options)
            gan.fit(images, batch_size=batch_size, epochs=plan.epochs, callbacks=[Grow(plan)], verbose=0)
            made = at_28(np.nan_to_num(samples.draw(gan, count, seed)))
            return step_scores(gan, made, real, pairs, seed), made

        self.run(one, seeds, only)
        return {"seeds": len(seeds), "steps": plan.epochs * -(-len(images) // batch_size)}


def summary(history: Mapping[str, Sequence[float]]) -> list[tuple[str, float, float, float, float, float, float]]:
    """(name, mean Fréchet distance, lowest, highest, mean coverage, path length in Z, in W) of each step, in order.

    history: {"name: frechet": [a value for each seed], …}. Without styles the path length in W is NaN.
    """
    rows = []
    for name in dict.fromkeys(key.rpartition(": ")[0] for key in history):
        means = (float(np.mean(history.get(f"{name}: {key}", np.nan))) for key in ("coverage", "path_z", "path_w"))
        rows.append((name, *spread(history, name), *means))
    return rows

"""All generators whose weights ship, each as one function: how many images, which seed → images.

    for one in shipped_generators.available():
        images = one.load()(2_000, seed=0)                 # (2000, 28, 28), float32 in [0, 1]

For comparing them on one yardstick (lesson 17). Each lesson builds and explains its own model; here they are only
built again, with the sizes of the full training, and given their weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.weights import store
from helpers.weights.archive import Unfit, read

WIDTHS = (128, 64, 32, 16)  # maps of the two that grow, at 4, 8, 16 and 32 pixels
Draw = Callable[..., np.ndarray]  # draw(n, seed=0) → (n, 28, 28), float32 in [0, 1]


@dataclass(frozen=True)
class Shipped:
    """One generator. name: of its weights.   lesson, title: for tables.   codings: numbers that make an image.

    build: () → (model that the weights belong to, function for drawing).
    """

    name: str
    lesson: str
    title: str
    codings: int
    build: Callable[[], tuple]

    @property
    def facts(self) -> dict | None:
        """The manifest of its weights (seconds, images_seen, history, …), or None if there are none."""
        return store.manifest(self.name)

    def load(self) -> Draw:
        """The function that draws images. Raises weights.Unfit, with the reason, if its weights cannot be used."""
        facts = self.facts
        if facts is None:
            raise Unfit("there are none yet")
        model, draw = self.build()
        # Whether the training code has changed since is the affair of its lesson: here the file is measured as it is.
        arrays, _ = read(store.folder(), self.name, [tuple(v.shape) for v in model.weights], facts["source"])
        for variable, array in zip(model.weights, arrays, strict=True):
            variable.assign(array)
        return draw


def available() -> list[Shipped]:
    """The generators whose weights are there, in the order of the lessons."""
    return [one for one in ALL if one.facts is not None]


def _gan(network_pair: Callable, codings: int, kind: Callable | None = None, **options) -> tuple:
    from helpers.gans import samples
    from helpers.gans.gan import GAN

    model = (kind or GAN)(*network_pair(), codings, averaging=0.999, seed=42, **options)
    if not options.get("conditional"):
        return model, lambda n, seed=0: samples.draw(model, n, seed)
    # as many images of each class as of any other
    return model, lambda n, seed=0: samples.draw(model, n, seed, np.arange(n, dtype="int32") % 10)


def _plain() -> tuple:
    from helpers.autoencoders.autoencoder import dense_hourglass
    from helpers.data import dataset

    model = dense_hourglass((28, 28), (200, 100), 10, activation="silu", coding_activation=None,
                            output_activation="sigmoid")  # fmt: skip

    def draw(n, seed=0):
        Z = model.codings(dataset.load("fashion_mnist", source="shipped", quiet=True).X_train)
        codings = np.random.default_rng(seed).multivariate_normal(Z.mean(axis=0), np.cov(Z.T), n)
        return np.clip(model.decode(codings), 0, 1).astype(np.float32)

    return model, draw


def _vae() -> tuple:
    from helpers.autoencoders.vae import measures
    from helpers.autoencoders.vae import model as vae_model

    model = vae_model.VAE(
        *vae_model.dense_halves(10), vae_model.Sampling(), vae_model.kl_to_standard_normal, vae_model.cross_entropy
    )
    return model, lambda n, seed=0: measures.sample_images(model, n, seed)


def _dense() -> tuple:
    from helpers.gans.vanilla.networks import dense_pair

    return _gan(lambda: dense_pair(codings=30), 30)


def _dcgan() -> tuple:
    from helpers.gans.dcgan.networks import dcgan_pair

    return _gan(lambda: dcgan_pair(100, 32), 100)


def _to_order() -> tuple:
    from helpers.gans.dcgan.networks import dcgan_pair

    return _gan(lambda: dcgan_pair(100, 32, classes=10), 100, conditional=True)


def _wasserstein() -> tuple:
    from helpers.gans.wasserstein.gan import WGANGP, wgan_pair

    return _gan(lambda: wgan_pair(100, 32), 100, WGANGP)


def _growing() -> tuple:
    from helpers.gans import samples
    from helpers.gans.progan.callbacks import AveragedPair
    from helpers.gans.progan.gan import GrowingGAN
    from helpers.gans.progan.networks import Discriminator, Generator

    gan = GrowingGAN(Generator(128, WIDTHS, 1), Discriminator(WIDTHS, 1), 128, averaging=0.999, seed=42)
    gan.set_stage(gan.last_stage)
    return AveragedPair(gan), lambda n, seed=0: samples.draw(gan, n, seed)


def _style() -> tuple:
    from helpers.gans import samples
    from helpers.gans.stylegan.gan import AveragedGenerator, StyleGAN
    from helpers.gans.stylegan.networks import StyleDiscriminator, StyleGenerator

    networks = StyleGenerator(128, 128, WIDTHS, 1), StyleDiscriminator(WIDTHS, 1)
    gan = StyleGAN(*networks, 128, averaging=0.999, seed=42)
    gan.set_stage(gan.last_stage)
    return AveragedGenerator(gan), lambda n, seed=0: samples.draw(gan, n, seed)


ALL = (
    Shipped("plain_10", "10", "plain autoencoder + Gaussian", 10, _plain),
    Shipped("vae_10", "10", "VAE, cross-entropy", 10, _vae),
    Shipped("gan_11", "11", "GAN, dense", 30, _dense),
    Shipped("dcgan_13", "13", "DCGAN", 100, _dcgan),
    Shipped("cdcgan_13", "13", "conditional DCGAN + replay", 100, _to_order),
    Shipped("wgan_gp_14", "14", "WGAN-GP", 100, _wasserstein),
    Shipped("progan_15", "15", "ProGAN", 128, _growing),
    Shipped("stylegan_16", "16", "StyleGAN", 128, _style),
)

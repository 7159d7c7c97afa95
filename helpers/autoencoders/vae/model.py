"""The variational autoencoder of lesson 10: its parts, each small enough to look at, and the model made of them.

    encoder, decoder = dense_halves(codings=10)
    model = VAE(encoder, decoder, Sampling(), kl_to_standard_normal, cross_entropy)
    model.compile(optimizer="adam")
    model.fit(X, validation_data=V, epochs=20)

Reconstruction and KL are kept apart, in nats per image: sums over pixels and codings, means over images.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from helpers.training.images import images_alone, look_first, must_lie_in, pixel_range


@keras.saving.register_keras_serializable(package="workbook")
class Sampling(layers.Layer):
    """Codings drawn from a Gaussian: z = mean + exp(log_var / 2) · noise, noise from N(0, 1).

    Called on [mean, log_var], both (batch, codings); gives (batch, codings). Fresh noise for every entry and
    every call, so that gradients reach mean and log_var. Source: Kingma and Welling, 2014, arXiv 1312.6114.
    """

    def __init__(self, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        mean, log_var = inputs
        noise = keras.random.normal(ops.shape(mean), seed=self.generator)
        return mean + ops.exp(log_var / 2) * noise

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}


def kl_to_standard_normal(mean, log_var):
    """KL(N(mean, exp(log_var)) ‖ N(0, 1)) in nats, summed over the codings: one value for each row, never < 0.

    mean, log_var: (batch, codings). ½ Σ (exp γ + μ² − 1 − γ) with γ = log_var and μ = mean.
    Source: Kingma and Welling, 2014, arXiv 1312.6114, appendix B.
    """
    # expm1(γ) − γ keeps its digits near γ = 0, where exp(γ) − 1 would lose them
    return 0.5 * ops.sum(ops.expm1(log_var) - log_var + ops.square(mean), axis=-1)


def cross_entropy(images, reconstructions):
    """Binary cross-entropy in nats, summed over the pixels: one value for each image.

    images, reconstructions: (batch, …) in [0, 1]. This is −log p(x|z) of a Bernoulli decoder for black and
    white pixels. Grey pixels make it no true likelihood, and its floor is then not 0 (`cross_entropy_floor`).
    """
    safe = ops.clip(reconstructions, 1e-6, 1 - 1e-6)
    return -_sum_of_pixels(images * ops.log(safe) + (1 - images) * ops.log(1 - safe))


def squared_error(images, reconstructions):
    """Squared error summed over the pixels: one value for each image.

    It is −log p(x|z) in nats, but for a constant, of a Gaussian decoder whose pixels have the variance ½.
    Divided by the number of pixels it is the mean squared error.
    """
    return _sum_of_pixels(ops.square(images - reconstructions))


def _sum_of_pixels(values):
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


class BaseVAE(keras.Model):
    """What a variational autoencoder is built on: its parts, its running means, its evaluation.

    encoder: a built Keras model, images (batch, …) -> [mean, log_var], each (batch, codings).
    decoder: a built Keras model, codings -> images of the same shape.
    sampling: [mean, log_var] -> codings.   kl: (mean, log_var) -> nats, (batch,).
    distance: (images, reconstructions) -> nats, (batch,).
    beta: weight of the KL; 1 gives the (negative) ELBO. `model.beta` is a variable: assign to change it.
    A subclass says in `terms` what is measured and in `train_step` how it is learned. `compile` wants an
    optimizer only, `fit` images only. Logs of fit and evaluate: loss, reconstruction and kl.
    Calling the model gives the reconstruction from the mean codings, without noise.
    """

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, sampling: Callable, kl: Callable, distance: Callable,
        beta: float = 1.0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.sampling, self.kl, self.distance = sampling, kl, distance
        self.beta = keras.Variable(beta, trainable=False, dtype="float32", name="beta")
        self.averages = [keras.metrics.Mean(name) for name in ("loss", "reconstruction", "kl")]
        self.built = True

    @property
    def metrics(self) -> list:
        """The running means that fit shows and sets back at the start of each epoch."""
        return self.averages

    def note(self, reconstruction, kl) -> dict:
        """Add one batch, (batch,) nats each, to the running means; returns the means by name."""
        values = reconstruction + self.beta * kl, reconstruction, kl
        for average, value in zip(self.averages, values, strict=True):
            average.update_state(value)
        return {average.name: average.result() for average in self.averages}

    def test_step(self, images) -> dict:
        return self.note(*self.terms(images))

    def call(self, inputs):
        mean, _ = self.encoder(inputs)
        return self.decoder(mean)

    def compute_output_shape(self, input_shape):
        return input_shape


def _look(model: BaseVAE, images, labels=None) -> tuple:
    """The images alone (or twice, as their own targets), in the range that the decoder makes."""
    images = images_alone(images, labels)
    wanted = (0.0, 1.0) if model.distance is cross_entropy else pixel_range(model.decoder)
    must_lie_in(images, wanted, slack=0.01)
    return images, None


look_first(BaseVAE, ("encoder", "decoder"), _look, validation=lambda model, data: _look(model, data)[0])


class VAE(BaseVAE):
    """A variational autoencoder, trained on the mean over images of  reconstruction + beta · KL.

    Sources: Kingma and Welling, 2014, arXiv 1312.6114; Rezende et al., 2014, arXiv 1401.4082; the weight beta:
    Higgins et al., 2017 (ICLR).
    """

    def terms(self, images):
        """(reconstruction, KL), both (batch,) in nats, for one draw of codings per image."""
        mean, log_var = self.encoder(images)
        codings = self.sampling([mean, log_var])
        return self.distance(images, self.decoder(codings)), self.kl(mean, log_var)

    def train_step(self, images) -> dict:
        """One step of the optimizer on a batch of images; returns the running means."""
        with tf.GradientTape() as tape:
            reconstruction, kl = self.terms(images)
            loss = ops.mean(reconstruction + self.beta * kl)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return self.note(reconstruction, kl)


class BetaWarmup(keras.callbacks.Callback):
    """KL annealing: the weight beta of a VAE climbs in a straight line to its value, epoch by epoch, and stays.

    epochs: the number of epochs below the full value; the first epoch has weight 0.
    Source: Bowman et al., 2016, arXiv 1511.06349.
    """

    def __init__(self, epochs: int):
        super().__init__()
        self.epochs, self.full = epochs, None

    def on_epoch_begin(self, epoch, logs=None):
        if self.full is None:
            self.full = float(self.model.beta.value)
        self.model.beta.assign(self.full * min(1.0, epoch / max(1, self.epochs)))

    def on_train_end(self, logs=None):
        self.model.beta.assign(self.full)


@keras.saving.register_keras_serializable(package="workbook")
def below_two(x):
    """Nearly x where x < 0, and never above softplus(2) = 2.13: a smooth activation for log-variances.

    No coding has to be much vaguer than the prior, whose log-variance is 0, but the exp of one large
    log-variance, of one odd image, can spoil a training.
    """
    return ops.softplus(2.0) - ops.softplus(2.0 - x)


def dense_halves(
    codings: int,
    hidden: Sequence[int] = (200, 100),
    image_shape: Sequence[int] = (28, 28),
    activation: str = "silu",
    output_activation: str | None = "sigmoid",
    steady: bool = True,
) -> tuple[keras.Model, keras.Model]:
    """The two networks of a dense VAE, (encoder, decoder), the second one mirroring the first.

    encoder: images -> [mean, log_var], both (batch, codings); decoder: codings -> images.
    hidden: units of the encoder's hidden layers from the image inwards.
    steady: let every coding start with the spread 1, that of the prior, and keep log_var below 2.13 by
        `below_two`, so that larger steps are safe; otherwise log_var is a plain linear layer.
    """
    images = keras.Input(tuple(image_shape))
    h = layers.Flatten()(images)
    for units in hidden:
        h = layers.Dense(units, activation=activation)(h)
    options = {"kernel_initializer": "zeros", "activation": below_two} if steady else {}
    heads = [layers.Dense(codings, name="mean")(h), layers.Dense(codings, name="log_var", **options)(h)]
    encoder = keras.Model(images, heads, name="encoder")

    z = h = keras.Input((codings,))
    for units in reversed(hidden):
        h = layers.Dense(units, activation=activation)(h)
    h = layers.Dense(int(np.prod(image_shape)), activation=output_activation, name="pixels")(h)
    decoder = keras.Model(z, layers.Reshape(tuple(image_shape))(h), name="decoder")
    return encoder, decoder

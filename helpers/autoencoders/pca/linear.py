"""The linear autoencoder: one dense layer in, one dense layer out, no activation; and training on the covariance.

The mean squared error of a linear autoencoder depends on the data only through their mean and covariance. For
centred data a gradient step over the *whole* set therefore needs one (d, d) matrix and not a single image.
"""

from __future__ import annotations

from collections.abc import Callable

from helpers.backend import build_optimizer, keras, tf  # first: it keeps TensorFlow's start-up messages away
from helpers.training.schedules import WarmupCosine

ops = keras.ops


class LinearAutoencoder(keras.Model):
    """x -> (x E + b) D + c: two dense layers without activation.

    pixels: values d of one example. codings: their number k. The encoder's kernel E (d, k) starts at zero, the
    decoder's D (k, d) with orthonormal rows: a start that leaves no accidental weights where the data do not vary.
    """

    def __init__(self, pixels: int, codings: int, **options):
        super().__init__(**options)
        self.encoder = keras.layers.Dense(codings, kernel_initializer="zeros", name="encoder")
        self.decoder = keras.layers.Dense(pixels, kernel_initializer="orthogonal", name="decoder")

    def call(self, inputs):
        """Examples (batch, d) to their reconstructions (batch, d)."""
        return self.decoder(self.encoder(inputs))


def loss_from_covariance(E, D, C):
    """Mean squared error of x -> x E D over all examples and pixels, from their covariance alone.

    E: (d, k), D: (k, d), C: (d, d), covariance of *centred* data (divided by n). Returns a scalar tensor.
    Costs d·d·k operations for any number of examples.
    """
    CE = ops.matmul(C, E)
    agreement = ops.sum(D * ops.transpose(CE))  # mean of x · x̂
    energy = ops.sum(ops.matmul(D, ops.transpose(D)) * ops.matmul(ops.transpose(E), CE))  # mean of x̂ · x̂
    return (ops.trace(C) - 2.0 * agreement + energy) / C.shape[0]


class TrainedOnCovariance(LinearAutoencoder):
    """A linear autoencoder whose `fit` takes the covariance (d, d) of centred data in the place of examples.

    loss_function: (E, D, C) -> scalar; a kernel that it does without stays as it is. The biases stay at zero, which
    is where their gradient vanishes when the data are centred.
    """

    def __init__(self, pixels: int, codings: int, loss_function: Callable = loss_from_covariance, **options):
        super().__init__(pixels, codings, **options)
        self.loss_function = loss_function
        self(ops.zeros((1, pixels)))  # one call makes the weights

    def train_step(self, C):
        """One step down the exact gradient over all examples."""
        kernels = [self.encoder.kernel, self.decoder.kernel]
        with tf.GradientTape() as tape:
            loss = self.loss_function(*kernels, C)
        gradients = tape.gradient(loss, kernels)
        # With tied weights there is no gradient for the encoder, which then stays as it is.
        self.optimizer.apply_gradients([pair for pair in zip(gradients, kernels, strict=True) if pair[0] is not None])
        # Not "loss": Keras would put its own loss tracker, which a custom step leaves at 0, in its place.
        return {"mse": loss}


def fit_covariance(model: keras.Model, C, steps: int, peak: float = 0.01, callbacks=()) -> keras.callbacks.History:
    """Train a model whose train_step takes a covariance C (d, d); returns the History, with "mse" every 50 steps.

    Adam with beta_2 = 0.95, so that its step sizes follow the gradient as this shrinks, and a learning rate that
    climbs to `peak` and falls along a cosine to 0. steps: rounded up to a multiple of 50.
    Raises ValueError when C is not a square matrix or steps is below 1.
    """
    C = ops.convert_to_tensor(C, dtype="float32")
    if len(C.shape) != 2 or C.shape[0] != C.shape[1]:
        raise ValueError(f"A covariance is a square matrix, got the shape {tuple(C.shape)}.")
    if steps < 1:
        raise ValueError(f"Training takes at least one step, got steps={steps}.")
    epochs = -(-steps // 50)
    optimizer = keras.optimizers.Adam(WarmupCosine(peak, 50 * epochs), beta_2=0.95)
    model.compile(optimizer=optimizer, steps_per_execution=10)  # fewer trips between Python and TensorFlow
    build_optimizer(model)
    again_and_again = tf.data.Dataset.from_tensors(C).repeat()
    return model.fit(
        again_and_again, epochs=epochs, steps_per_epoch=50, shuffle=False, verbose=0, callbacks=list(callbacks)
    )

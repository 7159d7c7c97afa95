"""Minibatch discrimination: a detective who sees how alike the images of a batch are.

    features = layers.Dense(64, activation="leaky_relu")(x)
    seen = layers.Concatenate()([features, MinibatchDiscrimination(16)(features)])
    logit = layers.Dense(1)(seen)

Source: Salimans et al., 2016, arXiv 1606.03498, section 3.2.
"""

from __future__ import annotations

from helpers.backend import keras

ops = keras.ops


def similarities(M):
    """How alike each row is to all others of the batch, by each of B rulers.

    M: (batch, B, C), B rows of C numbers for each image.
    Returns (batch, B): o[i, b] = Σ over j ≠ i of exp(−Σ_c |M[i, b, c] − M[j, b, c]|), each from 0 (unlike all
    others) to batch − 1 (the same as all others). The paper's sum has j = i in it too, which adds 1 to every
    entry; a bias can do the same.
    """
    distances = ops.sum(ops.abs(M[:, None] - M[None, :]), axis=3)  # (batch, batch, B)
    # A row's likeness to itself is exp(0) = 1, whatever M is: it says nothing.
    return ops.sum(ops.exp(-distances), axis=1) - 1.0


class BaseMinibatchDiscrimination(keras.layers.Layer):
    """All of minibatch discrimination but `call`: the learned weights T, (A, rulers · size), for features (batch, A).

    rulers: B, in how many ways likeness is measured.   size: C, numbers for each.   seed: of the first weights.
    Raises ValueError for a number below 1.
    """

    def __init__(self, rulers: int = 16, size: int = 4, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if rulers < 1 or size < 1:
            raise ValueError(f"rulers and size must be 1 or more, got {rulers} and {size}.")
        self.rulers, self.size, self.seed = rulers, size, seed

    def build(self, input_shape):
        # Small weights: with large ones every distance is long, exp(−distance) is 0, and no gradient gets through.
        start = keras.initializers.RandomNormal(stddev=0.05, seed=self.seed)
        self.T = self.add_weight(shape=(input_shape[-1], self.rulers * self.size), initializer=start, name="T")

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.rulers)

    def get_config(self) -> dict:
        return {**super().get_config(), "rulers": self.rulers, "size": self.size, "seed": self.seed}


@keras.saving.register_keras_serializable(package="workbook")
class MinibatchDiscrimination(BaseMinibatchDiscrimination):
    """Features (batch, A) → likeness to the rest of the batch (batch, rulers), from 0 to batch − 1.

    Memory grows with batch² · rulers · size. The result depends on the whole batch: judge real images and fakes
    in batches of their own, of equal size.
    """

    def call(self, features):
        return similarities(ops.reshape(ops.matmul(features, self.T), (-1, self.rulers, self.size)))

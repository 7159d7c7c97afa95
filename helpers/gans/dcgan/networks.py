"""The two networks of DCGAN, with labels as planes if asked for."""

from __future__ import annotations

from helpers.backend import keras

layers, ops = keras.layers, keras.ops


def generator(codings: int, maps: int) -> keras.Model:
    """A generator after all guidelines of DCGAN: codings (n, codings) → images (n, 28, 28, 1) in [−1, 1]."""
    return dcgan_pair(codings, maps)[0]


def discriminator(maps: int) -> keras.Model:
    """A discriminator after all guidelines of DCGAN: images (n, 28, 28, 1) → logits (n, 1)."""
    return dcgan_pair(10, maps)[1]


class Aside:
    """A replay buffer that a model uses without owning it: its images are not saved with the model's weights."""

    def __init__(self, buffer):
        self.add, self.draw = buffer.add, buffer.draw


def label_planes(labels, classes: int, height: int, width: int):
    """Labels as images, a tensor (n, height, width, classes), float32: plane c is 1 everywhere where the label is c.

    labels: (n,), whole numbers from 0 to classes − 1. Source: Mirza and Osindero, 2014, arXiv 1411.1784.
    """
    flags = ops.one_hot(ops.cast(labels, "int32"), classes)[:, None, None, :]
    return ops.cast(ops.broadcast_to(flags, (ops.shape(flags)[0], height, width, classes)), "float32")


@keras.saving.register_keras_serializable(package="workbook")
class LabelPlanes(layers.Layer):
    """Labels as images: for each class one plane, 1 everywhere if the image is to be of this class, else 0.

    Called on [images (n, h, w, c), labels (n,)]; gives (n, h, w, c + classes), the planes behind the images.
    """

    def __init__(self, classes: int, **kwargs):
        super().__init__(**kwargs)
        self.classes = classes

    def call(self, inputs):
        images, labels = inputs
        # Broadcasting makes each plane constant; repeating and reshaping would mix the classes.
        flags = ops.one_hot(ops.cast(labels, "int32"), self.classes)[:, None, None, :]
        _, height, width, _ = images.shape
        planes = ops.broadcast_to(flags, (ops.shape(images)[0], height, width, self.classes))
        return ops.concatenate([images, ops.cast(planes, images.dtype)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], input_shape[0][-1] + self.classes)

    def get_config(self) -> dict:
        return {**super().get_config(), "classes": self.classes}


def dcgan_pair(codings: int = 100, maps: int = 32, classes: int | None = None, kernel: int = 4) -> tuple:
    """(generator, discriminator) after the guidelines of DCGAN, for images (28, 28, 1); weights from N(0, .02).

    maps: feature maps next to the image; one scale deeper there are twice as many.
    classes: with a number, the networks take labels too: [codings, labels] and [images, labels].
    kernel: a multiple of the stride 2, so that every pixel is covered equally often.
    Source: Radford, Metz and Chintala, 2016, arXiv 1511.06434; with labels: Mirza and Osindero, 2014, arXiv 1411.1784.
    """
    start = {"kernel_initializer": keras.initializers.RandomNormal(stddev=0.02)}
    label = None if classes is None else keras.Input((), dtype="int32", name="labels")

    z = h = keras.Input((codings,), name="codings")
    if classes is not None:
        h = layers.Concatenate()([z, ops.one_hot(label, classes)])
    # A transposed convolution of one pixel to 7 × 7 is this dense layer.
    h = layers.Dense(7 * 7 * 2 * maps, use_bias=False, **start)(h)
    h = layers.Reshape((7, 7, 2 * maps))(h)
    h = layers.Activation("relu")(layers.BatchNormalization()(h))
    h = layers.Conv2DTranspose(maps, kernel, 2, padding="same", use_bias=False, **start)(h)
    h = layers.Activation("relu")(layers.BatchNormalization()(h))
    h = layers.Conv2DTranspose(1, kernel, 2, padding="same", activation="tanh", **start)(h)
    generator = keras.Model(z if classes is None else [z, label], h, name="generator")

    x = h = keras.Input((28, 28, 1), name="images")
    if classes is not None:
        h = LabelPlanes(classes)([x, label])
    h = layers.LeakyReLU(0.2)(layers.Conv2D(maps, kernel, 2, padding="same", **start)(h))
    h = layers.Conv2D(2 * maps, kernel, 2, padding="same", use_bias=False, **start)(h)
    h = layers.LeakyReLU(0.2)(layers.BatchNormalization()(h))
    h = layers.Dense(1, **start)(layers.Flatten()(h))
    discriminator = keras.Model(x if classes is None else [x, label], h, name="discriminator")
    return generator, discriminator

"""Autoencoders of convolutions: an hourglass that keeps the picture a picture until just before the codings."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.backend import keras

layers = keras.layers

UPSAMPLING = ("transposed", "resize")


def convolutional_hourglass(
    image_shape: Sequence[int] = (28, 28),
    filters: Sequence[int] = (16, 32),
    codings: int = 30,
    *,
    kernel_size: int = 4,
    activation: str = "silu",
    coding_activation: str | None = None,
    output_activation: str | None = "sigmoid",
    upsampling: str = "transposed",
    name: str = "convolutional_autoencoder",
) -> Autoencoder:
    """A convolutional autoencoder, symmetric about its codings; built, not compiled.

    image_shape: shape of one image, (height, width) or (height, width, channels); what goes in comes out.
    filters: maps of each convolution from the image inwards; each halves height and width (stride 2, "same").
    codings: units of the dense coding layer on the last maps: encoder (batch, *image_shape) -> (batch, codings).
    kernel_size: of all convolutions; a multiple of the stride 2 gives no checkerboards.
    activation: of all hidden layers; coding_activation and output_activation: names that Keras knows, or None.
    upsampling: "transposed" (transposed convolutions, stride 2) or "resize" (nearest pixel twice, then a convolution).
    Raises ValueError when a side of the image is no multiple of 2 ** len(filters), and for unknown upsampling.
    """
    image_shape = tuple(int(side) for side in image_shape)
    if len(image_shape) not in (2, 3):
        raise ValueError(f"An image is (height, width) or (height, width, channels), got the shape {image_shape}.")
    if not filters:
        raise ValueError("A convolutional autoencoder needs at least one convolution: filters is empty.")
    shrink = 2 ** len(filters)
    if any(side % shrink for side in image_shape[:2]):
        raise ValueError(
            f"{len(filters)} halvings need sides that are multiples of {shrink}, got the shape {image_shape}."
        )
    if upsampling not in UPSAMPLING:
        raise ValueError(f"upsampling is one of {UPSAMPLING}, got {upsampling!r}.")
    channels = image_shape[2] if len(image_shape) == 3 else 1
    smallest = (image_shape[0] // shrink, image_shape[1] // shrink, filters[-1])

    encoder = keras.Sequential([keras.Input(image_shape)], name="encoder")
    if len(image_shape) == 2:
        encoder.add(layers.Reshape((*image_shape, 1)))
    for maps in filters:
        encoder.add(layers.Conv2D(maps, kernel_size, strides=2, padding="same", activation=activation))
    encoder.add(layers.Flatten())
    encoder.add(layers.Dense(codings, activation=coding_activation, name="codings"))

    decoder = keras.Sequential([keras.Input((codings,))], name="decoder")
    decoder.add(layers.Dense(smallest[0] * smallest[1] * smallest[2], activation=activation))
    decoder.add(layers.Reshape(smallest))
    for maps in reversed(filters[:-1]):
        _add_doubling(decoder, maps, kernel_size, activation, upsampling)
    _add_doubling(decoder, channels, kernel_size, output_activation, upsampling, name="pixels")
    if len(image_shape) == 2:
        decoder.add(layers.Reshape(image_shape))
    return Autoencoder(encoder, decoder, name=name)


def _add_doubling(model, maps: int, kernel_size: int, activation, upsampling: str, **options) -> None:
    """Twice the height and width, by one of the two ways of getting there."""
    if upsampling == "transposed":
        model.add(
            layers.Conv2DTranspose(maps, kernel_size, strides=2, padding="same", activation=activation, **options)
        )
    else:
        model.add(layers.UpSampling2D(2))
        model.add(layers.Conv2D(maps, kernel_size, padding="same", activation=activation, **options))


def pooled_encoder(codings: int = 30, maps: Sequence[int] = (16, 32, 64)) -> keras.Model:
    """The classical encoder: images (batch, 28, 28) -> codings (batch, codings); built.

    Each entry of `maps` is a 3 × 3 ReLU convolution that keeps the size, and a max pooling that halves it (rounded
    down). One more convolution has a map for each coding; a coding is the mean of its map, so it is never negative.
    """
    model = keras.Sequential([keras.Input((28, 28)), layers.Reshape((28, 28, 1))], name="encoder")
    for count in maps:
        model.add(layers.Conv2D(count, 3, padding="same", activation="relu"))
        model.add(layers.MaxPool2D(2))
    model.add(layers.Conv2D(codings, 3, padding="same", activation="relu"))
    model.add(layers.GlobalAveragePooling2D(name="codings"))
    return model


def growing_decoder(codings: int = 30, maps: Sequence[int] = (16, 32, 16)) -> keras.Model:
    """The classical decoder: codings (batch, codings) -> images (batch, 28, 28) in [0, 1]; built.

    A dense layer makes 3 × 3 pixels with maps[0] maps. Transposed convolutions with kernel 3 and stride 2 take them to
    7 × 7 (padding "valid", maps[1], ReLU), to 14 × 14 ("same", maps[2], ReLU) and to 28 × 28 ("same", 1, sigmoid).
    """
    first, second, third = maps
    return keras.Sequential(
        [
            keras.Input((codings,)),
            layers.Dense(3 * 3 * first),
            layers.Reshape((3, 3, first)),
            layers.Conv2DTranspose(second, 3, strides=2, padding="valid", activation="relu"),
            layers.Conv2DTranspose(third, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
            layers.Reshape((28, 28)),
        ],
        name="decoder",
    )


def smooth_doubling(maps: int, kernel_size: int) -> keras.Model:
    """Maps (batch, h, w, any) -> (batch, 2h, 2w, maps): every pixel four times, then a convolution; not built.

    A constant input gives a constant output (away from the edge) whatever the weights are: no checkerboard can arise.
    No activation. Source: Odena, Dumoulin and Olah, 2016, Deconvolution and checkerboard artifacts, Distill.
    """
    return keras.Sequential([layers.UpSampling2D(2), layers.Conv2D(maps, kernel_size, padding="same")])


def with_neck(encoder: keras.Model, decoder: keras.Model, codings: int) -> Autoencoder:
    """The autoencoder of two convolutional halves with a dense neck of `codings` numbers between them; built.

    encoder: images -> maps (batch, h, w, m), built. decoder: maps of that shape -> images, built. Both go on being
    used, with their weights. The codings, and the maps made of them, have no activation.
    """
    shape = encoder.output_shape[1:]
    narrow = keras.Sequential([encoder, layers.Flatten(), layers.Dense(codings, name="codings")], name="encoder")
    size = shape[0] * shape[1] * shape[2]
    wide = [keras.Input((codings,)), layers.Dense(size), layers.Reshape(shape), decoder]
    return Autoencoder(narrow, keras.Sequential(wide, name="decoder"))

"""Tied weights: decoder layers that use the kernel of an encoder layer, transposed, and have none of their own.

The kernel stays the encoder's: it is listed, counted, saved and frozen there. A tied layer owns its bias only,
and remembers the *name* of the layer it is tied to, so that a model built anew from its description (loaded,
cloned) can be tied again. `TiedAutoencoder` does this by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.backend import keras

ops, layers = keras.ops, keras.layers


class _Link:
    """Holds the layer tied to. Keras looks for layers in attributes, lists and dictionaries, not in here; a layer
    that it found would be counted as part of the decoder, and frozen with it."""

    def __init__(self, layer):
        self.layer = layer


class Tied(layers.Layer):
    """A layer that works with the kernel of another one, its `source`.

    source: a built keras layer with a kernel, of the kind named in the subclass.
    activation: as everywhere in Keras; None for none.
    A subclass makes its own bias in `build` and uses `self.kernel` in `call`. The kernel appears once among the
    weights of a model: with its source.
    Raises TypeError for a source of another kind, ValueError for one that is not built.
    """

    takes = layers.Layer  # the kind of source

    def __init__(self, source: keras.layers.Layer, activation=None, **options):
        known = options.pop("tied_to", None), options.pop("kernel_shape", None)
        super().__init__(**options)
        self.activation = keras.activations.get(activation)
        self._link = _Link(None)
        self.tied_to, self.kernel_shape = known
        if source is not None or self.tied_to is None:
            self.tie(source)

    @property
    def source(self) -> keras.layers.Layer:
        """The layer whose kernel this one uses. Raises ValueError when it has not been found again yet."""
        if self._link.layer is None:
            raise ValueError(
                f"The layer {self.name!r} was built anew from its description and has lost the layer {self.tied_to!r} "
                "that it was tied to. Load the whole TiedAutoencoder, or tie it again: tie(decoder, encoder)."
            )
        return self._link.layer

    @property
    def is_loose(self) -> bool:
        """True while the source has to be found again, as after loading the decoder alone."""
        return self._link.layer is None

    @property
    def kernel(self):
        """The kernel of the source, as it is now and in the shape it has there: shared, not copied."""
        return self.source.kernel

    def tie(self, source: keras.layers.Layer) -> None:
        """Use the kernel of `source` from now on. Errors as for the class."""
        if not isinstance(source, self.takes):
            raise TypeError(
                f"{type(self).__name__} is tied to a {self.takes.__name__} layer of the encoder; "
                f"got {type(source).__name__}."
            )
        if not source.built:
            raise ValueError(
                f"The layer {source.name!r} has no kernel yet, so nothing can be tied to it. Build the encoder first: "
                "begin it with keras.Input(shape), or call it once on a batch."
            )
        shape = tuple(int(n) for n in source.kernel.shape)
        if self.kernel_shape is not None and tuple(self.kernel_shape) != shape:
            raise ValueError(
                f"The layer {self.name!r} was made for a kernel of shape {tuple(self.kernel_shape)}; "
                f"{source.name!r} has one of shape {shape}."
            )
        self._link.layer, self.tied_to, self.kernel_shape = source, source.name, shape

    def must_take(self, channels: int) -> None:
        """ValueError unless `channels`, the last axis of the input, is what the source makes."""
        if channels != self.kernel_shape[-1]:
            raise ValueError(
                f"The layer {self.tied_to!r} makes {self.kernel_shape[-1]} values from {self.kernel_shape[-2]}, so its "
                f"transpose takes {self.kernel_shape[-1]}, and it was given {channels}. Tied layers come in reverse "
                "order: the decoder begins with the transpose of the encoder's last layer."
            )

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "activation": keras.activations.serialize(self.activation),
            "tied_to": self.tied_to,
            "kernel_shape": list(self.kernel_shape),
        }

    @classmethod
    def from_config(cls, config: dict):
        return cls(None, **config)


@keras.saving.register_keras_serializable(package="workbook")
class DenseTranspose(Tied):
    """A dense layer run backwards: inputs (…, units) -> activation(inputs Wᵀ + c), of shape (…, features).

    source: a built Dense layer with the kernel W (features, units). c, (features,), is this layer's own bias.
    activation, errors: as for Tied; ValueError too when the inputs do not have `units` values.
    """

    takes = layers.Dense

    def build(self, input_shape):
        self.must_take(input_shape[-1])
        self.bias = self.add_weight(shape=(self.kernel_shape[0],), initializer="zeros", name="bias")

    def call(self, inputs):
        return self.activation(ops.matmul(inputs, ops.transpose(self.kernel)) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.kernel_shape[0])


@keras.saving.register_keras_serializable(package="workbook")
class Conv2DTransposeTied(Tied):
    """A convolution run backwards: maps (batch, h, w, filters) -> (batch, h·stride, w·stride, channels).

    source: a built Conv2D layer with padding "same" and channels last; its kernel has the shape (height, width,
    channels, filters). The bias, (channels,), is this layer's own. The sizes of the convolution's input must be
    multiples of its stride.
    Without bias and activation it is the transpose of the convolution: ⟨conv x, y⟩ = ⟨x, this y⟩ for all x, y.
    Errors as for Tied; ValueError too for another padding, groups, dilation, or channels first.
    """

    takes = layers.Conv2D

    def __init__(self, source, activation=None, *, strides=None, **options):
        self._strides = None if strides is None else tuple(strides)
        super().__init__(source, activation, **options)

    def tie(self, source) -> None:
        super().tie(source)
        plain = source.groups == 1 and set(source.dilation_rate) == {1}
        if not (plain and source.padding == "same" and source.data_format == "channels_last"):
            raise ValueError(
                f"{source.name!r} cannot be tied: it needs padding='same', channels last, one group and no dilation."
            )
        self._strides = tuple(source.strides)

    def build(self, input_shape):
        self.must_take(input_shape[-1])
        self.bias = self.add_weight(shape=(self.kernel_shape[2],), initializer="zeros", name="bias")

    def call(self, inputs):
        # Keras wants (height, width, channels out, channels in) here, and in and out have changed places: the
        # convolution's own kernel has that shape already.
        drawn = ops.conv_transpose(inputs, self.kernel, strides=self._strides, padding="same")
        return self.activation(drawn + self.bias)

    def compute_output_shape(self, input_shape):
        batch, *sizes, _ = input_shape
        large = (None if n is None else n * stride for n, stride in zip(sizes, self._strides, strict=True))
        return (batch, *large, self.kernel_shape[2])

    def get_config(self) -> dict:
        return {**super().get_config(), "strides": list(self._strides)}


def tied_layers(model: keras.Model) -> Iterator[Tied]:
    """Every tied layer of a model, those of models inside it too."""
    for layer in model.layers:
        if isinstance(layer, Tied):
            yield layer
        elif getattr(layer, "layers", None):
            yield from tied_layers(layer)


def tie(decoder: keras.Model, encoder: keras.Model) -> None:
    """Tie every loose layer of `decoder` to the layer of `encoder` that has the name it remembers.

    Raises ValueError when the encoder has no layer of that name, or one that does not fit.
    """
    for layer in tied_layers(decoder):
        if layer.is_loose:
            found = next((each for each in _flat(encoder) if each.name == layer.tied_to), None)
            if found is None:
                names = ", ".join(repr(each.name) for each in _flat(encoder))
                raise ValueError(
                    f"The layer {layer.name!r} is tied to a layer called {layer.tied_to!r}; the encoder has {names}."
                )
            layer.tie(found)


def _flat(model):
    for layer in model.layers:
        yield layer
        if getattr(layer, "layers", None):
            yield from _flat(layer)


@keras.saving.register_keras_serializable(package="workbook")
class TiedAutoencoder(Autoencoder):
    """An Autoencoder whose decoder has tied layers; it stays tied when it is saved and loaded, or cloned.

    encoder, decoder: as for Autoencoder; the tied layers of the decoder must be tied to layers of this encoder.
    Errors as for Autoencoder; ValueError too when a tied layer belongs to another encoder.
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **kwargs):
        super().__init__(encoder, decoder, **kwargs)
        tie(decoder, encoder)
        own = {id(layer) for layer in _flat(encoder)}
        for layer in tied_layers(decoder):
            if id(layer.source) not in own:
                raise ValueError(
                    f"The layer {layer.name!r} is tied to {layer.tied_to!r} of another model: training this encoder "
                    "would not change it. Make the decoder from the layers of this encoder."
                )


def tied_decoder(dense_layers: Sequence[keras.layers.Dense], activation, output_activation) -> keras.Sequential:
    """The decoder of flat images tied to an encoder: codings (batch, k) -> images (batch, pixels).

    dense_layers: the encoder's Dense layers, built, from the image to the codings. Their transposes come in reverse
    order, all with `activation` but the last, which makes the pixels and has `output_activation`.
    """
    decoder = keras.Sequential([keras.Input((dense_layers[-1].units,))], name="decoder")
    for layer in reversed(dense_layers):
        last = layer is dense_layers[0]
        decoder.add(DenseTranspose(layer, activation=output_activation if last else activation))
    return decoder


def tied_hourglass(
    image_shape: Sequence[int],
    hidden: Sequence[int],
    codings: int,
    *,
    activation: str | None,
    coding_activation: str | None,
    output_activation: str | None,
    name: str = "tied_autoencoder",
) -> TiedAutoencoder:
    """A stacked autoencoder of dense layers like `dense_hourglass`, its decoder tied to its encoder; not compiled.

    image_shape: such as (28, 28) or (784,). hidden, codings: units, as for `dense_hourglass`; the activations too.
    """
    encoder = keras.Sequential([keras.Input(tuple(image_shape))], name="encoder")
    flat = len(image_shape) == 1
    if not flat:
        encoder.add(layers.Flatten())
    dense = [layers.Dense(units, activation=activation) for units in hidden]
    dense.append(layers.Dense(codings, activation=coding_activation, name="codings"))
    for layer in dense:
        encoder.add(layer)
    decoder = tied_decoder(dense, activation, output_activation)
    if not flat:
        decoder.add(layers.Reshape(tuple(image_shape)))
    assert decoder.output_shape[1:] == tuple(image_shape) and math.prod(image_shape) == dense[0].kernel.shape[0]
    return TiedAutoencoder(encoder, decoder, name=name)

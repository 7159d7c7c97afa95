"""The checks of lesson 04 on single tied layers: exercises 4.2 and 4.6."""

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.compiled import gradient as gradient_through
from helpers.exercises.registry import exercise

NOT_SHARED = "the kernel was copied: use self.kernel inside call, where it is read anew in each step"


@exercise(
    "4.2",
    "A transposed dense layer",
    reference="helpers.autoencoders.tied.layers:DenseTranspose",
    minutes=15,
    difficulty=2,
    hints=(
        "The layer makes as many numbers as the source takes. Which axis of self.kernel has that length?",
        "build: self.bias = self.add_weight(shape=(self.kernel.shape[0],), initializer='zeros', name='bias'). call: "
        "multiply the inputs by the transposed kernel, add the bias, apply self.activation.",
        "return self.activation(ops.matmul(inputs, ops.transpose(self.kernel)) + self.bias)",
    ),
)
def check_dense_transpose(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    _is_tied_class(answer)
    # A square kernel first: there a kernel the wrong way round is no error of shapes, and can be named.
    for features, units in ((4, 4), (6, 3)):
        dense = dense_layer(rng, features, units)
        layer = answer(dense, activation="relu")
        h = rng.normal(size=(7, units)).astype("float32")
        first = as_array(_first_call(layer, h))
        K, b = dense.get_weights()
        shape(first, (7, features), f"the output for a kernel of shape {(features, units)}",
              "(batch, units) times (units, features): the kernel has to be transposed")  # fmt: skip
        _owns_its_bias(layer, features, "feature")
        c = rng.normal(size=features).astype("float32")
        layer.bias.assign(c)
        got, straight = as_array(layer(h)), h @ K.T
        wrong_way = {
            "the kernel is not transposed": _relu(h @ K + c),
            "the kernel is not transposed ": _relu(h @ K),
            "this is the encoder's bias; the layer needs its own": _relu(straight + b),
            "both biases are added; the encoder's stays in the encoder": _relu(straight + b + c),
        } if features == units else {}  # fmt: skip
        close(got, _relu(straight + c), "the output", "activation(inputs Wᵀ + bias)", 1e-4, 1e-5, {
            **wrong_way,
            "the bias is not used": _relu(straight),
            "the activation is not used": straight + c,
            "the bias belongs inside the activation": _relu(straight) + c,
            "the bias is subtracted": _relu(straight - c),
        })  # fmt: skip
        _follows(dense, lambda layer=layer, h=h: layer(h), lambda K, h=h, c=c: _relu(h @ K.T + c))
        _teaches(dense, layer, h)
        _compiles(layer, h)
    linear = answer(dense_layer(rng, 5, 2))
    made = as_array(linear(np.ones((3, 2), "float32")))
    close(made, np.ones((3, 2)) @ linear.source.get_weights()[0].T, "the output without activation",
          "self.activation is there in any case; for None it changes nothing", 1e-4, 1e-5)  # fmt: skip
    model = keras.Sequential([keras.Input((5,)), linear.source, linear])
    require(model.count_params() == 5 * 2 + 2 + 5, got=f"{model.count_params()} parameters in a tied 5-2-5 model",
            expected=f"{5 * 2 + 2 + 5}", look="one kernel and two biases")  # fmt: skip


@exercise(
    "4.6",
    "A tied convolution",
    reference="helpers.autoencoders.tied.layers:Conv2DTransposeTied",
    minutes=20,
    difficulty=3,
    hints=(
        "Going back, the filters come in and the channels go out. Compare the shape that conv_transpose expects "
        "with the one that the kernel has.",
        "(height, width, channels out, channels in) with out = channels and in = filters is (height, width, channels, "
        "filters): nothing needs to be transposed. The bias has self.kernel.shape[2] numbers.",
        "ops.conv_transpose(inputs, self.kernel, strides=self.source.strides, padding='same'), plus self.bias, through "
        "self.activation.",
    ),
)
def check_conv_transpose(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    _is_tied_class(answer)
    for channels, filters, strides, side in ((3, 3, 2, 6), (1, 2, 1, 5)):
        conv = keras.layers.Conv2D(filters, 3, strides=strides, padding="same")
        conv.build((None, side, side, channels))
        K = rng.normal(size=conv.kernel.shape).astype("float32")
        conv.set_weights([K, rng.normal(size=filters).astype("float32")])
        small = side // strides
        layer = answer(conv)
        y = rng.normal(size=(2, small, small, filters)).astype("float32")
        first = as_array(_first_call(layer, y))
        _owns_its_bias(layer, channels, "channel")
        shape(first, (2, side, side, channels), f"the output for maps of {small} × {small} and stride {strides}",
              "height and width grow by the stride, strides=self.source.strides; the channels are the convolution's "
              "input channels")  # fmt: skip
        c = rng.normal(size=channels).astype("float32")
        layer.bias.assign(c)
        got = as_array(layer(y))
        expected = _adjoint(conv, K, y, side, channels)

        def other(kernel, y=y, strides=strides):
            kernel = np.ascontiguousarray(kernel)
            return np.asarray(keras.ops.conv_transpose(y, kernel, strides=strides, padding="same"))

        mistakes = {"the bias is not used": expected, "the bias is subtracted": expected - c}
        if channels == filters:
            flipped, swapped = K[::-1, ::-1], np.swapaxes(K, 2, 3)
            mistakes |= {
                "channels and filters of the kernel were exchanged; they had changed their roles already": c
                + other(swapped),
                "the kernel was turned by 180 degrees: conv_transpose does that itself": other(flipped) + c,
                "height and width of the kernel were exchanged": other(np.swapaxes(K, 0, 1)) + c,
                "all axes of the kernel were reversed; ops.transpose does that": other(K.T) + c,
                "the encoder's bias is added; the layer needs its own": expected + conv.get_weights()[1],
            }
        close(got, expected + c, "the output", "it must be the transpose of the convolution: ⟨conv x, y⟩ = ⟨x, this y⟩",
              1e-3, 1e-4, mistakes)  # fmt: skip
        _follows(conv, lambda layer=layer, y=y: layer(y),
                 lambda K, conv=conv, y=y, c=c, side=side, n=channels: _adjoint(conv, K, y, side, n) + c)  # fmt: skip
        _teaches(conv, layer, y)
        _compiles(layer, y)
    bent = answer(conv, activation="relu")
    bent(y)
    bent.bias.assign(c)
    last = _adjoint(conv, K, y, side, channels)
    close(as_array(bent(y)), _relu(last + c), "the output with activation='relu'", "self.activation(… + self.bias)",
          1e-3, 1e-4, {
              "the activation is not used": last + c,
              "the bias belongs inside the activation": _relu(last) + c,
          })  # fmt: skip


def dense_layer(rng, features, units):
    """A built Dense layer with random kernel (features, units) and bias."""
    from helpers.backend import keras

    layer = keras.layers.Dense(units)
    layer.build((None, features))
    layer.set_weights([rng.normal(size=(features, units)).astype("float32"), rng.normal(size=units).astype("float32")])
    return layer


def _is_tied_class(answer):
    from helpers.autoencoders.tied.layers import Tied

    require(isinstance(answer, type) and issubclass(answer, Tied), got=f"{getattr(answer, '__name__', answer)!s}",
            expected="a class of layers, based on Tied", look="leave the first line of the cell as it is")  # fmt: skip


def _owns_its_bias(layer, size, each):
    """NotYet unless the layer's only weight is a bias of `size` zeros."""
    bias = getattr(layer, "bias", None)
    require(bias is not None, got="a layer without self.bias", expected=f"a bias with one number for each {each}",
            look="self.bias = self.add_weight(…) in build")  # fmt: skip
    source = layer.source.bias
    require(bias is not source, got="the encoder's bias used as the layer's own", expected="a new weight",
            look="self.add_weight(…): biases are not shared, they have different sizes")  # fmt: skip
    listed = list(layer.weights)
    shared = [w for w in listed if w is layer.source.kernel or w is source]
    require(not shared, got="the encoder's weights listed among this layer's own: they would be counted twice",
            expected="the bias alone", look="do not store self.source or self.kernel in another attribute: Keras "
            "counts the layers and variables that it finds in attributes")  # fmt: skip
    kernels = [w for w in listed if sorted(w.shape) == sorted(layer.source.kernel.shape)]
    shapes = [tuple(w.shape) for w in listed]
    require(not kernels, got=f"a kernel among the layer's own weights, of shapes {shapes}", expected="the bias alone",
            look="use self.kernel, the source's variable, and make no kernel")  # fmt: skip
    trainable = [tuple(w.shape) for w in layer.trainable_weights]
    require(shapes == [(size,)], got=f"weights of shapes {shapes}",
            expected=f"one of shape {(size,)}: a number for each {each} that the layer makes",
            look="self.add_weight(shape=(…,)): which axis of self.kernel is it?")  # fmt: skip
    require(trainable == shapes, got="a bias that is not trained", expected="a trainable bias",
            look="leave trainable at its default, True")  # fmt: skip
    close(as_array(bias), np.zeros(size), "the bias at the start", "initializer='zeros'", atol=1e-7)


def _first_call(layer, inputs):
    """The output of a new layer; an attribute that Keras 3 no longer has is told by name."""
    try:
        return layer(inputs)
    except AttributeError as error:
        require("input_shape" not in str(error) and "output_shape" not in str(error), got=f"AttributeError: {error}",
                expected="sizes read from the kernel",
                look="layers of Keras 3 have no input_shape and no output_shape; "
                "the sizes are in self.kernel.shape")  # fmt: skip
        raise


def _compiles(layer, inputs):
    """NotYet unless the layer does the same inside a compiled training step."""
    from helpers.backend import tf

    compiled = as_array(tf.function(lambda given: layer(given), autograph=False)(tf.constant(inputs)))
    close(compiled, as_array(layer(inputs)), "the output inside fit", "compute with keras.ops throughout: NumPy is at "
          "work only once there", 1e-4, 1e-5)  # fmt: skip


def _follows(source, run, expected):
    """NotYet unless the output follows a change of the source's kernel."""
    kept = source.get_weights()
    changed = [kept[0] * 0.5 - 0.2, *kept[1:]]
    before = as_array(run())
    source.set_weights(changed)
    after = as_array(run())
    source.set_weights(kept)
    require(not np.allclose(before, after), got="the same output after the source's kernel has changed",
            expected="an output that follows the change", look=NOT_SHARED)  # fmt: skip
    close(after, expected(changed[0]), "the output after the source's kernel has changed", NOT_SHARED, 1e-3, 1e-4)


def _teaches(source, layer, inputs):
    """NotYet unless the source's kernel gets a gradient through the layer."""
    from helpers.backend import keras, tf

    with tf.GradientTape() as tape:
        loss = keras.ops.sum(layer(inputs) ** 2)
    gradient = tape.gradient(loss, source.kernel.value)
    require(gradient is not None and np.any(as_array(gradient) != 0), got="no gradient for the source's kernel",
            expected="a gradient: the kernel learns from the decoder too",
            look="compute with keras.ops throughout; NumPy and stop_gradient cut the gradient off")  # fmt: skip
    with tf.GradientTape() as tape:
        loss = keras.ops.sum(layer(inputs) ** 2)
    gradient = tape.gradient(loss, layer.bias.value)
    require(gradient is not None and np.any(as_array(gradient) != 0), got="no gradient for the layer's own bias",
            expected="a gradient: the bias is trained", look="add self.bias itself, not its value as it once was"
            )  # fmt: skip
    require(np.any(gradient_through(layer, inputs, "the layer") != 0), got="a gradient of 0 for the inputs",
            expected="a gradient: the layers before this one learn through it",
            look="use the inputs themselves; stop_gradient cuts the gradient off")  # fmt: skip


def _adjoint(conv, K, y, side, channels):
    """The transpose of a convolution with the kernel K, from its defining property: one basis image at a time."""
    from helpers.backend import keras

    basis = np.eye(side * side * channels, dtype="float32").reshape(-1, side, side, channels)
    seen = np.asarray(keras.ops.conv(basis, K, strides=conv.strides, padding="same")).reshape(len(basis), -1)
    return (y.reshape(len(y), -1) @ seen.T).reshape(len(y), side, side, channels)


def as_array(tensor):
    from helpers.backend import keras

    known = keras.ops.is_tensor(tensor) or isinstance(tensor, keras.Variable)
    return array(keras.ops.convert_to_numpy(tensor) if known else tensor, "the output")


def _relu(a):
    return np.maximum(a, 0)

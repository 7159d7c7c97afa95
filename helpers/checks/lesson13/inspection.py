"""A built network as the checks of lesson 13 see it: its layers with weights, and what stands between them."""

import numpy as np

from helpers.exercises.assertions import NotYet, require

LOOK_STARTED = "give every convolution and dense layer  kernel_initializer=keras.initializers.RandomNormal(stddev=0.02)"


def stride_of(layer) -> int:
    strides = getattr(layer, "strides", (1,))
    return int(strides[0] if isinstance(strides, (tuple, list)) else strides)


class Seen:
    """A built network, and what stands where in it."""

    def __init__(self, model, shape, name):
        import keras

        self.keras, self.name = keras, name
        if not isinstance(model, keras.Model):
            raise NotYet(
                got=f"{type(model).__name__}, which is no Keras model",
                expected=f"the {name}, a keras.Model",
                look="return the model at the end",
            )
        if not model.built:
            model.build((None, *shape))
        if any(isinstance(layer, keras.Model) for layer in model.layers):
            raise NotYet(
                got="a model inside the model", expected="one chain of layers", look="put the layers into one model"
            )
        self.model, self.rng = model, None
        self.layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
        self.weighted = [layer for layer in self.layers if getattr(layer, "kernel", None) is not None]
        self.shapes = [tuple(layer.output.shape[1:]) for layer in self.layers]
        require(
            tuple(model.input_shape[1:]) == shape,
            got=f"an input of shape {tuple(model.input_shape[1:])}",
            expected=f"{shape}",
            look="keras.Input(…)",
        )
        require(
            len(self.weighted) >= 2,
            got=f"{len(self.weighted)} layers with weights",
            expected="three",
            look="the layers of the list, one after the other",
        )

    def right_shape(self, shape, what):
        found = tuple(self.model.output_shape[1:])
        require(
            found == shape,
            got=f"{what} of shape {found}",
            expected=f"{shape}",
            look="stride 2 with padding='same' doubles (or halves) the side; the last layer has one map, or one unit",
        )

    def no_other_size(self, word, instead):
        guilty = [type(layer).__name__ for layer in self.layers if word in type(layer).__name__]
        require(
            not guilty,
            got=f"a layer {guilty[0] if guilty else ''}",
            expected=instead,
            look="the network shall learn itself how to change the size",
        )

    def divisible(self):
        for layer in self.weighted:
            kernel, stride = getattr(layer, "kernel_size", None), stride_of(layer)
            require(
                kernel is None or kernel[0] % stride == 0,
                got=f"kernel {kernel and kernel[0]} with stride {stride}",
                expected="a kernel size divisible by the stride",
                look="otherwise some pixels are covered more often than others: a checkerboard. Kernel 4, say",
            )

    def no_dense_inside(self, most, which):
        dense = [layer for layer in self.weighted if type(layer).__name__ == "Dense"]
        require(
            len(dense) <= most,
            got=f"{len(dense)} dense layers",
            expected=f"at most {most}, {which}",
            look="no dense hidden layers",
        )

    def after(self, layer):
        return self.layers[self.layers.index(layer) + 1 :]

    def normalised_between(self, one, other) -> bool:
        start = 0 if one is None else self.layers.index(one) + 1
        part = self.layers[start : self.layers.index(other)]
        return any("BatchNormalization" in type(layer).__name__ for layer in part)

    def normalised_inside(self, hidden):
        for layer in hidden:
            following = self.weighted[self.weighted.index(layer) + 1]
            require(
                self.normalised_between(layer, following),
                got=f"no batch normalization after {layer.name}",
                expected="batch normalization after every hidden layer",
                look="layers.BatchNormalization() between the weights and their activation",
            )

    def normalised_first(self, hidden, word, rng):
        """What reaches each batch normalization must be what the weights in front of it make, and it must work."""
        inputs = rng.normal(size=(8, *self.model.input_shape[1:])).astype("float32")
        for layer in hidden:
            norm = next(one for one in self.after(layer) if "BatchNormalization" in type(one).__name__)
            made = self.raw(layer, inputs, True)
            tap = self.keras.Model(self.model.inputs[0], norm.input)
            reached = np.asarray(tap(inputs, training=True), dtype=float)
            require(
                made.size == reached.size
                and np.allclose(np.sort(made, axis=None), np.sort(reached, axis=None), atol=1e-4),
                got=f"an activation between the weights of {layer.name} and their normalization",
                expected=f"weights, then batch normalization, then {word}",
                look="first the normalization: leave `activation=` out of the layer in front of it",
            )
            require(
                norm.trainable,
                got="a batch normalization that is frozen (trainable=False)",
                expected="one that normalises the batch in training, and learns",
                look="frozen, it takes its moving averages instead of the batch's mean and spread",
            )

    def excited(self, rng) -> np.ndarray:
        """Outputs with weights so strong that the shape of the last activation shows; then they are put back."""
        before = self.model.get_weights()
        strong = [rng.normal(0, 1.0, w.shape) if w.ndim > 1 else w for w in before]
        self.model.set_weights(strong)
        inputs = rng.normal(size=(16, *self.model.input_shape[1:])).astype("float32")
        out = [np.asarray(self.model(inputs, training=True), dtype=float)]
        last = self.weighted[-1]
        last.kernel.assign(-last.kernel)  # what was all positive is all negative now: both signs are seen
        out = np.concatenate([*out, np.asarray(self.model(inputs, training=True), dtype=float)])
        self.model.set_weights(before)
        require(
            np.isfinite(out).all(), got="NaN or infinite values", expected="finite ones", look="what comes at the end?"
        )
        return out

    def rectified(self, receivers, slope, word, rng):
        """What reaches each of these layers must have passed the right activation, last of all."""
        before = self.model.get_weights()
        self.model.set_weights([rng.normal(0, 0.5, w.shape) if w.ndim > 1 else w for w in before])
        inputs = rng.normal(size=(16, *self.model.input_shape[1:])).astype("float32")
        for layer in receivers:
            tap = self.keras.Model(self.model.inputs[0], layer.input)
            values = np.asarray(tap(inputs, training=True), dtype=float)
            share, lowest, highest = np.mean(values < -1e-6), values.min(), values.max()
            zeros = np.mean(np.abs(values) <= 1e-6)
            below, above = values[values < 0], values[values > 0]
            ratio = -below.mean() / above.mean() if len(below) and len(above) else 0.0  # the slope, if both are alike
            right = share < 1e-3 and zeros > 0.2 if slope == 0 else zeros < 0.05 and abs(ratio - slope) < 0.05
            if right and highest > 1.5:
                continue
            look = f"every hidden layer ends with {word}, after the normalization"
            start = self.layers.index(self.weighted[self.weighted.index(layer) - 1])
            shaping = ("Reshape", "Flatten")
            between = [type(one).__name__ for one in self.layers[start : self.layers.index(layer)]]
            kinds = [kind for kind in between if kind not in shaping]
            if kinds[1:] == ["BatchNormalization"] and "linear" in str(getattr(self.layers[start], "activation", "")):
                look = f"no activation follows the normalization there: every hidden layer ends with {word}"
            elif "BatchNormalization" in kinds[-1]:
                look = f"first the normalization, then {word}: the normalization makes negative values again"
            elif highest <= 1.0 + 1e-6:
                look = f"a tanh or a sigmoid inside? Every hidden layer ends with {word}"
            elif share < 1e-3 and slope > 0:
                look = f"this is plain ReLU: where it is 0 it lets no gradient through. Take {word}"
            elif slope == 0 and share > 0.2 and ratio < 0.6:
                look = "a leaky ReLU belongs to the discriminator; the generator has ReLU"
            elif slope > 0 and 0.02 < ratio < 0.6:
                look = f"the slope is about {ratio:.1f} (Keras' own default is 0.3); take {word}"
            raise NotYet(
                got=f"values from {lowest:.2f} to {highest:.2f} before {layer.name}, {100 * share:.0f} % of them "
                f"negative",
                expected=word,
                look=look,
            )
        self.model.set_weights(before)

    def started(self):
        for layer in self.weighted:
            weights = np.asarray(layer.kernel)
            spread, mean = float(weights.std()), float(weights.mean())
            tolerance = 0.02 * (0.05 + 3 / np.sqrt(2 * weights.size))
            require(
                abs(spread - 0.02) < tolerance and abs(mean) < 5 * 0.02 / np.sqrt(weights.size),
                got=f"weights of {layer.name} with a spread of {spread:.4f}",
                expected="weights drawn from N(0, .02)",
                look=LOOK_STARTED,
            )

    def only_these(self, count):
        """Exactly so many layers with weights, and nothing between them that was not asked for."""
        for layer in self.layers:
            kind = type(layer).__name__
            require(
                not any(word in kind for word in ("Dropout", "Noise", "LayerNorm", "GroupNorm", "SpectralNorm")),
                got=f"a layer {kind}", expected="only what the list asks for", look="leave it out here",
            )  # fmt: skip
        require(
            len(self.weighted) == count,
            got=f"{len(self.weighted)} layers with weights: {', '.join(type(one).__name__ for one in self.weighted)}",
            expected=f"{count}, those of the list",
            look="one layer for each point of the list, and no other convolution or dense layer between",
        )

    def raw(self, layer, inputs, training):
        """(what the weights of a layer make of its input, without its activation; that input)."""
        ops = self.keras.ops
        given = self.keras.Model(self.model.inputs[0], layer.input)(inputs, training=training)
        kind, options = type(layer).__name__, {}
        if kind == "Dense":
            made = ops.matmul(given, layer.kernel)
        else:
            options = {"strides": layer.strides, "padding": layer.padding}
            made = (ops.conv_transpose if "Transpose" in kind else ops.conv)(given, layer.kernel, **options)
        return np.asarray(made if layer.bias is None else made + layer.bias, dtype=float)

    def ends_with(self, activation, word, rng):
        """The output must be exactly `activation` of what the last weights make."""
        before = self.model.get_weights()
        self.model.set_weights([rng.normal(0, 0.4, w.shape) if w.ndim > 1 else w for w in before])
        inputs = rng.normal(size=(8, *self.model.input_shape[1:])).astype("float32")
        raw = self.raw(self.weighted[-1], inputs, True)
        out = np.asarray(self.model(inputs, training=True), dtype=float)
        self.model.set_weights(before)
        require(
            raw.shape == out.shape and np.allclose(out, activation(raw), rtol=1e-3, atol=1e-3),
            got="an output that is something else than " + word,
            expected=word,
            look="nothing else stands behind the last layer with weights: no normalization, no other activation",
        )

    def slope_before(self, layer, rng):
        """(slope below 0 of the activation in front of a layer, whether it is the same everywhere), by elements."""
        before = self.model.get_weights()
        self.model.set_weights([rng.normal(0, 0.5, w.shape) if w.ndim > 1 else w for w in before])
        inputs = rng.normal(size=(8, *self.model.input_shape[1:])).astype("float32")
        raw = self.raw(self.weighted[self.weighted.index(layer) - 1], inputs, False).ravel()
        values = np.asarray(self.keras.Model(self.model.inputs[0], layer.input)(inputs, training=False)).ravel()
        self.model.set_weights(before)
        if raw.shape != values.shape:
            return None, False
        ratio = values[np.abs(raw) > 0.05] / raw[np.abs(raw) > 0.05]
        below, above = ratio[raw[np.abs(raw) > 0.05] < 0], ratio[raw[np.abs(raw) > 0.05] > 0]
        if not len(below) or not len(above):
            return None, False
        return float(np.median(below) / np.median(above)), bool(np.ptp(below) < 1e-2 and np.ptp(above) < 1e-2)

    def exactly(self, receivers, slope, word, rng):
        """Every one of these layers is fed by an activation with exactly this slope below 0."""
        for layer in receivers:
            found, straight = self.slope_before(layer, rng)
            near = found is not None and straight and abs(found - slope) < 2e-3
            require(
                near,
                got=f"an activation with the slope {found:.2f} below 0" if straight else "an activation that is bent",
                expected=word,
                look=f"every hidden layer ends with {word}",
            )

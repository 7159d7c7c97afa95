"""The checks of lesson 04 on a whole tied stack, and on the test of the tie: exercises 4.5 and 4.7."""

import contextlib

import numpy as np

from helpers.checks.lesson04.layers import as_array, dense_layer
from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.registry import exercise


@exercise(
    "4.5",
    "In the right order",
    reference="helpers.autoencoders.tied.layers:tied_decoder",
    minutes=10,
    difficulty=2,
    hints=(
        "Begin with keras.Input for the codings. Which layer of the encoder made them?",
        "reversed(dense_layers) gives the order. The transpose of dense_layers[0] makes the pixels.",
        "decoder = keras.Sequential([keras.Input((dense_layers[-1].units,))]); for layer in "
        "reversed(dense_layers[1:]): decoder.add(tied_layers.DenseTranspose(layer, activation=activation)); then add "
        "the transpose of dense_layers[0] with output_activation, and return decoder.",
    ),
)
def check_tied_decoder(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    # Equal sizes first: there a wrong order is no error of shapes, and can be named.
    cases = ((5, 5, 5, 5), "tanh", "sigmoid"), ((9, 6, 4), "sigmoid", None), ((7, 3), "tanh", "sigmoid")
    bends = {"tanh": np.tanh, "sigmoid": _sigmoid, None: lambda a: a}
    for sizes, bend, end in cases:
        stack = [dense_layer(rng, a, b) for a, b in zip(sizes[:-1], sizes[1:], strict=True)]
        given = list(stack)
        decoder = answer(given, bend, end)
        require(given == stack, got="a function that turns the list it was given round", expected="the list as it was",
                look="reversed(dense_layers) or dense_layers[::-1] leave the list itself alone")  # fmt: skip
        require(isinstance(decoder, keras.Sequential), got=type(decoder).__name__, expected="a keras.Sequential",
                look="decoder = keras.Sequential([…]), and return decoder")  # fmt: skip
        require(decoder.built, got="a decoder without weights yet", expected="a built model",
                look="begin it with keras.Input((…,)): as many numbers as there are codings")  # fmt: skip
        ins, outs = int(decoder.input_shape[-1]), int(decoder.output_shape[-1])
        require((ins, outs) == (sizes[-1], sizes[0]), got=f"a decoder from {ins} to {outs} numbers",
                expected=f"from {sizes[-1]} codings to {sizes[0]} pixels", look="every layer of the encoder, "
                "the last one first")  # fmt: skip
        wanted = sum(sizes[:-1])
        require(decoder.count_params() >= wanted, got=f"{decoder.count_params()} parameters in the decoder",
                expected=f"{wanted}: a bias for each number that a layer makes",
                look="a layer is missing: one for each of the encoder's layers, however many there are")  # fmt: skip
        require(decoder.count_params() == wanted, got=f"{decoder.count_params()} parameters in the decoder",
                expected=f"{wanted}: a bias for each number that a layer makes", look="a tied_layers.DenseTranspose "
                "for each of the encoder's layers; a Dense layer has a kernel of its own")  # fmt: skip
        z = rng.normal(size=(6, sizes[-1])).astype("float32")
        kernels = [layer.get_weights()[0] for layer in stack]

        def run(order, inner=bends[bend], last=bends[end], z=z):
            for K in order[:-1]:
                z = inner(z @ K.T)
            return last(z @ order[-1].T)

        mistakes = {}
        if sizes == (5, 5, 5, 5):
            mistakes = {
                "the output activation is in every layer; the inner ones have `activation`": run(
                    kernels[::-1], _sigmoid),
                "the last layer has `activation`; its own is output_activation": run(kernels[::-1], np.tanh, np.tanh),
                "the last layer has no activation": run(kernels[::-1], np.tanh, lambda a: a),
                "the inner layers have no activation": run(kernels[::-1], lambda a: a),
                "no layer has an activation: pass activation=… to each": run(
                    kernels[::-1], lambda a: a, lambda a: a),
                "the two activations have changed places": run(kernels[::-1], _sigmoid, np.tanh),
                "the inner layers have the activation relu; pass `activation` on": run(
                    kernels[::-1], lambda a: np.maximum(a, 0)),
                "the last layer has both activations, one after the other; it has output_activation alone": run(
                    kernels[::-1], np.tanh, lambda a: _sigmoid(np.tanh(a))),
                "the layers are in the encoder's order; the decoder goes back: the last one first": run(kernels),
                "the same encoder layer is used each time": run([kernels[-1]] * 3),
                "the same encoder layer is used each time ": run([kernels[0]] * 3),
            }  # fmt: skip
        close(as_array(decoder(z)), run(kernels[::-1]), f"the decoder's output for sizes {list(sizes)}",
              "layer N − ℓ + 1 is tied to layer ℓ", 1e-4, 1e-5, mistakes)  # fmt: skip
        in_training = as_array(decoder(z, training=True))
        close(in_training, run(kernels[::-1]), "the decoder's output in training", "DenseTranspose layers alone: no "
              "dropout, no noise", 1e-4, 1e-5)  # fmt: skip
        for layer in stack:
            kept = layer.get_weights()
            before = as_array(decoder(z))
            layer.kernel.assign(layer.kernel + 0.3)
            same = np.allclose(before, as_array(decoder(z)))
            layer.set_weights(kept)
            require(not same, got="a decoder that does not follow a change of the encoder's kernels",
                    expected="shared kernels",
                    look="tied_layers.DenseTranspose(layer, …) with the encoder's own layers")  # fmt: skip


@exercise(
    "4.7",
    "The test that would have caught it",
    reference="helpers.autoencoders.tied.measures:still_tied",
    changes=("dense", "transposed"),  # the check says in its own words that they have to come back as they were
    minutes=10,
    difficulty=2,
    hints=(
        "Four steps: look, change, look again, put back.",
        "transposed(np.ones((1, dense.units))) before and after dense.kernel.assign(dense.kernel + 1.0); compare with "
        "np.allclose. dense.get_weights() and dense.set_weights(…) keep and restore.",
        "kept = dense.get_weights(); before = np.array(transposed(probe)); dense.kernel.assign(dense.kernel + 1.0); "
        "after = np.array(transposed(probe)); dense.set_weights(kept); return not np.allclose(before, after).",
    ),
)
def check_still_tied(answer, seed):
    from helpers.autoencoders.tied.layers import DenseTranspose
    from helpers.backend import keras

    rng = np.random.default_rng(seed)

    probes = []

    class Seen(DenseTranspose):
        """A tied layer that remembers what it was given."""

        def call(self, inputs):
            with contextlib.suppress(Exception):
                probes.append(bool(np.all(np.asarray(inputs) == 0)))
            return super().call(inputs)

    class Frozen(DenseTranspose):
        """The layer of the bug: the transpose is made once, in build."""

        def build(self, input_shape):
            super().build(input_shape)
            self.copy = keras.ops.transpose(self.kernel)

        def call(self, inputs):
            return self.activation(keras.ops.matmul(inputs, self.copy) + self.bias)

    def own_kernel(dense):
        """An ordinary Dense layer that was given the transpose at the start."""
        layer = keras.layers.Dense(dense.kernel.shape[0])
        layer.build((None, dense.units))
        layer.set_weights([dense.get_weights()[0].T, np.zeros(dense.kernel.shape[0], "float32")])
        return layer

    def twin(dense):
        """Tied, but to another layer with equal weights."""
        other = dense_layer(rng, *dense.kernel.shape)
        other.set_weights(dense.get_weights())
        return DenseTranspose(other)

    def trained(dense):
        layer = own_kernel(dense)
        layer.kernel.assign(layer.kernel + 0.1)
        return layer

    cases = (
        ("a tied layer", Seen, True),
        ("a layer whose transpose was computed once, in build", Frozen, False),
        ("a Dense layer that was given the transposed kernel as a copy", own_kernel, False),
        ("a tied layer with a sigmoid", lambda dense: Seen(dense, "sigmoid"), True),
        ("a layer tied to another Dense layer with the same values", twin, False),
        ("a Dense layer with other weights", trained, False),
    )
    for what, make, expected in cases:
        dense = dense_layer(rng, 6, 3)
        layer = make(dense)
        layer(np.ones((1, 3), "float32"))
        layer.bias.assign(rng.normal(size=6))
        probes.clear()
        kept = [dense.get_weights(), layer.get_weights()]
        got = answer(dense, layer)
        now = [dense.get_weights(), layer.get_weights()]
        for name, before, after in zip(("dense", "transposed"), kept, now, strict=True):
            same = all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
            require(same, got=f"other weights in `{name}` than before the test", expected="the weights as they were",
                    look="keep dense.get_weights() first, and dense.set_weights(…) before the return")  # fmt: skip
        if not isinstance(got, (bool, np.bool_)):
            value = array(got, f"the verdict on {what}", "return True or False")
            require(value.ndim == 0 and value.dtype == bool, got=f"{type(got).__name__} for {what}",
                    expected="True or False", look="np.allclose gives one truth value for whole arrays")  # fmt: skip
        if bool(got) != expected:
            look = "compare what `transposed` makes of one input before and after a change of dense.kernel"
            require(not (expected and probes and all(probes)), got=f"False for {what}", expected="True",
                    look="the probe is an input of zeros: zeros times any kernel are zeros, so a change of the kernel "
                    "cannot be seen. Take ones, or random numbers")  # fmt: skip
            if got and make in (Frozen, own_kernel, twin):
                look = "equal values prove nothing: a copy has them too. Change dense.kernel; does the other follow?"
            elif got:
                look = "this layer has nothing to do with dense: what did the comparison compare?"
            raise NotYet(got=f"{bool(got)} for {what}", expected=str(expected), look=look)


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))

"""The checks of lesson 03 on heads and copies of an encoder: exercises 3.2 and 3.6."""

import numpy as np

from helpers.exercises.assertions import close, require, shape
from helpers.exercises.registry import exercise


def small_encoder(rng, image=(4, 3), codings=5):
    """A small encoder with weights that nobody would draw by chance."""
    from helpers.backend import keras

    layers = keras.layers
    encoder = keras.Sequential(
        [keras.Input(image), layers.Flatten(), layers.Dense(codings, activation="tanh", name="codings")], name="encoder"
    )
    encoder.set_weights([rng.normal(size=w.shape) for w in encoder.get_weights()])
    return encoder


def moved(before, after) -> bool:
    return any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def _model(thing):
    from helpers.backend import keras

    require(
        isinstance(thing, keras.Model),
        got=f"{type(thing).__name__}",
        expected="a Keras model",
        look="is there a `return` with the model at the end?",
    )
    return thing


@exercise(
    "3.2",
    "Reuse the encoder",
    reference="helpers.autoencoders.pretraining.transfer:with_head",
    minutes=10,
    difficulty=1,
    hints=(
        "A new model whose first part is the encoder as it stands and whose last part is one new layer.",
        "A keras.Sequential may contain models as well as layers. Begin it with keras.Input(encoder.input_shape[1:]).",
        "keras.Sequential([keras.Input(encoder.input_shape[1:]), encoder, keras.layers.Dense(classes, "
        "activation='softmax')]).",
    ),
)
def check_with_head(answer, seed):
    rng = np.random.default_rng(seed)
    encoder = small_encoder(rng)
    before = [w.copy() for w in encoder.get_weights()]
    own = {id(v) for v in encoder.weights}
    depth = len(encoder.layers)
    model = _model(answer(encoder, 7))
    require(
        len(encoder.layers) == depth and {id(v) for v in encoder.weights} == own,
        got="an encoder that has got the head as one more layer",
        expected="a new model around the encoder, which stays as it was",
        look="encoder.add(…) and encoder.pop() change the encoder for everybody who uses it: make a new "
        "keras.Sequential([…, encoder, …])",
    )
    require(
        not getattr(model, "compiled", False),
        got="a compiled model",
        expected="a model without loss and optimizer",
        look="do not compile here: the next exercise does, once for each phase",
    )
    X = rng.random((40, 4, 3)).astype("float32")
    P = np.asarray(model(X))
    require(
        P.shape != (40, 5),
        got="codings, 5 for each image",
        expected="probabilities of 7 classes",
        look="the head is missing: a Dense layer of `classes` units after the encoder",
    )
    shape(P, (40, 7), "the outputs", "one number for each class: the head has `classes` units")
    inside = {id(v) for v in model.weights}
    values = [np.asarray(v) for v in model.weights]
    copied = all(any(w.shape == v.shape and np.array_equal(w, v) for v in values) for w in before)
    require(
        own & inside or not copied,
        got="a copy of the encoder with equal weights",
        expected="the encoder itself as first part",
        look="clone_model and set_weights make another network: what is trained here would not reach the encoder, "
        "and freezing the encoder would not freeze the copy. Put the encoder in as it stands",
    )
    pieces = any(layer is piece for layer in model.layers for piece in encoder.layers[:-1])
    require(
        own <= inside or not (own & inside or pieces),
        got="a model with a part of the encoder only",
        expected="the whole encoder, its coding layer too",
        look="encoder.layers[:-1] leaves the codings out: the head goes on top of them",
    )
    require(
        own <= {id(v) for v in model.weights},
        got="a model without the encoder's own weights",
        expected="the encoder itself as first part",
        look="put the encoder in as it stands. A clone or a new "
        "network of the same layers starts from random weights: nothing of the pretraining is left",
    )
    for old, new in zip(before, encoder.get_weights(), strict=True):
        require(
            np.array_equal(old, new),
            got="an encoder whose weights have changed",
            expected="the pretrained ones",
            look="only build the model here; training comes later",
        )
    extra = [v for v in model.weights if id(v) not in own]
    sizes = sorted(tuple(v.shape) for v in extra)
    require(
        sizes == [(5, 7), (7,)],
        got=f"new weights of the shapes {sizes}",
        expected="one (5, 7) and one (7,)",
        look="the head is one Dense layer from the codings to the classes, with its bias",
    )
    shape(np.asarray(answer(encoder, 3)(X)), (40, 3), "the outputs for 3 classes", "the head has `classes` units")
    for v in extra:
        v.assign(rng.normal(0, 2, v.shape))
    kernel, bias = sorted((np.asarray(v) for v in extra), key=lambda a: -a.ndim)
    scores = np.asarray(encoder(X), dtype=float) @ kernel + bias
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    close(
        np.asarray(model(X)),
        exp / exp.sum(axis=1, keepdims=True),
        "the probabilities",
        look="softmax of one linear layer on the codings",
        rtol=1e-3,
        atol=1e-5,
        mistakes={
            "these are scores, which need not lie between 0 and 1 nor sum to 1: activation='softmax'": scores,
            "a sigmoid treats every class on its own, and the ten numbers do not sum to 1: activation='softmax'": 1
            / (1 + np.exp(-scores)),
            "a softmax of the ReLU of the scores: activation='softmax' alone": _softmax(np.maximum(scores, 0)),
            "the softmax was applied twice: once is enough": _softmax(_softmax(scores)),
            "the softmax runs over the batch (axis 0); over the classes it is axis −1": _softmax(scores.T).T,
            "these are logarithms of the probabilities (log_softmax): activation='softmax'": np.log(_softmax(scores)),
            "a ReLU at the output makes many classes exactly 0, with no gradient: activation='softmax'": np.maximum(
                scores, 0
            ),
        },
    )
    close(
        np.asarray(model(X, training=True)),
        exp / exp.sum(axis=1, keepdims=True),
        "the probabilities in training",
        look="the encoder and one softmax layer do the same in training: no dropout, no noise here",
        rtol=1e-3,
        atol=1e-5,
    )
    require(
        encoder.trainable and len(model.trainable_weights) == 4,
        got="a frozen part",
        expected="all weights trainable",
        look="freezing is the next exercise; leave trainable as it is here",
    )
    _reaches_the_encoder(model, encoder, X)


def _reaches_the_encoder(model, encoder, X) -> None:
    """NotYet unless a gradient comes through the head to the encoder."""
    from helpers.backend import keras, tf

    with tf.GradientTape() as tape:
        loss = keras.ops.sum(keras.ops.log(model(X))[:, 0])
    slopes = tape.gradient(loss, [v.value for v in encoder.trainable_variables])
    require(
        all(slope is not None and np.any(np.asarray(slope)) for slope in slopes),
        got="no gradient for the encoder",
        expected="one: later the encoder is to learn through the head",
        look="stop_gradient, or NumPy, stands between encoder and head; freezing is the next exercise",
    )


def _softmax(scores):
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


@exercise(
    "3.6",
    "Mend the leak",
    reference="helpers.autoencoders.pretraining.transfer:fresh_copy",
    changes=("encoder",),  # the check says in its own words what has been lost
    minutes=10,
    difficulty=2,
    hints=(
        "A name is not a copy. Which two steps make a network that has the same layers and the same numbers, but "
        "numbers of its own?",
        "keras.models.clone_model(encoder) makes the same layers, with new random weights; get_weights and "
        "set_weights carry numbers over.",
        "copy = keras.models.clone_model(encoder); copy.set_weights(encoder.get_weights()); return copy.",
    ),
)
def check_fresh_copy(answer, seed):
    rng = np.random.default_rng(seed)
    encoder = small_encoder(rng)
    before = [w.copy() for w in encoder.get_weights()]
    X = rng.random((9, 4, 3)).astype("float32")
    expected = np.asarray(encoder(X))
    copy = _model(answer(encoder))
    require(
        copy is not encoder,
        got="the encoder itself under another name",
        expected="a model of its own",
        look="whoever trains this one trains the other: there is only one",
    )
    require(
        not moved(before, encoder.get_weights()),
        got="an encoder that has lost its pretrained weights",
        expected="the original as it was",
        look="the weights go from the encoder into the copy: copy.set_weights(encoder.get_weights())",
    )
    shared = {id(v) for v in copy.weights} & {id(v) for v in encoder.weights}
    require(
        not shared,
        got="another model with the same layers inside",
        expected="layers of its own",
        look="a new model around old layers shares their weights; clone_model makes new layers",
    )
    Z = np.asarray(copy(X))
    shape(Z, expected.shape, "the codings by the copy", "the copy has the encoder's layers, all of them")
    close(
        Z,
        expected,
        "the codings by the copy",
        look="the copy must have the encoder's weights: clone_model alone "
        "begins with random ones; set_weights carries them over",
        rtol=1e-4,
    )
    require(
        len(copy.trainable_weights) == len(encoder.trainable_weights),
        got=f"a copy with {len(copy.trainable_weights)} trainable weights",
        expected=f"{len(encoder.trainable_weights)}, as in the encoder",
        look="the copy is there to be trained: leave trainable as it is",
    )
    require(
        encoder.trainable,
        got="an encoder that has been frozen",
        expected="the encoder as it was",
        look="a copy of its own protects the encoder; nothing needs to be frozen",
    )
    copy.set_weights([w + 1 for w in copy.get_weights()])
    require(
        not moved(before, encoder.get_weights()),
        got="an encoder that changes when the copy does",
        expected="two separate models",
        look="clone_model makes layers of its own",
    )
    _deeper_copy(answer, rng, X)


def _deeper_copy(answer, rng, X) -> None:
    """NotYet unless the copy has all weights of an encoder with several layers, those that are not trained as well."""
    from helpers.backend import keras

    layers = keras.layers
    stack = [layers.Flatten(), layers.Dense(6, activation="relu"), layers.BatchNormalization(), layers.Dense(4)]
    encoder = keras.Sequential([keras.Input(X.shape[1:]), *stack])
    encoder.set_weights([rng.uniform(0.5, 1.5, w.shape) for w in encoder.get_weights()])
    theirs, mine = encoder.get_weights(), _model(answer(encoder)).get_weights()
    require(len(mine) == len(theirs), got=f"a copy with {len(mine)} weights", expected=f"{len(theirs)}, as the encoder",
            look="the copy has all layers of the encoder: clone_model")  # fmt: skip
    missed = [i for i, (a, b) in enumerate(zip(theirs, mine, strict=True)) if not np.array_equal(a, b)]
    held = [i for i, v in enumerate(encoder.weights) if not v.trainable]
    require(
        not missed,
        got=f"{len(missed)} of {len(theirs)} weights that are not the encoder's (it has two Dense layers here, and a "
        "BatchNormalization)",
        expected="all of them, copied",
        look="a BatchNormalization has weights that are not trained, its moving mean and variance: copy model.weights, "
        "not the trainable ones only" if missed == held else "every layer has weights of its own: "
        "copy.set_weights(encoder.get_weights()) carries all of them over",
    )  # fmt: skip

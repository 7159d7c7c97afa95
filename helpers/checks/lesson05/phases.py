"""The checks of lesson 05 that train: one phase (5.2), the sandwich (5.4), fine-tuning (5.5).

What training must give is computed beforehand by gradient descent written out in NumPy, on one batch of all rows,
so that chance has no part in it.
"""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.registry import exercise


@exercise(
    "5.2",
    "One phase",
    reference="helpers.autoencoders.greedy.layerwise:one_phase",
    minutes=15,
    difficulty=1,
    seconds=20.0,
    hints=(
        "Lesson 02 in small: an encoder of one layer, a decoder of one layer, compile, fit. The rows are their own "
        "targets, whether they are images or codings.",
        "The encoder goes from rows.shape[1] to `units` with `activation`, the decoder from `units` back to "
        "rows.shape[1] with `output_activation`. Both Dense layers get kernel_initializer=initializer.",
        "model = Autoencoder(encoder, decoder); model.compile(loss='mse', optimizer=optimizer); model.fit(rows, rows, "
        "epochs=epochs, batch_size=batch_size, verbose=0); model.trainable = False; return model.",
    ),
)
def check_one_phase(answer, seed):
    import keras

    from helpers.autoencoders.autoencoder import Autoencoder

    rng = np.random.default_rng(seed)
    rows = rng.random((40, 7)).astype("float32")  # 40: with Keras' own batches of 32, an epoch would be two steps
    start = keras.initializers.RandomNormal(stddev=0.5, seed=seed + 1)
    optimizer = keras.optimizers.SGD(2.0)
    model = answer(rows.copy(), 3, optimizer, 2, 40, "tanh", "sigmoid", start)
    require(not isinstance(model, keras.callbacks.History), got="the History that fit returns",
            expected="the trained autoencoder", look="fit changes the model in place: return model")  # fmt: skip
    require(isinstance(model, Autoencoder), got=f"{type(model).__name__}", expected="an Autoencoder",
            look="Autoencoder(encoder, decoder) joins the two halves; return it")  # fmt: skip
    have = [tuple(w.shape) for half in (model.encoder, model.decoder) for w in half.weights]
    require(have == [(7, 3), (3,), (3, 7), (7,)], got=f"weights of the shapes {have}",
            expected="[(7, 3), (3,), (3, 7), (7,)]", look="one Dense layer in each half: from rows.shape[1] to units, "
            "and back")  # fmt: skip
    weights = [np.array(w) for w in model.get_weights()]
    _bends(model, weights, rows)
    first = [np.asarray(start((7, 3))), np.zeros(3), np.asarray(start((3, 7))), np.zeros(7)]
    require(any(np.any(a != b) for a, b in zip(first, weights, strict=True)), got="the weights that it began with",
            expected="a trained autoencoder", look="fit before you freeze: frozen layers learn nothing")  # fmt: skip
    require(not model.trainable_weights, got="a phase that can still be trained", expected="a frozen one",
            look="after fit: model.trainable = False. What is finished stays until the fine-tuning")  # fmt: skip
    steps = int(np.asarray(optimizer.iterations))
    require(steps > 0, got="an optimizer that has made no step", expected="the optimizer that was handed in",
            look="model.compile(loss=…, optimizer=optimizer)")  # fmt: skip
    require(steps == 2, got=f"{steps} steps for 40 rows in batches of 40, 2 epochs", expected="2",
            look="pass epochs and batch_size on to fit")  # fmt: skip
    _another_phase(answer, rows[:20, :5])
    bends = ("tanh", "sigmoid")
    _as_trained(
        weights, "the weights after training", (first, bends, rows), (2.0, 2), "the rows themselves",
        look="fit(rows, rows), mean squared error, and both layers drawn from the initializer that was handed in",
        more={
            "the biases were drawn from the initializer too; it is for the kernels, and biases begin at 0":
                [np.asarray(start(w.shape)) for w in first],
        },
    )  # fmt: skip
    by_sixteen = keras.optimizers.SGD(0.1)
    answer(rows.copy(), 2, by_sixteen, 2, 16)
    _took_steps(by_sixteen, 2 * 3, "40 rows in batches of 16, 2 epochs")


def _took_steps(optimizer, expected, what) -> None:
    """NotYet unless the optimizer has made so many steps, which tells of epochs and of batches."""
    steps = int(np.asarray(optimizer.iterations))
    require(steps == expected, got=f"{steps} steps for {what}", expected=f"{expected}",
            look="pass epochs and batch_size on to fit, and nothing that cuts an epoch short")  # fmt: skip


def _as_trained(weights, what, start, plan, targets, look, more=None):
    """The weights must be those of a training by NumPy; other losses and targets are known by name.

    start: (first weights, activations, inputs).   plan: (rate, epochs).   targets: what they should have been.
    more: {mistake: the first weights that it has}.
    """
    first, bends, x = start

    def trained(y, **loss):
        return _flat(descend(first, bends, x, y, *plan, **loss))

    close(
        _flat(weights), trained(x), what, look=look, rtol=2e-3, atol=2e-4,
        mistakes={
            "the loss is the mean absolute error; the mean squared error is asked for": trained(x, loss="mae"),
            "the loss is the binary cross-entropy; the mean squared error is asked for": trained(x, loss="bce"),
            f"the targets were not {targets}": trained(0 * x),
            f"the targets were turned round (1 − x); they are {targets}": trained(1 - x),
            "the loss is half of the mean squared error": _flat(descend(first, bends, x, x, plan[0] / 2, plan[1])),
            "the loss is the sum over the pixels; it is the mean over rows and pixels": _flat(
                descend(first, bends, x, x, plan[0] * x.shape[1], plan[1])),
            "one epoch more was trained than asked": _flat(descend(first, bends, x, x, plan[0], plan[1] + 1)),
            **{f"{share} of the rows was kept back (validation_split): train on all of them":
               _flat(descend(first, bends, x[:kept], x[:kept], *plan))
               for share, kept in (("a tenth", 9 * len(x) // 10), ("a fifth", 8 * len(x) // 10))},
            **{name: _flat(descend(weights, bends, x, x, *plan)) for name, weights in (more or {}).items()},
        },
    )  # fmt: skip


def _bends(model, weights, rows):
    """The activations, from what the halves give for known weights."""
    x = 3 * rows - 1
    inner = x @ weights[0] + weights[1]
    Z = np.asarray(model.encoder(x))
    look = "Dense(units, activation=activation) for the codings"
    named = {name: bend(inner) for name, bend in BENDS.items() if name != "tanh"}
    close(Z, np.tanh(inner), "the codings for activation='tanh'", look=look, rtol=1e-3, atol=1e-4,
          mistakes={f"the codings have the activation {name} here; pass `activation` on": value
                    for name, value in named.items()})  # fmt: skip
    outer = Z @ weights[2] + weights[3]
    named = {name: bend(outer) for name, bend in BENDS.items() if name != "sigmoid"}
    close(np.asarray(model.decoder(Z)), BENDS["sigmoid"](outer), "the output for output_activation='sigmoid'",
          look="Dense(rows.shape[1], activation=output_activation) for the reconstruction", rtol=1e-3, atol=1e-4,
          mistakes={f"the reconstruction has the activation {name} here; pass `output_activation` on": value
                    for name, value in named.items()})  # fmt: skip


def _another_phase(answer, rows):
    """A second phase follows the arguments of its own call."""
    import keras

    optimizer, look = keras.optimizers.SGD(0.0), "take the arguments of this call, all of them"
    model = answer(rows.copy(), 2, optimizer, 1, 5, "relu", "tanh", keras.initializers.Constant(0.5))
    have = [tuple(w.shape) for half in (model.encoder, model.decoder) for w in half.weights]
    require(have == [(5, 2), (2,), (2, 5), (5,)], got=f"weights of the shapes {have} in a second phase",
            expected="[(5, 2), (2,), (2, 5), (5,)]", look=look)  # fmt: skip
    steps = int(np.asarray(optimizer.iterations))
    require(steps == 4, got=f"{steps} steps of a second optimizer for 20 rows in batches of 5, 1 epoch", expected="4",
            look=look)  # fmt: skip
    codings = np.maximum(0.5 * rows.sum(axis=1, keepdims=True) - 1, 0) * np.ones((1, 2))
    model.encoder.set_weights([model.encoder.get_weights()[0], -np.ones(2)])
    close(np.asarray(model.encoder(rows)), codings, "the codings of a second phase, of activation='relu', with weights "
          "of 0.5 from its initializer and a rate of 0", look="Dense(units, activation=activation, kernel_initializer="
          "initializer): both layers are drawn from the initializer that was handed in", rtol=1e-3, atol=1e-4
          )  # fmt: skip
    close(np.asarray(model.decoder(codings)), np.tanh(0.5 * codings.sum(axis=1, keepdims=True)) * np.ones((1, 5)),
          "the reconstruction of a second phase, with output_activation='tanh'", look=look, rtol=1e-3, atol=1e-4
          )  # fmt: skip


@exercise(
    "5.4",
    "The sandwich",
    reference="helpers.autoencoders.greedy.layerwise:sandwich",
    minutes=10,
    difficulty=2,
    hints=(
        "Follow one image with a pencil: which encoder meets it first? And which decoder must undo the last encoder?",
        "What was put on last comes off first: encoders 1, 2, 3, then decoders 3, 2, 1. keras.Sequential takes a list "
        "of models as well as of layers.",
        "encoder = keras.Sequential([phase.encoder for phase in phases]); decoder = keras.Sequential([phase.decoder "
        "for phase in reversed(phases)]); return Autoencoder(encoder, decoder).",
    ),
)
def check_sandwich(answer, seed):
    rng = np.random.default_rng(seed)
    phases = _random_phases(rng, (5, 5, 5, 5))  # all of one width: then a wrong order fits as well
    X = rng.random((6, 5)).astype("float32")
    given = list(phases)
    model = _autoencoder(answer(given))
    require(given == phases, got="a function that changes the list it was given", expected="the list as it was",
            look="phases.reverse() and pop() work on the caller's own list: reversed(phases) or phases[::-1] do not"
            )  # fmt: skip
    encode = [_layer(phase.encoder) for phase in phases]
    decode = [_layer(phase.decoder) for phase in phases]
    codings, images = _through(X, encode), _through(X, encode + decode[::-1])
    close(
        np.asarray(model.encoder(X)),
        codings,
        "the codings of a sandwich of three phases",
        look="the encoders in the order of the phases, the very layers that were trained",
        rtol=1e-3,
        atol=1e-5,
        mistakes={
            "the encoders come in reverse order: the image meets the last phase first": _through(X, encode[::-1]),
            "only the last encoder is in it": _through(X, encode[-1:]),
            "only the first encoder is in it": _through(X, encode[:1]),
            "the last encoder is missing": _through(X, encode[:-1]),
            "each phase reconstructs its input before the next one encodes it: only the encoders belong in this "
            "half": _through(X, [f for pair in zip(encode, decode, strict=True) for f in pair]),
        },
    )
    close(
        np.asarray(model(X)),
        images,
        "the reconstructions of a sandwich of three phases",
        look="then the decoders, the last phase's first, the very layers that were trained",
        rtol=1e-3,
        atol=1e-5,
        mistakes={
            "the decoders come in the order of the encoders. With equal widths this fits, and undoes the phases in "
            "the wrong order: what was put on last must come off first": _through(X, encode + decode),
            "only the last phase's decoder is in it: it gives codings of the phase before, not images": _through(
                X, encode + decode[-1:]
            ),
            "only the first phase's decoder is in it": _through(X, encode + decode[:1]),
        },
    )
    inside = {id(v) for v in model.weights}
    own = [v for phase in phases for half in (phase.encoder, phase.decoder) for v in half.weights]
    require(all(id(v) in inside for v in own), got="copies of the trained layers, with equal weights",
            expected="the phases' own layers",
            look="clone_model and set_weights make other layers: put phase.encoder and "
            "phase.decoder themselves into keras.Sequential")  # fmt: skip
    require(len(model.weights) == len(own), got=f"{len(model.weights)} weights",
            expected=f"{len(own)}, those of the phases",
            look="nothing new is needed: the trained pieces alone")  # fmt: skip
    close(np.asarray(model(X, training=True)), images, "the reconstructions in "
    "training", "the trained pieces alone: no "
          "dropout, no noise between them", 1e-3, 1e-5)  # fmt: skip
    narrow = _random_phases(rng, (6, 4, 2))
    made = _autoencoder(answer(list(narrow)))
    halves = [_layer(p.encoder) for p in narrow] + [_layer(p.decoder) for p in narrow[::-1]]
    R = rng.random((3, 6)).astype("float32")
    close(np.asarray(made(R)), _through(R, halves), "the reconstructions for phases 6 → 4 and 4 → 2",
          look="any number of phases, of any widths", rtol=1e-3, atol=1e-5)  # fmt: skip


@exercise(
    "5.5",
    "Fine-tuning",
    reference="helpers.autoencoders.greedy.layerwise:fine_tune",
    changes=("model",),
    minutes=10,
    difficulty=2,
    seconds=20.0,
    hints=(
        "The phases are frozen. What happens to a frozen layer in fit?",
        "Go through model.encoder.layers and model.decoder.layers and make each part trainable. Then compile, and fit "
        "to the images.",
        "for part in [*model.encoder.layers, *model.decoder.layers]: part.trainable = True. Then "
        "model.compile(loss='mse', optimizer=optimizer), and return model.fit(X, X, epochs=epochs, "
        "batch_size=batch_size, verbose=0).",
    ),
)
def check_fine_tune(answer, seed):
    import keras

    from helpers.autoencoders.greedy.layerwise import sandwich

    rng = np.random.default_rng(seed)
    phases = _random_phases(rng, (6, 4, 3))
    for phase in phases:
        phase.trainable = False
    model = sandwich(phases)
    first = [np.array(w) for w in model.get_weights()]
    X = rng.random((40, 6)).astype("float32")
    optimizer = keras.optimizers.SGD(3.0)
    history = answer(model, X.copy(), optimizer, 2, 40)
    weights = [np.array(w) for w in model.get_weights()]
    moved = [bool(np.any(a != b)) for a, b in zip(first, weights, strict=True)]
    steps = int(np.asarray(optimizer.iterations))
    free = all(part.trainable for part in [*model.encoder.layers, *model.decoder.layers])
    if not any(moved) and free:
        require(steps > 0, got="a model that was not trained with the optimizer handed in",
                expected="2 epochs of training",
                look="after compile(loss='mse', optimizer=optimizer): model.fit(X, X, …)")  # fmt: skip
        require(False, got="a model that has not moved, although its parts are trainable",
                expected="this model trained",
                look="either another model was trained (a copy, or a new Autoencoder), or there was no error to learn "
                "from (its own reconstructions as targets): model.fit(X, X, …), with the model that was handed in"
                )  # fmt: skip
    if not all(moved):
        half = len(moved) // 2
        which = [name for name, part in (("encoder", moved[:half]), ("decoder", moved[half:])) if not all(part)]
        got = f"layers of the {' and the '.join(which)} that have not moved"
        if not any(moved):
            got = "a model in which no layer has moved"
        raise NotYet(got=got, expected="all layers trained together",
                     look="the parts came frozen, and `model.trainable = True` does not reach them: the model itself "
                     "was never frozen, so Keras sees nothing to change. Set `trainable` in each part of "
                     "model.encoder.layers and model.decoder.layers, compile, and fit this model")  # fmt: skip
    require(steps > 0, got="an optimizer that has made no step", expected="the optimizer that was handed in",
            look="model.compile(loss=…, optimizer=optimizer)")  # fmt: skip
    require(steps == 2, got=f"{steps} steps for 40 images in batches of 40, 2 epochs", expected="2",
            look="pass epochs and batch_size on to fit")  # fmt: skip
    optimizer = keras.optimizers.SGD(0.5)
    answer(model, X[:20].copy(), optimizer, 1, 5)
    steps = int(np.asarray(optimizer.iterations))
    require(steps == 4, got=f"{steps} steps of a second optimizer for 20 images in batches of 5, 1 epoch", expected="4",
            look="take the optimizer, the epochs and the batch size of this call")  # fmt: skip
    _as_trained(
        weights, "the weights after fine-tuning", (first, ("sigmoid",) * 4, X), (3.0, 2), "the images",
        look="fit(X, X) with the mean squared error, starting from the weights of the phases",
    )  # fmt: skip
    told = isinstance(history, keras.callbacks.History)
    losses = history.history.get("loss", []) if told else []
    require(losses, got=f"{type(history).__name__} as the result", expected="the History of the training",
            look="return model.fit(…)")  # fmt: skip
    require(len(losses) == 2, got=f"a History of {len(losses)} epoch{'s' * (len(losses) != 1)}", expected="of all 2",
            look="one call of fit with epochs=epochs has all epochs in its History; each call begins a new one"
            )  # fmt: skip
    model, by_sixteen = sandwich(phases), keras.optimizers.SGD(0.1)
    answer(model, X.copy(), by_sixteen, 2, 16)
    _took_steps(by_sixteen, 2 * 3, "40 images in batches of 16, 2 epochs")


BENDS = {
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
    "none": lambda a: a,
    "relu": lambda a: np.maximum(a, 0),
}
SLOPES = {"sigmoid": lambda out: out * (1 - out), "tanh": lambda out: 1 - out**2}


def descend(weights, bends, X, targets, rate, steps, loss="mse"):
    """Plain gradient descent on all of X at once, by hand: the weights after so many steps."""
    weights, (X, targets) = [np.array(w, float) for w in weights], (np.asarray(A, float) for A in (X, targets))
    for _ in range(steps):
        for i, slope in enumerate(gradients(weights, bends, X, targets, loss)):
            weights[i] -= rate * slope
    return weights


def gradients(weights, bends, X, targets, loss="mse"):
    """The derivatives of the loss with respect to kernels and biases [W1, b1, W2, …], by back-propagation."""
    outs = [np.asarray(X, float)]
    for W, b, bend in zip(weights[::2], weights[1::2], bends, strict=True):
        outs.append(BENDS[bend](outs[-1] @ W + b))
    R, n = outs[-1], targets.size
    to_output = {
        "mse": 2 * (R - targets) / n,
        "mae": np.sign(R - targets) / n,
        "bce": (R - targets) / (R * (1 - R)) / n,
    }[loss]
    slopes = []
    for i in reversed(range(len(bends))):
        back = to_output * SLOPES[bends[i]](outs[i + 1])
        slopes[:0] = [outs[i].T @ back, back.sum(axis=0)]
        to_output = back @ np.asarray(weights[2 * i], float).T
    return slopes


def _flat(weights):
    return np.concatenate([np.ravel(w) for w in weights])


def _random_phases(rng, widths):
    """Shallow sigmoid autoencoders from each width to the next, with large random weights."""
    from helpers.autoencoders.greedy.layerwise import shallow_autoencoder

    phases = [shallow_autoencoder(a, b) for a, b in zip(widths[:-1], widths[1:], strict=True)]
    for phase in phases:
        phase.set_weights([rng.normal(0, 1.5, w.shape).astype("float32") for w in phase.get_weights()])
    return phases


def _layer(half):
    W, b = half.get_weights()
    return lambda rows: BENDS["sigmoid"](rows @ W + b)


def _through(rows, functions):
    for function in functions:
        rows = function(rows)
    return rows


def _autoencoder(model):
    from helpers.autoencoders.autoencoder import Autoencoder

    require(isinstance(model, Autoencoder), got=f"{type(model).__name__}", expected="an Autoencoder",
            look="join the encoders to one model, the decoders to another; Autoencoder(encoder, decoder)")  # fmt: skip
    return model

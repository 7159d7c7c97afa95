"""The check of lesson 07 about the two networks: exercise 7.1."""

import numpy as np

from helpers.exercises.assertions import NotYet, require
from helpers.exercises.models import knows_its_shapes
from helpers.exercises.registry import exercise

STEPS, FEATURES, UNITS, CODINGS = 6, 3, 11, 4


@exercise(
    "7.1",
    "Encoder and decoder",
    reference="helpers.autoencoders.recurrent.networks:recurrent_halves",
    minutes=15,
    difficulty=2,
    seconds=20.0,
    hints=(
        "Two keras.Sequential models, each with an Input of its own. Write the shape after each layer beside it.",
        "A GRU layer gives its last state, unless return_sequences=True, which gives all of them. Which does the "
        "encoder need, which the decoder? RepeatVector(steps) turns one row into a sequence of equal rows.",
        "encoder: Input((steps, features)), GRU(units), Dense(codings). decoder: Input((codings,)), "
        "RepeatVector(steps), GRU(units, return_sequences=True), Dense(features, activation=output_activation).",
    ),
)
def check_halves(answer, seed):
    rng = np.random.default_rng(seed)
    encoder, decoder = _two_models(answer(STEPS, FEATURES, UNITS, CODINGS, None))
    S, Z = rng.normal(size=(20, STEPS, FEATURES)).astype("float32"), rng.normal(size=(20, CODINGS)).astype("float32")
    _shapes(encoder, decoder)
    longer = _two_models(answer(STEPS + 2, FEATURES, UNITS, CODINGS, None))
    for name, half, other in zip(("encoder", "decoder"), (encoder, decoder), longer, strict=True):
        few, many = half.count_params(), other.count_params()
        require(
            few == many,
            got=f"{name}: {few} parameters for 6 steps, {many} for 8",
            expected="equally many",
            look="a recurrent layer uses the same weights at every step; a Flatten and a Dense layer do not",
        )
        sizes = {size for weight in half.weights for size in weight.shape}
        require(
            UNITS in sizes or 3 * UNITS in sizes or 4 * UNITS in sizes,
            got=f"a {name} without a layer of {UNITS} units",
            expected="a recurrent layer of `units` units",
            look="GRU(units, …)",
        )
        _is_recurrent(half, name)
    _encoder_reads(encoder, S, rng)
    _hears_codings_at_each_step(decoder, Z)
    _decoder_tells(decoder, Z, rng, None)
    for name, half, given in (("encoder", encoder, S), ("decoder", decoder, Z)):
        require(
            np.allclose(np.asarray(half(given, training=True)), np.asarray(half(given)), atol=1e-4),
            got=f"{name}: another result in training",
            expected="the same",
            look="no dropout, no noise, no normalization here",
        )
    bounded = _two_models(answer(STEPS, FEATURES, UNITS, CODINGS, "sigmoid"))[1]
    _decoder_tells(bounded, Z, rng, "sigmoid")
    _of_other_sizes(*_two_models(answer(3, 2, 5, 7)))


def _of_other_sizes(encoder, decoder):
    """NotYet unless the networks of a call with 3 steps, 2 features, 5 units and 7 codings have these sizes."""
    sizes = [tuple(side)[1:] for half in (encoder, decoder) for side in (half.input_shape, half.output_shape)]
    require(
        sizes in ([(3, 2), (7,), (7,), (3, 2)], [(None, 2), (7,), (7,), (3, 2)]),
        got=f"an encoder from {sizes[0]} to {sizes[1]} and a decoder from {sizes[2]} to {sizes[3]}, for 3 steps of 2 "
        "features and 7 codings",
        expected="(3, 2) to (7,), and (7,) to (3, 2)",
        look="take the arguments of this call, all of them",
    )
    for name, half in (("encoder", encoder), ("decoder", decoder)):
        found = {size for weight in half.weights for size in weight.shape}
        require(
            found & {5, 15, 20},
            got=f"a {name} without a layer of 5 units",
            expected="a recurrent layer of `units` = 5 units",
            look="take the arguments of this call, all of them",
        )


def _hears_codings_at_each_step(decoder, Z):
    """NotYet when the first recurrent layer gets the codings at some steps only (where Keras tells what it gets)."""
    import keras

    rnn = next(layer for layer in _leaves(decoder) if isinstance(layer, keras.layers.RNN))
    try:
        given = keras.Model(decoder.inputs[0], rnn.input)
        heard = np.asarray(given(Z)) - np.asarray(given(Z + 1))
    except (AttributeError, ValueError):  # a model of its own class, or a layer within another
        return
    moved = np.abs(heard).max(axis=(0, 2))
    require(
        np.all(moved > 1e-6),
        got=f"codings at {int(np.sum(moved > 1e-6))} of {len(moved)} steps of the decoder",
        expected="the codings anew at each step",
        look="RepeatVector(steps) repeats them",
    )


def _is_recurrent(half, name):
    """NotYet unless a recurrent layer of UNITS units is in it."""
    import keras

    rnns = [layer for layer in _leaves(half) if isinstance(layer, keras.layers.RNN)]
    require(
        rnns,
        got=f"{name} without a recurrent layer: {', '.join(type(layer).__name__ for layer in _leaves(half))}",
        expected=f"a recurrent layer of {UNITS} units",
        look="keras.layers.GRU(units): a state that is handed on from step to step",
    )
    units = [getattr(layer, "units", UNITS) for layer in rnns]
    last = units[-1] if name == "encoder" else UNITS  # its state becomes the codings
    require(
        UNITS in units and last == UNITS,
        got=f"{name}: a recurrent layer of {units[0] if units[0] != UNITS else last} units",
        expected=f"{UNITS}, the argument `units`",
        look="GRU(units, …)",
    )


def _leaves(model):
    for layer in getattr(model, "layers", []):
        inner = [getattr(layer, attribute, None) for attribute in ("layer", "forward_layer", "backward_layer")]
        if getattr(layer, "layers", None):
            yield from _leaves(layer)
        elif any(each is not None for each in inner):
            yield from (each for each in inner if each is not None)
        else:
            yield layer


def _two_models(pair):
    import keras

    if isinstance(pair, keras.Model):
        raise NotYet(got="one model", expected="two models: (encoder, decoder)", look="return encoder, decoder")
    fits = isinstance(pair, (tuple, list)) and len(pair) == 2
    if not fits or not all(isinstance(half, keras.Model) for half in pair):
        raise NotYet(
            got=f"{type(pair).__name__}",
            expected="two Keras models: (encoder, decoder)",
            look="return encoder, decoder",
        )
    for half, name in zip(pair, ("encoder", "decoder"), strict=True):
        knows_its_shapes(half, f"the {name}")
    return tuple(pair)


def _shapes(encoder, decoder):
    """NotYet with the name of the usual slip when the shapes are not those asked for."""
    into, codes = tuple(encoder.input_shape)[1:], tuple(encoder.output_shape)[1:]
    codes_in, told = tuple(decoder.input_shape)[1:], tuple(decoder.output_shape)[1:]
    sequence = (STEPS, FEATURES)
    require(
        not (into == (CODINGS,) and codes == sequence),
        got="the decoder first and the encoder second",
        expected="(encoder, decoder)",
        look="the order in the return line",
    )
    require(
        into == sequence or into == (None, FEATURES),
        got=f"an encoder that takes {into}",
        expected=f"(steps, features) = {sequence}",
        look="keras.Input((steps, features)); the batch is not named",
    )
    every = f"{CODINGS} codings at each of the {STEPS} steps: {STEPS * CODINGS} numbers"
    require(
        codes not in ((STEPS, CODINGS), (None, CODINGS)),
        got=every,
        expected=f"{CODINGS} codings for a whole sequence",
        look="return_sequences=True passes on every state. Only the last state may leave the encoder",
    )
    require(
        codes[0:1] != (STEPS,),
        got=f"an encoder that gives {codes}, something for each step",
        expected=f"({CODINGS},), one row for a whole sequence",
        look="no return_sequences in the encoder's last GRU",
    )
    require(
        codes != (UNITS,),
        got=f"the {UNITS} units of the last state",
        expected=f"{CODINGS} codings",
        look="after the GRU comes one more layer, Dense(codings)",
    )
    require(
        codes == (CODINGS,),
        got=f"an encoder that gives {codes}",
        expected=f"({CODINGS},)",
        look="GRU(units) for the last state, Dense(codings) after it",
    )
    require(
        codes_in == (CODINGS,),
        got=f"a decoder that takes {codes_in}",
        expected=f"({CODINGS},)",
        look="the decoder gets nothing but the codings: keras.Input((codings,))",
    )
    require(
        told not in ((FEATURES,), (UNITS,)),
        got=f"a decoder that tells {told}, one step",
        expected=f"{sequence}, a whole sequence",
        look="the decoder's GRU has to pass on all of its states: return_sequences=True",
    )
    require(
        told != (STEPS, UNITS),
        got=f"a decoder that gives {UNITS} units at each step",
        expected=f"{FEATURES} features",
        look="after the GRU comes one more layer, Dense(features); it works on each step by itself",
    )
    require(
        told == sequence,
        got=f"a decoder that tells {told}",
        expected=f"{sequence}",
        look="RepeatVector(steps), GRU(units, return_sequences=True), Dense(features)",
    )


def _randomise(model, rng, scale):
    model.set_weights([rng.normal(0, scale, w.shape).astype("float32") for w in model.get_weights()])


def _encoder_reads(encoder, S, rng):
    _randomise(encoder, rng, 0.6)
    usual = np.asarray(encoder(S))
    for step, name in ((0, "first"), (STEPS - 1, "last")):
        changed = S.copy()
        changed[:, step] += 0.5
        moved = float(np.abs(np.asarray(encoder(changed)) - usual).max())
        require(
            moved > 1e-6,
            got=f"codings that do not depend on the {name} step",
            expected="codings of the whole sequence",
            look="the last state of a GRU has seen every step; the first state has seen only one",
        )
    turned = np.asarray(encoder(S[:, ::-1]))
    require(
        not np.allclose(turned, usual, atol=1e-5),
        got="the same codings for a sequence and its reverse",
        expected="codings that know the order",
        look="a mean over the steps forgets the order; the last state of a GRU does not",
    )
    _last_state(encoder, S, usual)
    silent = S.copy()
    silent[:, 2] = 0
    later = silent.copy()
    later[:, [2, 3]] = silent[:, [3, 2]]
    require(
        not np.allclose(np.asarray(encoder(silent)), np.asarray(encoder(later)), atol=1e-5),
        got="the same codings wherever a step of zeros stands",
        expected="a step of zeros that counts like any other",
        look="Masking skips steps of zeros; in an image they are black rows: leave it away",
    )
    _randomise(encoder, rng, 3.0)
    wide = np.asarray(encoder(S))
    require(
        np.abs(wide).max() > 1.01,
        got=f"codings from {wide.min():.3g} to {wide.max():.3g}, whatever the weights",
        expected="codings that can be any number",
        look="the state of a GRU lies between −1 and 1, and so do codings "
        "that are a state, or have a tanh or sigmoid: end with Dense(codings), without activation",
    )
    require(
        wide.min() < 0,
        got="codings that are never negative",
        expected="codings that can be any number",
        look="no activation on the codings",
    )


def _last_state(encoder, S, codings):
    """NotYet when the codings come from all states of the recurrent layer instead of the last."""
    import keras

    rnns = [layer for layer in _leaves(encoder) if isinstance(layer, keras.layers.RNN)]
    dense = [layer for layer in _leaves(encoder) if type(layer).__name__ == "Dense"]
    if len(rnns) != 1 or len(dense) != 1 or type(rnns[0]) not in (keras.layers.GRU, keras.layers.LSTM):
        return
    kind = type(rnns[0])
    twin = kind.from_config({**rnns[0].get_config(), "return_sequences": True, "return_state": False, "name": None})
    twin.build(S.shape)
    twin.set_weights(rnns[0].get_weights())
    states, (kernel, bias) = np.asarray(twin(S)), dense[0].get_weights()
    for made, what in ((states.mean(axis=1), "mean"), (states.max(axis=1), "maximum"), (states.sum(axis=1), "sum")):
        require(
            not np.allclose(made @ kernel + bias, codings, rtol=1e-3, atol=1e-4),
            got=f"codings from the {what} of all {STEPS} states",
            expected="from the last state alone",
            look="GRU(units) without return_sequences gives the last state; no pooling over the steps",
        )


def _decoder_tells(decoder, Z, rng, activation):
    _randomise(decoder, rng, 3.0)
    told = np.asarray(decoder(Z))
    low, high = told.min(), told.max()
    got = f"outputs from {low:.3g} to {high:.3g} for output_activation={activation!r}"
    if activation is None:
        require(
            low < -1.01 and high > 1.01,
            got=got,
            expected="any number",
            look="None means no activation at the output: pass output_activation on to the last Dense layer",
        )
    else:
        require(
            low >= 0 and high <= 1,
            got=got,
            expected="numbers in 0 to 1",
            look="pass output_activation on to the last Dense layer",
        )
        require(
            low < 0.4 and high > 0.6,
            got=got,
            expected="outputs that use the whole range",
            look="one activation at the output, not two",
        )
    spread = float(np.abs(told - told[:, :1]).max())
    require(
        spread > 1e-4,
        got="the same output at every step",
        expected="a sequence that changes",
        look="the GRU belongs after RepeatVector: its state is what makes the steps differ",
    )

"""The checks of lesson 07, the recurrent autoencoder; three of its exercises are in modules of their own."""

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.stand_ins import as_output


@exercise(
    "7.2",
    "One step late",
    reference="helpers.autoencoders.recurrent.networks:previous_steps",
    minutes=5,
    difficulty=1,
    hints=(
        "Write down a sequence of four steps, and below it what the decoder may know at each of them.",
        "Begin with zeros of the shape of S. Axis 1 counts the steps: fill it from its second place on.",
        "late = np.zeros_like(S); late[:, 1:] = S[:, :-1]; return late.",
    ),
)
def check_previous_steps(answer, seed):
    rng = np.random.default_rng(seed)
    S = rng.uniform(0.1, 1, (5, 6, 3)).astype("float32")
    kept = S.copy()
    expected = np.array([[[0.0] * 3, *sequence[:-1].tolist()] for sequence in S])
    got = array(answer(S), "the previous steps", "return an array of the shape of S")
    require(
        np.array_equal(S, kept),
        got="S itself was changed",
        expected="a new array",
        look="the targets must stay what they are: begin with np.zeros_like(S)",
    )
    require(
        got.shape != (5, 5, 3),
        got="5 steps out of 6",
        expected="6 steps: zeros, then the first five of S",
        look="a step of zeros goes before the others, so that the length stays",
    )
    require(
        got.shape != (5, 7, 3),
        got="7 steps out of 6",
        expected="6 steps: zeros, then the first five of S",
        look="the last step of S has nothing to announce: leave it out",
    )
    nothing = np.zeros((5, 1, 3))
    close(
        got,
        expected,
        "what the decoder sees",
        look="at step t it may see step t − 1 of S, and at the first step zeros",
        mistakes={
            "this is S itself: at each step the decoder sees the very step that it has to tell, and only copies": S,
            "this is shifted the wrong way: the decoder sees the step after the one it has to tell": np.concatenate(
                [S[:, 1:], nothing], axis=1
            ),
            "np.roll puts the last step first: the decoder knows the end before it begins": np.roll(S, 1, axis=1),
            "the first step is announced as itself: before the first step there is nothing, so zeros": np.concatenate(
                [S[:, :1], S[:, :-1]], axis=1
            ),
            "this is shifted along axis 0, the batch: each sequence sees another one": np.concatenate(
                [np.zeros((1, 6, 3)), S[:-1]]
            ),
            "np.roll along axis 0 moves whole sequences; the steps are axis 1": np.roll(S, 1, axis=0),
            "this is shifted along the last axis, the features": np.concatenate(
                [np.zeros((5, 6, 1)), S[:, :, :-1]], axis=2
            ),
            "two steps late: step t may see step t − 1": np.concatenate([nothing, nothing, S[:, :-2]], axis=1),
            "these are only zeros: the steps of S are missing": np.zeros_like(S),
        },
    )
    one = array(answer(S[:, :1]), "for sequences of one step", "an array")
    close(one, np.zeros((5, 1, 3)), "for sequences of one step", look="there is nothing before the only step: zeros")


@exercise(
    "7.4",
    "Back to front",
    reference="helpers.autoencoders.recurrent.networks:back_to_front",
    minutes=5,
    difficulty=1,
    hints=(
        "Which of the three axes counts the steps?",
        "A slice with step −1 goes backwards: a[::-1] turns axis 0. A colon for each axis to be left alone.",
        "S[:, ::-1].",
    ),
)
def check_back_to_front(answer, seed):
    rng = np.random.default_rng(seed)
    S = rng.random((4, 5, 3)).astype("float32")
    kept = S.copy()
    got = array(answer(S), "the turned sequences", "return an array of the shape of S").copy()
    require(
        np.array_equal(S, kept),
        got="S itself was turned",
        expected="a new array, or a view",
        look="S is still needed as the encoder's input: do not assign to it",
    )
    close(
        got,
        np.array([list(reversed(sequence)) for sequence in S.tolist()]),
        "the turned sequences",
        look="the last step of each sequence comes first, each step itself unchanged",
        mistakes={
            "S[::-1] turns the batch: each sequence gets the target of another one": S[::-1],
            "the features were turned (each strip is mirrored); the order of the steps was asked for": S[:, :, ::-1],
            "steps and features were turned: the strips come in the right order, but mirrored": S[:, ::-1, ::-1],
            "batch and steps were turned: the sequences no longer meet their own targets": S[::-1, ::-1],
            "all axes were turned; only axis 1 counts the steps": S[::-1, ::-1, ::-1],
            "np.roll moves the last step to the front and keeps the order of the others": np.roll(S, 1, axis=1),
            "nothing was turned": S,
            "sorted, not reversed: the order must not depend on the values": np.sort(S, axis=1)[:, ::-1],
        },
    )


@exercise(
    "7.6",
    "Count what passes",
    reference="helpers.autoencoders.recurrent.networks:numbers_passed_on",
    minutes=10,
    difficulty=2,
    hints=(
        "Do not ask the layer how many units it has. Run the encoder, and look at the shape of what comes out.",
        "All axes but the first (the batch) count, so their sizes are multiplied. Several arrays: add them up.",
        "given = encoder(S); parts = given if isinstance(given, (list, tuple)) else [given]; "
        "sum(int(np.prod(np.shape(part)[1:])) for part in parts).",
    ),
)
def check_numbers_passed_on(answer, seed):
    rng = np.random.default_rng(seed)
    S = rng.random((5, 4, 3)).astype("float32")

    def giving(*shapes, size=1.0):
        def encoder(batch):
            require(
                np.ndim(batch) == 3 and np.shape(batch)[1:] == (4, 3),
                got=f"encoder({np.shape(batch)})",
                expected="encoder(S), the batch first",
                look="hand S, or a few of its sequences, to the encoder",
            )
            parts = [(size * rng.normal(size=(len(batch), *each))).astype("float32") for each in shapes]
            parts = [as_output(part) for part in parts]
            return parts if len(parts) > 1 else parts[0]

        return encoder

    def counted(encoder, what):
        got = shape(answer(encoder, S), (), f"the count for {what}", "one number, for one sequence")
        require(float(got) == int(got), got=f"{float(got):g} numbers", expected="a whole number", look="a count")
        return int(got)

    cases = (
        (
            "codings of shape (5, 6)",
            ((6,),),
            6,
            {
                5 * 6: "the batch was counted as well: 5 sequences, 6 numbers each",
                5: "this is the size of the batch",
                1: "the axes, not how many there are",
            },
        ),
        (
            "states of shape (5, 4, 6)",
            ((4, 6),),
            24,
            {
                6: "the last axis alone: these are the 6 units, but there are 4 steps, and each has its own 6 numbers",
                4: "this is the number of steps; each of them has 6 numbers",
                120: "the batch was counted as well: leave out axis 0",
                10: "the sizes were added; 4 steps of 6 numbers are 4 × 6",
                12: "this counts the input, S",
            },
        ),
        (
            "two states, h and c, of shape (5, 6)",
            ((6,), (6,)),
            12,
            {
                6: "only one of the two arrays was counted: the decoder gets both",
                60: "the batch was counted as well: leave out axis 0",
                2: "this is how many arrays there are",
                30: "the shape of the list as a whole: look at each array by itself",
            },
        ),
        (
            "maps of shape (5, 2, 3, 4)",
            ((2, 3, 4),),
            24,
            {4: "the last axis alone", 120: "the batch was counted as well", 6: "an axis was forgotten"},
        ),
        ("arrays of shape (5, 4, 2) and (5, 3)", ((4, 2), (3,)), 11, {5: "the last axes alone", 24: "parts are added"}),
    )
    for what, shapes, expected, mistakes in cases:
        got = counted(giving(*shapes), what)
        require(
            got == expected,
            got=f"{got} numbers for {what}",
            expected=f"{expected} for each sequence",
            look=mistakes.get(got, "multiply the sizes of all axes but the first; add the arrays up"),
        )
    silent = counted(giving((6,), size=0.0), "codings that are all 0")
    require(silent == 6, got=f"{silent} numbers for codings of shape (5, 6) that are all 0", expected="6",
            look="a coding of 0 is a number too: count the places, not what is in them")  # fmt: skip

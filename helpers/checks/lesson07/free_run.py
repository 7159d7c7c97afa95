"""The check of lesson 07 about a decoder that hears itself: exercise 7.3."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.stand_ins import as_output


@exercise(
    "7.3",
    "Let it run freely",
    reference="helpers.autoencoders.recurrent.networks:run_freely",
    minutes=20,
    difficulty=3,
    hints=(
        "Nothing is told yet: begin with zeros of shape (n, steps, features). After one run you know one step for "
        "sure: the first. Which input gives you the second?",
        "A loop over the steps. In each turn make the previous steps from what has been told so far (zeros first, "
        "one step late), run the decoder, and keep its output at this step.",
        "told = np.zeros((len(Z), steps, features), 'float32'); for step in range(steps): previous = "
        "np.concatenate([np.zeros_like(told[:, :1]), told[:, :-1]], axis=1); told[:, step] = "
        "np.asarray(decoder([Z, previous]))[:, step].",
    ),
)
def check_run_freely(answer, seed):
    rng = np.random.default_rng(seed)
    n, k, steps, features = 4, 2, 5, 3
    A, B = rng.normal(0, 0.8, (k, features)), rng.normal(0, 0.9, (features, features))
    pace = rng.normal(0, 0.5, (steps, features))
    calls = []

    def tell(codings, previous):
        """A decoder with a memory, as a GRU has one: every earlier step counts, the latest most."""
        memory, told = np.zeros((n, features)), []
        for step in range(steps):
            memory = 0.6 * memory + previous[:, step]
            told.append(np.tanh(codings @ A + memory @ B + pace[step]))
        return np.stack(told, axis=1)

    def told_from(inputs):
        given = isinstance(inputs, (list, tuple)) and len(inputs) == 2
        require(
            given,
            got="decoder(…) with something else than a pair",
            expected="decoder([codings, previous])",
            look="two arrays in one list",
        )
        codings, previous = (np.asarray(part, dtype=float) for part in inputs)
        require(
            codings.shape == (n, k),
            got=f"codings of shape {codings.shape}",
            expected=f"{(n, k)}",
            look="the codings come first, all of them, unchanged at every step",
        )
        require(
            previous.shape == (n, steps, features),
            got=f"previous steps of shape {previous.shape}",
            expected=f"{(n, steps, features)}",
            look="always the full length: zeros where nothing has been told yet",
        )
        calls.append(previous)
        return tell(codings, previous).astype("float32")

    class Decoder:
        """Called as a Keras model is: the result has .numpy(), and there is .predict(…) as well."""

        def __init__(self, tell):
            self.tell = tell

        def __call__(self, inputs, training=None):
            return as_output(self.tell(inputs))

        def predict(self, inputs, *sizes, **options):
            return self.tell(inputs)

        predict_on_batch = predict

    decoder = Decoder(told_from)
    Z = rng.normal(size=(n, k)).astype("float32")

    def late(told, first=0.0):
        return np.concatenate([np.full((n, 1, features), first), told[:, :-1]], axis=1)

    def play(heard=late, kept=lambda step: step, turns=range(steps)):
        """A run in which the decoder hears heard(what is told), and in each turn the step kept(turn) is kept."""
        told = np.zeros((n, steps, features))
        for step in turns:
            told[:, step] = tell(Z, heard(told))[:, kept(step)]
        return told

    def latest(told):
        """The previous steps of a run that fills in only the latest one."""
        step = int(np.count_nonzero(np.abs(told).sum(axis=(0, 2))))
        alone = np.zeros_like(told)
        alone[:, step] = late(told)[:, step]
        return alone

    expected = play()
    with_zeros = tell(Z, np.zeros((n, steps, features)))
    twice = tell(Z, late(with_zeros))
    got = array(answer(decoder, Z.copy(), steps, features), "what it tells", "return the told sequences")
    require(
        got.shape != (n, features), got="one step", expected=f"all {steps} steps", look="keep each step as it is told"
    )
    close(
        got,
        expected,
        "what it tells",
        look="at step t the decoder sees, as the previous step, its own output at step t − 1",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "it never hears itself: when a step is told, the one before is not in its input, and only the first is "
            "right. Put what it has told into the next call, one step late": with_zeros,
            "it was run twice: two steps are right. Each run makes one more step right; run it `steps` times": twice,
            "the last step is missing: run the loop to the end": play(turns=range(steps - 1)),
            "the first step was never told: the loop begins at 0": play(turns=range(1, steps)),
            "what it has told is not one step late in its input: at step t it must hear step t − 1": play(
                heard=lambda told: told
            ),
            "only the latest step is in its input; all that it has told belongs there, each one step late": play(
                heard=latest
            ),
            "these are the previous steps; what the decoder tells is asked for": late(expected),
            "the decoder's last step was kept in every turn, [:, −1]; in turn `step` it is [:, step]": play(
                kept=lambda step: -1
            ),
            "the previous step was counted twice": play(heard=lambda told: 2 * late(told)),
            "the steps are right, but in reverse order": expected[:, ::-1],
            "this is the first step, repeated: each turn keeps its own step": np.repeat(expected[:, :1], steps, axis=1),
            "the previous of the first step are zeros, not ones": play(heard=lambda told: late(told, 1.0)),
        },
    )
    require(
        len(calls) <= 3 * steps,
        got=f"{len(calls)} runs of the decoder for {steps} steps",
        expected=f"{steps} will do",
        look="one run for each step, all sequences at once",
    )
    halves = Decoder(lambda inputs: 1 + 0.5 * np.asarray(inputs[1]))
    close(
        answer(halves, Z[:2].copy(), 3, 1),
        [[[1.0], [1.5], [1.75]]] * 2,
        "what another decoder tells, in 3 steps of 1 feature",
        look="take the decoder, the codings and the sizes of this call",
    )

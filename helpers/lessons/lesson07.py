"""Lesson 07, Recurrent autoencoder: its settings by profile, and its questions."""

LECTURE = dict(
    n_valid=1_000,
    # three decoders, and garments in both orders
    n_few=4_000,
    few_epochs=8,
    few_units=64,
    # lists of random numbers
    n_lists=4_000,
    list_epochs=6,
    # heartbeats; four times n_judge of them are healthy
    n_beats=16_000,
    beat_epochs=15,
    n_judge=1_000,
    # the colleague's model
    n_bug=3_000,
    bug_epochs=4,
    eagerly=False,
)
SMOKE = dict(
    n_train=400,
    n_valid=200,
    epochs=1,
    n_few=64,
    few_epochs=1,
    few_units=32,
    n_lists=64,
    list_epochs=1,
    order_seeds=(1,),
    n_beats=128,
    beat_epochs=1,
    beat_seeds=(42,),
    n_judge=100,
    n_bug=64,
    bug_epochs=1,
    eagerly=True,  # with so few batches, compiling would take longer than training
)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=8, batch_size=64, peak=1e-2, beat_epochs=40)

QUIZZES = {
    "weights": dict(
        question=(
            "We cut the images into 28 single rows instead of 7 strips. The number of weights in the encoder's GRU …"
        ),
        right=(
            "shrinks: a step has fewer features",
            (
                "The W matrices have one row for each feature of a step, and a single row has 28 features instead of "
                "112. The number of steps does not matter: they share their weights."
            ),
        ),
        wrong=[
            (
                "grows: there are four times as many steps",
                "The steps share their weights. How many steps there are does not matter at all.",
            ),
            (
                "stays the same: the steps share their weights",
                "They do, so the number of steps does not matter. But a step now has 28 features instead of 112.",
            ),
        ],
    ),
    "forcing": dict(
        question=(
            "We train our autoencoder with teacher forcing: besides the codings, its decoder sees the true previous "
            "strip. Then it has to run freely. Compared with the decoder above, its reconstructions are …"
        ),
        right=(
            "worse, although in training it looks as good",
            (
                "The strip above says a part of what there is to say about the next one. Without the true strips that "
                "part is missing, and the decoder's own slips take their place."
            ),
        ),
        wrong=[
            (
                "better: it has learned more in the same time",
                "In training it looks as good. But part of what it has learned is how to use the help.",
            ),
            (
                "as bad as without any training: the help is gone",
                (
                    "It needs its codings, too: the strip above does not say everything. (If it did, this would be "
                    "the answer.)"
                ),
            ),
        ],
    ),
    "order": dict(
        question=(
            "Two equal models learn lists of ten random numbers by heart, for equally long. One tells them in order, "
            "the other back to front. The second ends with …"
        ),
        right=(
            "a far smaller error",
            (
                "The number read last is told first: one step to remember, learned at once. From there the decoder "
                "works its way back. In order, every number has to be kept for ten steps."
            ),
        ),
        wrong=[
            (
                "about the same error: it has to know the same ten numbers",
                (
                    "The information is the same, and even the mean number of steps between reading and telling. But "
                    "something has to be *learned*, and short ways are learned first."
                ),
            ),
            (
                "a larger error: it also has to turn the list round",
                "There is nothing to turn round: what was read last is what the state holds most clearly.",
            ),
        ],
    ),
    "refuses": dict(
        question=(
            "The autoencoder has seen healthy hearts only. We show it a heart whose P wave is missing. It draws …"
        ),
        right=(
            "a heart with a P wave",
            "It has never seen a heart without a P wave, so it draws one where it should be.",
        ),
        wrong=[
            (
                "the signal as it is: it copies what it is given",
                "It has 12 numbers for 128. It can only copy what it has learned to draw, and not this.",
            ),
            (
                "nothing like a heartbeat",
                "That can happen when a fault is large. A missing P wave changes little: the rest is recognised.",
            ),
        ],
    ),
}

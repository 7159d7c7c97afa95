"""Lesson 07, Recurrent autoencoder: its settings by profile, and its questions."""

LECTURE = dict(
    n_train=9_000,
    n_valid=1_000,
    epochs=12,
    batch_size=32,
    peak=8e-3,
    n_few=4_000,
    few_epochs=8,
    few_units=64,
    n_lists=4_000,
    list_epochs=6,
    order_seeds=(1, 2),
    n_beats=16_000,
    beat_epochs=15,
    beat_seeds=(42, 43, 44),
    n_judge=1_000,
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
            "shrinks",
            (
                "Yes. The W matrices have one row for each feature of a step, and a single row has 28"
                " instead of 112. The number of steps does not enter."
            ),
        ),
        wrong=[
            (
                "grows: four times as many steps",
                "The steps share their weights. How many steps there are does not matter at all.",
            ),
            (
                "stays the same",
                (
                    "The number of steps does not matter, that is right. But each step now has 28 "
                    "features instead of 112."
                ),
            ),
        ],
    ),
    "forcing": dict(
        question=(
            "We train our autoencoder with teacher forcing: besides the codings, its decoder sees the"
            " true previous strip. Then it has to run freely. Compared with the decoder above, its "
            "reconstructions are …"
        ),
        right=(
            "worse, although in training it looks at least as good",
            (
                "Yes. The strip above says a part of what there is to say about the next one. When "
                "the true strips are gone, so is that part; and its own slips take their place."
            ),
        ),
        wrong=[
            (
                "better: it has learned more in the same time",
                ("In training it looks at least as good. But part of what it has learned is how to use the help."),
            ),
            (
                "about as bad as without any training",
                (
                    "It needs its codings, too: the strip above does not say everything. (If it did, "
                    "this would be the answer.)"
                ),
            ),
        ],
    ),
    "order": dict(
        question=(
            "Two equal models learn lists of ten random numbers by heart, as long as each other. One "
            "tells them in order, the other back to front. The second ends with …"
        ),
        right=(
            "a far smaller error",
            (
                "Yes. The number read last is nearly visible in the last state: learned at once. From"
                " there the decoder works its way back. In order, its first task is the hardest one."
            ),
        ),
        wrong=[
            (
                "about the same error: it has to know the same ten numbers",
                (
                    "The information is the same. But something has to be *learned*, and one of the "
                    "two orders is easier to learn."
                ),
            ),
            (
                "a larger error: it has to turn the list round",
                (
                    "It does not turn anything round: a state is a pile, and a pile gives back in "
                    "reverse order by nature."
                ),
            ),
        ],
    ),
    "refuses": dict(
        question=(
            "The autoencoder has seen healthy hearts only. We show it a heart whose T wave is upside down. It draws …"
        ),
        right=(
            "a heart in which T does not hang down",
            (
                "Yes. It draws the nearest thing that it has words for, and that has no hanging T. It"
                " refuses to draw the fault."
            ),
        ),
        wrong=[
            (
                "the upside-down T: it copies what it is given",
                (
                    "It has 12 numbers for 128. It can only copy what it has words for, and for an "
                    "inverted T it never needed one."
                ),
            ),
            (
                "noise",
                (
                    "Its decoder has learned to draw heartbeats. Even from odd codings something like"
                    " a heartbeat comes out."
                ),
            ),
        ],
    ),
}

"""Lesson 03, Unsupervised pretraining: its settings by profile, and its questions."""

LECTURE = dict(
    n_train=9_000,
    n_valid=1_000,
    n_test=2_000,
    codings=64,
    filters=(16, 32, 64),
    epochs=3,
    batch_size=128,
    peak=3e-3,
    few=500,
    draws=3,
    passes=6_000,
    filters_small=64,
    dictionaries=5,
    ablation_draws=5,
    counts=(50, 100, 500, 2_000),
    curve_draws=5,
    components=60,
    methods=7,
    near_passes=2_000,
    near_labels=50,
    near_draws=3,
    near_epochs=3,
    leak_labels=50,
    leak_epochs=30,
    leak_draws=4,
)
SMOKE = dict(
    n_train=600,
    n_valid=100,
    n_test=100,
    codings=8,
    filters=(2, 2, 4),
    epochs=1,
    few=20,
    draws=2,
    passes=20,
    filters_small=4,
    dictionaries=2,
    ablation_draws=2,
    counts=(20, 30),
    curve_draws=2,
    components=5,
    methods=7,
    near_passes=20,
    near_labels=20,
    near_draws=1,
    near_epochs=1,
    leak_labels=20,
    leak_epochs=1,
    leak_draws=2,
)
FULL = dict(n_train=55_000, n_valid=5_000, n_test=10_000, codings=128, filters=(32, 64, 128), epochs=4, passes=12_000)

QUIZZES = {
    "unfreeze": dict(
        question=(
            "The encoder is frozen, the model compiled and fitted. Then `encoder.trainable = True`, "
            "and `fit` again, without `compile` in between. What happens?"
        ),
        right=(
            "the encoder stays frozen, and nothing says so",
            ("Yes. `fit` goes on with the training step it made before, and in that step the encoder is frozen."),
        ),
        wrong=[
            ("the encoder learns from now on", "That is what the line seems to say. Look at what moves."),
            (
                "an error says that the model must be compiled",
                "It would be kind of Keras. In the versions of this workbook it does not come.",
            ),
        ],
    ),
    "noise": dict(
        question=(
            "All else equal (same windows, whitening, threshold, pooling, and the same SVM behind): "
            "how much better than noise are learned filters, with 500 labels?"
        ),
        right=(
            "learned filters win, but noise is above the pixels, too",
            ("Yes, in the lecture profile. Much of the gain is the fixed machinery around the filters."),
        ),
        wrong=[
            (
                "noise is useless: it falls below the SVM on pixels",
                (
                    "One would think so. But a random filter still sees, at every place, *something* "
                    "of the window's shape."
                ),
            ),
            ("they are equal", "Not quite: compare the intervals in the next cell."),
        ],
    ),
    "stops": dict(
        question=(
            "Learned filters less noise filters, all else equal: this is what *learning* bought. What"
            " does the difference do as the labels become more?"
        ),
        right=("it shrinks", "Yes. What the images alone can tell, labels tell as well once there are enough of them."),
        wrong=[
            (
                "it grows: more labels, more gain",
                "What could unlabelled windows tell that thousands of labelled garments do not?",
            ),
            ("it stays the same", "Look at the left and the right end of the panel below."),
        ],
    ),
    "near": dict(
        question="When should a network trained with labels on another task be the better start?",
        right=(
            "when its task is similar to ours",
            (
                "Yes. It keeps what its own task needed, and throws away the rest. The nearer the "
                "tasks, the more of ours is kept."
            ),
        ),
        wrong=[
            (
                "always: labels beat no labels",
                (
                    "Its labels also teach what may be forgotten: nothing about soles is needed to "
                    "tell shirts from trousers."
                ),
            ),
            (
                "never: its labels are the wrong ones",
                "Edges, outlines and textures of clothes are not so unlike those of shoes and bags.",
            ),
        ],
    ),
}

"""Lesson 03, Unsupervised pretraining: its settings by profile, and its questions."""

LECTURE = dict(
    # images
    n_train=9_000,
    n_valid=1_000,
    n_test=2_000,
    # networks
    maps=(16, 32),  # of the two convolutions
    components=60,  # of PCA
    filters=64,  # in a dictionary of windows
    # fine-tuning
    epoch_size=500,  # labelled images are repeated until an epoch has so many
    tune_epochs=(2, 8),  # the head alone, everything
    # the table that ships
    counts=(50, 100, 500, 2_000),
    table_draws=5,
    # labels of another task
    other_labels=30,
    other_draws=10,
    other_epochs=6,
    # the leak
    leak_labels=50,
    leak_draws=3,
)
SMOKE = dict(
    n_train=600,
    n_valid=100,
    n_test=100,
    few=20,
    draws=2,
    codings=8,
    epochs=1,
    maps=(2, 4),
    components=5,
    filters=4,
    epoch_size=50,
    tune_epochs=(1, 1),
    counts=(20,),
    table_draws=2,
    other_labels=12,
    other_draws=2,
    other_epochs=1,
    leak_labels=20,
    leak_draws=2,
)
FULL = dict(  # what the table of all methods is computed with
    epochs=10, epoch_size=2_000, tune_epochs=(2, 10)
)

QUIZZES = {
    "unfreeze": dict(
        question=(
            "The encoder is frozen, the model compiled and fitted. Then `encoder.trainable = True`, "
            "and `fit` again, without `compile` in between. What happens?"
        ),
        right=(
            "the encoder stays frozen, and nothing says so",
            "`fit` goes on with the training step it made before, and in that step the encoder is frozen.",
        ),
        wrong=[
            ("the encoder learns from now on", "That is what the line seems to say. Look at what moves."),
            ("an error says that the model must be compiled again", "That would help, but Keras raises none."),
        ],
    ),
    "noise": dict(
        question=(
            "The same windows, whitening, threshold, pooling and SVM, but filters of pure noise. "
            "How do they do with 100 labels, beside the SVM on pixels?"
        ),
        right=(
            "about as well: these draws hardly tell them apart",
            "A random filter still sees, at every place, something of the window's shape.",
        ),
        wrong=[
            (
                "far worse: noise knows nothing of garments",
                "The filters know nothing, but windows, thresholds and pooling do their work.",
            ),
            (
                "better by several points: the steps around the filters do it all",
                "With 100 labels the interval lies about 0. (With 500 they are ahead: see the large table.)",
            ),
        ],
    ),
    "adds": dict(
        question=(
            "Learned windows less noise windows, all else equal: this is what learning without labels "
            "adds. What does the difference do as the labels become more?"
        ),
        right=(
            "it becomes smaller and smaller",
            "What the images alone can tell, labels tell more and more of as they become many.",
        ),
        wrong=[
            (
                "it becomes larger and larger",
                "What could unlabelled windows tell that thousands of labelled garments do not?",
            ),
            (
                "it stays about the same",
                "In the next table, take the row of noise windows from that of learned windows: first with 50 labels, "
                "then with 2,000.",
            ),
        ],
    ),
    "depth": dict(
        question=(
            "A frozen encoder has learned to tell sandals, sneakers and boots apart, with all their labels. "
            "An SVM is to tell pullovers, coats and shirts apart, with ten labels of each. What shall it look at?"
        ),
        right=(
            "what the second convolution gives",
            "The last layer keeps what its own task needed, and shoes have no sleeves. The layer before has lost less.",
        ),
        wrong=[
            (
                "the codings: the last layer knows most",
                "It knows most about shoes. What is not needed for them is lost.",
            ),
            ("either: these draws do not tell them apart", "Compare the two rows of shoes in the next table."),
        ],
    ),
}

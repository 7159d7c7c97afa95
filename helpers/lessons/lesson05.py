"""Lesson 05, One autoencoder at a time: its settings by profile, and its questions."""

LECTURE = dict(
    n_valid=1_000,
    sizes=(256, 128, 64, 30),
    batch_size=64,
    changes=6,  # how many of the exchanges are trained, the last ones first
    two=(100, 30),  # the layers of the modern phases, and how they are trained
    two_epochs=(10, 2),
    two_fine=5,
    two_batch=32,
    two_peak=4e-3,
    n_gradient=500,
)
SMOKE = dict(
    n_train=300,
    n_valid=150,
    sizes=(64, 30),
    rates=(10.0,),
    phase_epochs=1,
    fine_epochs=1,
    changes=1,
    two_epochs=(1, 1),
    two_fine=1,
    n_gradient=50,
)
FULL = dict(
    n_train=55_000,
    n_valid=5_000,
    batch_size=128,
    phase_epochs=5,
    fine_epochs=10,
    two_epochs=(5, 2),
    two_fine=10,
    two_batch=128,
    two_peak=8e-3,
)

QUIZZES = {
    "deep": dict(
        question=(
            "We train all layers of it at once, for several epochs, with the best of three learning rates. It ends …"
        ),
        right=("with the same grey blur for every image", "It finds the mean of all images, and there it stays."),
        wrong=[
            ("with a smaller error than PCA-30", "A deep network of today can. This one is built as they were then."),
            ("with about twice the error of PCA-30", "That would be a slow start. It is worse."),
        ],
    ),
    "units": dict(
        question="Phase 2 has a far smaller error than phase 1. What does that say?",
        right=(
            "nothing as such: the two errors are measured on different rows",
            (
                "Phase 1 counts squared grey levels, phase 2 squared codings, and what phase 1 "
                "has lost is not in the codings at all. Decode all the way back to pixels, then "
                "compare."
            ),
        ),
        wrong=[
            (
                "codings are easier to compress than images, and that many times easier",
                (
                    "They are easier: what phase 1 could not keep is no longer in them. But how many "
                    "times cannot be read off two errors in different units."
                ),
            ),
            ("phase 2 has overfitted", "These are validation rows, encoded by the same encoder and never trained on."),
        ],
    ),
    "together": dict(
        question="Eight sigmoid layers as before, and the same optimizer. Training all of them together now …",
        right=(
            "works: the trained weights let signal and gradient through",
            (
                "Each phase had to pass on what distinguishes its rows, so its weights have "
                "grown, and so the gradients pass too."
            ),
        ),
        wrong=[
            (
                "fails again: there are as many layers of sigmoids as before",
                "Depth alone was not the problem. The weights were too small to pass anything on.",
            ),
            (
                "works, but only with a far smaller learning rate than before",
                "The learning rate will be that of the phases, one of those that failed above. Look at the errors.",
            ),
        ],
    ),
    "cause": dict(
        question=(
            "We exchange one part of the network of 2006 (new units come with the weights that fit "
            "them), and train all layers at once. Which exchange brings the error down most?"
        ),
        right=(
            "smooth units (SiLU) with He's weights, and the old optimizer",
            "They let signal and gradient through every layer. Then even the old descent works.",
        ),
        wrong=[
            (
                "Adam, with sigmoids and the old weights",
                "Adam divides each gradient by its own size, so that tiny ones give real steps. It helps, but less.",
            ),
            (
                "Glorot's weights, with sigmoids and the old optimizer",
                "Larger weights, but still a slope of at most ¼ for each layer. Look at the gradients above.",
            ),
        ],
    ),
}

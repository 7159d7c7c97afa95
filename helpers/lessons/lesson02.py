"""Lesson 02, Stacked autoencoder: its settings by profile, and its questions."""

LECTURE = dict(
    n_valid=1_000,
    sneaker=0,  # which of the validation sneakers and boots stand at the ends of a line
    boot=0,
    sizes=(2, 5, 10, 30, 100),
    curve_epochs=6,
    few_epochs=40,
    n_map=1_000,
    n_small=400,
    n_group=70,
)
SMOKE = dict(
    n_train=600, n_valid=300, epochs=2, sizes=(2, 30), curve_epochs=1, few_epochs=2, n_map=150, n_small=100, n_group=30
)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=20, batch_size=128, curve_epochs=10, n_map=2_000)

QUIZZES = {
    "linear": dict(
        question=(
            "We take every activation away from the hourglass 784-100-30-100-784 and train it again. "
            "Its validation error will be …"
        ),
        right=(
            "about PCA-30's, or a little above",
            (
                "Without activations the whole network is one matrix of rank 30, and of those "
                "PCA has the best one. Training can only come close to it."
            ),
        ),
        wrong=[
            (
                "about that of the full model",
                (
                    "A product of matrices is one matrix. Without a bend between them, four layers "
                    "can do no more than one."
                ),
            ),
            (
                "far worse than PCA-30",
                ("It could copy PCA exactly, and lesson 01 showed that gradient descent comes close to it."),
            ),
        ],
    ),
    "black": dict(
        question=("Let us answer every image with a completely black one. What rounded accuracy does that reach?"),
        right=("about 70 %", "Some 70 % of all pixels are below one half, and for those black is right."),
        wrong=[
            (
                "about 10 %",
                ("That would be guessing one of ten classes. Here we guess pixels, and most of them are dark."),
            ),
            ("about 50 %", "That would be so if as many pixels were white as black."),
        ],
    ),
    "powerful": dict(
        question=(
            "Such a network reconstructs its fifty training images perfectly from one number each. On"
            " new images, compared with always answering with the mean image, its error will be …"
        ),
        right=(
            "clearly larger",
            (
                "It answers a new image with one of the fifty, or a mixture of two, chosen at "
                "random, and a confident wrong answer is worse than a grey one."
            ),
        ),
        wrong=[
            ("clearly smaller", "Nothing made it learn anything that helps elsewhere: the numbers are drawn by lot."),
            ("about the same", "The mean would be a good answer. Nothing in training rewards that."),
        ],
    ),
}

"""Lesson 17, One yardstick: its settings by profile, and its questions."""

LECTURE = dict(
    generators=9,  # at most so many of those that ship
    resamples=1_000,  # of the bootstrap
    n_balance=6_000,  # images to choose equally many of each class from
    balance_draws=3,
    n_held=2_000,  # images of each kind that the detective has to judge
    detective_epochs=8,
)
SMOKE = dict(
    shown=2,
    counts=(50, 100),
    generators=1,
    resamples=10,
    n_balance=120,
    balance_draws=2,
    n_detective=64,
    n_held=20,
    detective_epochs=1,
)
FULL = dict()

QUIZZES = {
    "above-one": dict(
        question=(
            "A linear autoencoder, an autoencoder that bends, one made sparse, one that was trained "
            "on noisy images. Which can lie above 1?"
        ),
        right=(
            "the sparse one and the one trained on noise",
            (
                "They are asked for more than rebuilding, so they can. Look whether they do, and whether a row "
                "beside them shows another cause."
            ),
        ),
        wrong=[
            (
                "none of them: a network can always do what PCA does",
                "It could, if rebuilding were all that its loss asks for. Is it?",
            ),
            (
                "the linear one: it has fewer weights than the others",
                "It finds the same subspace as PCA, so it stands at 1.",
            ),
        ],
    ),
    "use": dict(
        question=(
            "Sort the autoencoders by their error. Will their codings be sorted by the accuracy of a "
            "linear probe as well?"
        ),
        right=(
            "roughly at best: models with the same error can differ",
            "Look for models with nearly the same error and different accuracy.",
        ),
        wrong=[
            (
                "yes: whoever keeps more of the image keeps more of its class",
                ("What if most of the pixels that are kept are folds and prints, which say nothing about the class?"),
            ),
            (
                "no, it is the other way round: good codings forget the details",
                "Forgetting details can help. But whoever loses the outline loses the class as well.",
            ),
        ],
    ),
    "detective": dict(
        question=(
            "The conditional DCGAN has by far the smallest Fréchet distance of the course. How often will a fresh "
            "detective tell its images from real ones?"
        ),
        right=(
            "clearly more often than by chance",
            "A small Fréchet distance says that means and covariances of 64 features fit. A detective may use all.",
        ),
        wrong=[
            (
                "in about half of the cases, since its distance is so small that nothing can be left",
                "Distributions with the same mean and covariance can still be quite different. Where could traces be?",
            ),
            (
                "less often than by chance: the generator was trained to fool detectives like this one",
                "It was trained against another one. And right in fewer than half of the cases is a clue as well: "
                "just say the opposite.",
            ),
        ],
    ),
}

"""Lesson 17, One yardstick: its settings by profile, and its questions."""

LECTURE = dict(shown=12, counts=(250, 500, 1_000, 2_000), generators=9)
SMOKE = dict(shown=2, counts=(50, 100), generators=1)
FULL = dict()

QUIZZES = {
    "above-one": dict(
        question=(
            "A linear autoencoder, an autoencoder that bends, one made sparse, one that was trained "
            "on noisy images. Which can lie above 1?"
        ),
        right=(
            "the sparse one and the one trained on noise: they are asked for more than rebuilding",
            ("Yes. A penalty and a harder task are paid for in pixels; what they buy is in the other columns."),
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
            "roughly, but with exceptions that are larger than chance",
            "Yes. Look for models with nearly the same error and different accuracy.",
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
}

"""Lesson 00, Start here: its settings by profile, and its questions."""

LECTURE = dict(steps=200)  # of the search for images that the classifier takes for sandals
SMOKE = dict(n_train=600, n_fit=300)
FULL = dict()

QUIZZES = {
    "sure": dict(
        question=(
            "A classifier has learned ten classes from labelled garments. We take noise and change it until the "
            "classifier is nearly certain that it sees a sandal. Then we show it real sandals that are new to it. Of "
            "which is it more certain, on average?"
        ),
        right=(
            "of the changed noise",
            "We climbed to where it is most certain. A real sandal has no such help, and some resemble sneakers.",
        ),
        wrong=[
            (
                "of the real sandals",
                "It has learned from such images. But what it has learned is how ten classes differ.",
            ),
            (
                "of both alike",
                "Real sandals lie at many distances from the boundaries, some of them near. Where does our noise end?",
            ),
        ],
    )
}

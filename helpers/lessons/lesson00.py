"""Lesson 00, Start here: its settings by profile, and its questions."""

LECTURE = dict(n_train=9_000, n_fit=3_000, steps=200)
SMOKE = dict(n_train=600, n_fit=300)
FULL = dict()

QUIZZES = {
    "sure": dict(
        question=(
            "A classifier looks at an image and is 99.9 % sure that it is a sandal. What does the image look like?"
        ),
        right=(
            "Like anything at all: it only has to lie on the right side of a boundary",
            "Yes. The classifier never learned what images look like, only how ten classes differ.",
        ),
        wrong=[
            (
                "Like a sandal: how else could the classifier be so sure?",
                "That is what one would hope. Look at the next figure.",
            ),
            (
                "Like a blurred average of all sandals",
                ("That would be the most typical sandal of a generative model; a classifier does not know it."),
            ),
        ],
    )
}

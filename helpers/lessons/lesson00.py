"""Lesson 00, Start here: its settings by profile, and its questions."""

LECTURE = dict(steps=200)  # of the search for images that the classifier takes for sandals
SMOKE = dict(n_train=600, n_fit=300)
FULL = dict()

QUIZZES = {
    "sure": dict(
        question=(
            "A classifier looks at an image and is 99.9 % sure that it is a sandal. What does the image look like?"
        ),
        right=(
            "Like anything at all: it only has to lie on the right side of a boundary",
            "The classifier never learned what images look like, only how ten classes differ.",
        ),
        wrong=[
            (
                "Like a sandal that is easy to tell from the other classes",
                "That is what one would hope. Look at the next figure.",
            ),
            (
                "Like a blurred average of all sandals",
                "A generative model would call that the most typical sandal. A classifier does not know it.",
            ),
        ],
    )
}

"""Lesson 01, PCA and the linear autoencoder: its settings by profile, and its questions."""

LECTURE = dict(n_valid=1_000, descent=120)  # validation images; steps of plain gradient descent
SMOKE = dict(n_train=1_200, n_valid=300, epochs=1, steps=100, descent=20)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=10, steps=2_000)

QUIZZES = {
    "scattered": dict(
        question=(
            "Now scatter the pixels of all images in the SAME way, training and validation alike, and"
            " fit a new PCA. Compared with ordinary garments, its validation error with 30 components"
            " will be"
        ),
        right=(
            "exactly the same",
            (
                "PCA sees a list of 784 numbers. Renaming the entries turns every component into its "
                "scattered self and changes no distance. Dense layers are as blind; convolutions "
                "(lesson 06) are not."
            ),
        ),
        wrong=[
            (
                "much larger",
                (
                    "The images look like noise to you, because you expect neighbouring pixels to belong together. "
                    "Does PCA?"
                ),
            ),
            ("a little larger", "PCA never uses the fact that two pixels are neighbours, so it cannot miss it."),
        ],
    ),
    "rows": dict(
        question=(
            "The decoder's ten rows span PCA's subspace to a fraction of a degree. Drawn as images, they will be"
        ),
        right=(
            "ten mixtures of the principal components",
            (
                "The loss sees E and D only through their product. Any invertible mixture of the "
                "codings, undone by the decoder, gives the same reconstructions."
            ),
        ),
        wrong=[
            (
                "the ten principal components, up to sign",
                ("They span the same subspace, but many sets of ten vectors do. Which of them would the loss prefer?"),
            ),
            (
                "the ten principal components in some other order",
                "The loss does not depend on the order. It does not depend on something else, either.",
            ),
        ],
    ),
    "nudge": dict(
        question=(
            "We set a linear autoencoder with two codings exactly to components 2 and 3, and let "
            "plain gradient descent run. A second one starts at the same place with a tiny nudge (a "
            "ten-thousandth). What will their losses do?"
        ),
        right=(
            "the first stays; the second stays for a while, then falls",
            (
                "Exactly at the saddle there is no slope. Beside it the slope is tiny, but it makes "
                "itself larger with each step."
            ),
        ),
        wrong=[
            (
                "both stay where they are for ever",
                ("The gradient is zero at a saddle, but beside it, it is not: something grows there, slowly at first."),
            ),
            (
                "both fall at once, since component 1 is better",
                ("Component 1 would be better, but at the saddle itself the gradient does not say so: it is zero."),
            ),
        ],
    ),
}

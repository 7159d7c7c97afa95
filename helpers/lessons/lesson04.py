"""Lesson 04, Tied weights: its settings by profile, and its questions."""

LECTURE = dict(
    n_valid=1_000,
    linear_epochs=20,
    every=12,
    few=((500, 40), (2_000, 12), (9_000, 5)),  # images and epochs of the comparison
    n_conv=2_000,
    conv_epochs=3,
    timed=(32, 256),
    timed_steps=30,
)
SMOKE = dict(
    n_train=600,
    n_valid=200,
    linear_epochs=2,
    every=1,
    epochs=1,
    few=((200, 1),),
    seeds=(1, 2),
    n_conv=100,
    conv_epochs=1,
    timed=(32,),
    timed_steps=2,
)
FULL = dict(
    n_train=55_000,
    n_valid=5_000,
    epochs=10,
    batch_size=128,
    few=((500, 60), (2_000, 30), (10_000, 15), (55_000, 8)),
    n_conv=20_000,
)

QUIZZES = {
    "gram": dict(
        question=("Both train until they reach PCA's error. What will the products of the untied one look like?"),
        right=(
            "D E is the identity, and EᵀE is something else",
            (
                "The loss sees only the product E D, and that fixes D E. The lengths and angles "
                "of E's patterns are whatever training leaves behind."
            ),
        ),
        wrong=[
            (
                "D E and EᵀE are both the identity, as in the tied one",
                (
                    "The optimum in terms of images is the same. Which of the many pairs E, D with "
                    "that product is reached?"
                ),
            ),
            (
                "neither is the identity, as nothing ties D to E",
                "The loss does: a decoder that did not undo its encoder would draw worse.",
            ),
        ],
    ),
    "few": dict(
        question=(
            "Only 500 images. Compared with the untied autoencoder, the tied one, with half of its "
            "weights, will have on new images …"
        ),
        right=(
            "a smaller error",
            (
                "See the next table, and look at the training images too: in as many steps the tied"
                " one learns more. Less overfitting is only the smaller part of the gain."
            ),
        ),
        wrong=[
            (
                "a larger error: it can express less",
                "It can express less. With 500 images, is that what limits the untied one?",
            ),
            (
                "about the same error",
                ("Both see the same images for as many steps. But a tied kernel gets a gradient from two places."),
            ),
        ],
    ),
}

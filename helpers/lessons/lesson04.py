"""Lesson 04, Tied weights: its settings by profile, and its questions."""

LECTURE = dict(
    n_train=9_000,
    n_valid=1_000,
    linear_epochs=20,
    every=12,
    epochs=8,
    batch_size=32,
    peak=8e-3,
    few=((500, 40), (2_000, 12), (9_000, 5)),
    seeds=(1, 2, 3),
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
    seeds=(1,),
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
            "D E is the identity, EᵀE is not",
            (
                "Yes. The loss sees only the product E D, and that fixes D E. The lengths and angles "
                "of E's patterns are whatever training leaves behind."
            ),
        ),
        wrong=[
            (
                ("as in the tied one: both EᵀE and D E are the identity, since the optimum is the same"),
                (
                    "The optimum in terms of images is the same. Which of the many pairs E, D with "
                    "that product is reached?"
                ),
            ),
            (
                "neither is the identity: nothing ties D to E",
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
                "Yes, as the experiment shows. What it can no longer express is mostly what would not"
                " have carried over to new images."
            ),
        ),
        wrong=[
            (
                "a larger error: it can express less",
                "It can express less. With 500 images, is that what limits the untied one?",
            ),
            (
                "about the same error",
                ("Look at what the two share: few images, and kernels that must be right in both directions."),
            ),
        ],
    ),
    "time": dict(
        question="Where does tying save the larger share of the time of a step?",
        right=(
            "with small batches",
            ("Yes. The matrix products grow with the batch; Adam's work does not, and only Adam's work is halved."),
        ),
        wrong=[
            ("with large batches", "The matrix products grow with the batch. Are they what tying halves?"),
            ("the same share with both", "It would be, if every part of a step grew with the batch. One does not."),
        ],
    ),
}

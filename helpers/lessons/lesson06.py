"""Lesson 06, Convolutional autoencoder: its settings by profile, and its questions."""

LECTURE = dict(
    n_valid=1_000,
    short=3,
    n_brush=3_000,
    ways=("kernel 3", "kernel 4", "enlarge, convolve"),
    reach=3,
    moved_epochs=6,
    classical_epochs=6,
    taught=("dense", "dense, wide", "convolutional"),
)
SMOKE = dict(
    n_train=450,
    n_valid=128,
    epochs=1,
    short=1,
    n_brush=256,
    ways=("kernel 3",),
    moved_epochs=1,
    classical_epochs=1,
    taught=("convolutional",),
)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=8, batch_size=128, moved_epochs=12, classical_epochs=10)

QUIZZES = {
    "rearranged": dict(
        question=(
            "We train a dense and a convolutional autoencoder, each on the images and on the "
            "rearranged images. The rearranging …"
        ),
        right=(
            "hurts the convolutional one",
            "A convolution looks at small neighbourhoods, and these have become meaningless.",
        ),
        wrong=[
            (
                "hurts neither: nothing is lost",
                ("Nothing is lost, so the *dense* one does not care. But what does a convolution take for granted?"),
            ),
            (
                "hurts both: nobody can recognise the images any more",
                (
                    "Nobody who looks at images. A dense layer does not look at images: it weighs 784"
                    " numbers, in any order."
                ),
            ),
        ],
    ),
    "boards": dict(
        question=(
            "A constant 7 × 7 image goes through two transposed convolutions with stride 2, all "
            "weights equal. Away from the edge, kernel 3 gives … and kernel 4 gives …"
        ),
        right=(
            "a pattern, a constant image",
            "3 is not a multiple of the stride 2, so strokes overlap unevenly; 4 is one.",
        ),
        wrong=[
            (
                "a constant image, a constant image",
                ("Look at the strokes above: with kernel 3, do all output pixels get the same number of strokes?"),
            ),
            (
                "a pattern, a pattern",
                "Kernel 4 overlaps, too. But does any pixel away from the edge get more strokes than its neighbour?",
            ),
            ("a constant image, a pattern", "The other way round: count the strokes in the picture above."),
        ],
    ),
    "moved": dict(
        question=(
            "The models have seen centred garments only. We move the validation images by 2 pixels. "
            "The error of the convolutional autoencoder …"
        ),
        right=(
            "about doubles",
            ("The maps move along; the dense neck behind them has learned its weights place by place."),
        ),
        wrong=[
            (
                "stays: convolutions do not care where things are",
                "The *maps* only move along. But what reads the maps?",
            ),
            (
                "becomes as large as that of a black image",
                ("Not as bad as that: most pixels of a garment keep a neighbour of much the same grey."),
            ),
        ],
    ),
}

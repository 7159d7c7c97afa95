"""Lesson 08, Denoising autoencoder: its settings by profile, and its questions."""

LECTURE = dict(
    # sizes
    n_valid=1_000,
    n_rivals=1_000,  # training images on which median filter and PCA choose their numbers
    unet_epochs=4,  # where no trained weights fit
    levels=(0.1, 0.2, 0.3, 0.5, 0.7, 1.0),  # σ of the noise in the test
    # points in the plane
    n_points=8_000,
    point_epochs=6,
    point_steps=1_500,
    # labelled images for the probe
    draws=5,
    label_counts=(50, 200),
)
SMOKE = dict(
    n_train=300,
    n_valid=120,
    n_rivals=150,
    codings=100,
    epochs=1,
    patience=2,
    neck_epochs=1,
    unet_epochs=1,
    trained_at=(0.0, 0.5, 1.0),
    levels=(0.2, 1.0),
    point_steps=32,
    n_points=500,
    point_epochs=1,
    draws=2,
    label_counts=(50,),
)
FULL = dict(n_train=55_000, n_valid=5_000, n_rivals=5_000, epochs=8, neck_epochs=10, unet_epochs=3, point_steps=4_000)

QUIZZES = {
    "inference": dict(
        question=(
            "The denoiser is trained and goes to work on photographs that are noisy already. What "
            "should its noise layer do?"
        ),
        right=(
            "add nothing",
            "The layer stands for the damage that the world does. In use, the world has done it already.",
        ),
        wrong=[
            (
                "add the noise it was trained with, so that it sees what it is used to",
                ("The photographs bring their own noise; with the layer's they would have twice the variance."),
            ),
            ("add half of it", "The photographs bring all of the noise that there is to remove."),
        ],
    ),
    "psnr": dict(
        question=(
            "Gaussian noise with σ = 0.1 on images in [0, 1], not clipped. About what PSNR do the noisy images have?"
        ),
        right=("20 dB", "The squared error is σ² = 0.01 on average, and 10 log₁₀(1 / 0.01) = 20."),
        wrong=[
            (
                "10 dB",
                (
                    "That would be 10 log₁₀(1/σ), with the standard deviation; the formula has the "
                    "squared error, σ² on average."
                ),
            ),
            ("100 dB", "1/σ² is 100, but decibels are ten times its logarithm."),
        ],
    ),
    "identity": dict(
        question="On *clean* validation images, which of these networks has the smallest error?",
        right=("the one trained without noise", "It was asked for nothing but copies, and it has room for them."),
        wrong=[
            (
                "the one trained at σ = 0.5",
                ("It has never seen a clean image. It expects specks, and smooths away detail that it takes for them."),
            ),
            ("the one trained at σ = 1", "It expects noise everywhere and takes all fine detail for noise."),
        ],
    ),
    "walk": dict(
        question="A thousand points walk for a long time, without added noise. Where do they end?",
        right=(
            "on the crest of the density, a thin line",
            ("A walk uphill ends at the top. Only with noise added do the points spread as the density says."),
        ),
        wrong=[
            (
                "spread over the spiral as the noisy data are",
                (
                    "They end on the spiral, but not spread as the data are: nothing keeps them away "
                    "from the highest places."
                ),
            ),
            (
                "at their mean",
                ("Uphill means towards likely places, and at the mean of a spiral there may be nothing."),
            ),
        ],
    ),
    "descend": dict(
        question=(
            "Could we go from pure noise to the denoiser's guess in a single step, r(x, 3), with no levels between? "
            "The points would end …"
        ),
        right=(
            "close together, near the middle of the data",
            (
                "At σ = 3 a noisy point says little about where it came from, and the best guess is nearly the mean "
                "of all data. Only as the noise falls does a point decide for one place."
            ),
        ),
        wrong=[
            (
                "on the spiral, as with many steps",
                "The guess is a mean over all clean points that are possible. At σ = 3 that is nearly all of them.",
            ),
            (
                "where they are: the network sees only noise",
                "It does answer something: what has the least squared error, and that is not the noise.",
            ),
        ],
    ),
}

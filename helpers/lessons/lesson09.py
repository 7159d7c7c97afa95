"""Lesson 09, Sparse autoencoders: its settings by profile, and its questions."""

LECTURE = dict(
    n_valid=1_000,
    # the batch size: few images, as many steps for 8 as for 256
    n_few=1_024,
    steps=384,
    few_units=100,
    kinds=("divided again", "own means", "running means", "ℓ1"),
    # the sweep, where none is at hand
    n_sweep=9_000,
    sweep_epochs=2,
    probe=3_000,  # training images for the probe of the scoreboard
)
SMOKE = dict(
    n_train=300,
    n_valid=200,
    units=40,
    epochs=1,
    k=5,
    n_few=256,
    steps=16,
    few_units=20,
    kinds=("running means",),
    targets=(0.1,),
    weights=(0.0, 1e-3),
    n_sweep=200,
    sweep_epochs=1,
    probe=200,
)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=10, batch_size=256, peak=1e-2, sweep_epochs=6, probe=10_000)

QUIZZES = {
    "above": dict(
        question=(
            "The KL model will bring the mean activation of nearly every unit to 0.1. For one image, "
            "how many of its 300 units will then be above 0.1?"
        ),
        right=(
            "more than 30: many of them a little active",
            ("A mean of 0.1 can be a tenth of ones, or half of them at 0.2: the penalty only asks for the mean."),
        ),
        wrong=[
            (
                "about 30, a tenth",
                ("That would be so if every unit were either 0 or 1. Sigmoid units may be anything in between."),
            ),
            (
                "none: they are all at 0.1",
                (
                    "A unit that is always 0.1 satisfies the penalty, and tells nothing. The "
                    "reconstruction prevents that for most."
                ),
            ),
        ],
    ),
    "batch": dict(
        question=(
            "We train with the KL of each batch's own means, with batches of 8 and of 256, the same "
            "number of steps. With batches of 8 the activations will be …"
        ),
        right=(
            "less sparse: closer together",
            ("The only way to have the mean 0.1 in every batch of 8 is to be near 0.1 for every image."),
        ),
        wrong=[
            (
                "as with 256: a mean is a mean",
                ("A mean of 8 has far more scatter than one of 256, and the KL curves upwards: scatter costs."),
            ),
            (
                "more sparse: more units are silent",
                "To be silent for a whole batch is punished hard. That does not make units silent.",
            ),
        ],
    ),
    "unit": dict(
        question=(
            "We take an ordinary unit of the model without a penalty, and the eight images that "
            "excite it most. They will be …"
        ),
        right=(
            "often a mixture of kinds",
            "Not always. But a unit that takes part in everything seldom stands for something in particular.",
        ),
        wrong=[
            ("nearly always of one kind", "Nothing asked it to choose. Half of its units are active at any time."),
            (
                "eight times nearly the same image",
                ("It has 299 colleagues that share the work for every image, so no single one needs to be so narrow."),
            ),
        ],
    ),
}

"""Lesson 10, Variational autoencoder: its settings by profile, and its questions."""

LECTURE = dict(
    # images and measures; the numbers on the page are n_train, betas, sweep_epochs, sizes, seeds and n_judge
    n_valid=1_000,
    # the trainings of the large models, when their weights are not loaded
    epochs=12,
    batch_size=128,
    peak=8e-3,  # the highest learning rate
    # the importance-weighted bound: images and draws for each
    n_bound=200,
    draws=1_000,
)
SMOKE = dict(
    n_train=300,
    n_valid=200,
    epochs=1,
    betas=(0.3,),
    sweep_epochs=1,
    sizes=(30,),
    seeds=(42,),
    n_judge=100,
    n_bound=20,
    draws=10,
)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=25, batch_size=256, sweep_epochs=12, n_bound=1_000)

QUIZZES = {
    "draw": dict(
        question=(
            "We train the autoencoder of lesson 02 with 10 codings, draw 10 random numbers from N(0, "
            "1), and decode them. We get …"
        ),
        right=(
            "shapeless ghosts, and now and then something like a garment",
            "Random numbers mostly fall where the encoder never puts an image.",
        ),
        wrong=[
            (
                "new garments: the decoder has learned to paint nothing else",
                (
                    "It has learned to paint garments from the codings that its encoder makes. Nobody"
                    " told it what to do elsewhere."
                ),
            ),
            (
                "copies of training images: it has never seen any others",
                "It has seen many more images than it could remember (lesson 02), so it does not repeat them.",
            ),
        ],
    ),
    "beta": dict(
        question="We raise β from 0.03 to 30. What happens to the images that we sample from the prior?",
        right=(
            "they lose their differences, until little more than one grey blur is left",
            (
                "The more a nat costs, the fewer the model uses. If no coding says anything any more, "
                "the decoder can only answer with the mean image."
            ),
        ),
        wrong=[
            (
                "they become sharper and sharper, because the codings fit the prior better and better",
                "The codings fit the prior better, true. But what do they still tell the decoder?",
            ),
            (
                "nothing: β only changes the scale of the loss",
                "That would be so if it multiplied both parts. It multiplies one.",
            ),
        ],
    ),
}

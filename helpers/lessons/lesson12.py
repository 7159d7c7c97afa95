"""Lesson 12, Why GANs are hard to train: its settings by profile, and its questions."""

LECTURE = dict(
    steps=2_000,
    frames=10,
    seeds=(0, 1, 2),
    grid_steps=1_000,
    rates=(2.5e-4, 1e-3, 4e-3, 1.6e-2),
    curve_steps=1_800,
    n_train=9_000,
    epochs=10,
    film_frames=16,
    n_judge=2_000,
    image_seeds=(42, 43, 44),
)
SMOKE = dict(
    steps=20,
    grid_steps=10,
    frames=2,
    seeds=(0, 1),
    rates=(1e-3, 4e-3),
    curve_steps=72,
    n_train=300,
    epochs=1,
    film_frames=3,
    n_judge=100,
    image_seeds=(42,),
)
FULL = dict(steps=10_000, seeds=(0, 1, 2, 3, 4, 5, 6, 7), n_train=55_000)

QUIZZES = {
    "hills": dict(
        question="After 2,000 steps the points that the generator makes lie …",
        right=(
            "on one or a few hills at a time, and not for long on the same ones",
            "Yes. One good spot fools the discriminator best, until it has learned that spot.",
        ),
        wrong=[
            (
                "on all eight hills, about equally many on each",
                (
                    "That is what the theory of lesson 11 promises for a perfect discriminator at "
                    "every step. Ours is not perfect."
                ),
            ),
            (
                "in the middle of the ring, as a compromise between the hills",
                (
                    "That is what a squared error would do. The discriminator sees at once that there"
                    " are no real points in the middle."
                ),
            ),
        ],
    ),
    "bilinear": dict(
        question=("Both players take small gradient steps at the same time, starting at (1, 0). Where do they end?"),
        right=(
            "ever farther away from it",
            (
                "Yes. Each step goes along the tangent, so it ends outside the circle, and smaller "
                "steps only make that slower."
            ),
        ),
        wrong=[
            (
                "at the equilibrium (0, 0)",
                ("Nothing pulls them there: the direction is always at a right angle to the way to the equilibrium."),
            ),
            (
                "on a circle around it, for ever",
                (
                    "In tiny steps, yes, nearly. But a step along the tangent of a circle always ends"
                    " a little outside it."
                ),
            ),
        ],
    ),
    "rates": dict(
        question="Which of these pairs of learning rates will cover the most modes?",
        right=(
            "generator 0.001, discriminator 0.004",
            ("Yes. A discriminator that keeps up sees at once where the crowd is, and where real points are missed."),
        ),
        wrong=[
            (
                "generator 0.001, discriminator 0.00025",
                (
                    "This gives the generator a lead, and it already runs ahead of a discriminator "
                    "with a single hidden layer."
                ),
            ),
            ("both 0.001", "That is the plain setting that we have just seen."),
        ],
    ),
    "healthy": dict(
        question="Which run is the healthy one?",
        right=(
            "run 2: both losses stay near those of a draw, and so does what is recognised",
            (
                "Yes. Neither wins: the discriminator's loss stays near log 4, and it recognises "
                "somewhat more than half of both."
            ),
        ),
        wrong=[
            (
                "run 1: its losses stay near those of a draw, but for one jump",
                (
                    "By the losses alone it looks harmless. But of its fakes the discriminator "
                    "recognises all, then none, then all: they sit in one place and rush about."
                ),
            ),
            (
                "run 4: the discriminator's loss is the lowest of all",
                ("That is a discriminator that has won: it recognises everything, and the generator learns nothing."),
            ),
        ],
    ),
    "step-900": dict(
        question="What happened in run 3 at step {half}?",
        right=(
            "the generator began to make too large steps, and the balance was lost",
            "Yes: at this step somebody multiplied its learning rate by 40.",
        ),
        wrong=[
            (
                "nothing: losses of a GAN always jump about",
                (
                    "Compare with the same run before, and with run 2: this jump is of another kind, "
                    "and it does not come back."
                ),
            ),
            (
                "the discriminator won: the generator's gradients vanished",
                "Then the discriminator's loss would go to 0 and stay there, smoothly, as in run 4.",
            ),
        ],
    ),
    "images": dict(
        question=(
            "On the ring, a faster discriminator and a smaller β₁ did wonders. On Fashion-MNIST with "
            "dense networks they will …"
        ),
        right=(
            "I would rather see three seeds before I say anything",
            "Yes: that is the habit this lesson wants to teach.",
        ),
        wrong=[
            ("do wonders again", "Perhaps. The ratio that is right depends on both networks and on the data."),
            (
                "change little or make it worse",
                ("Perhaps. With twice as many layers as on the ring the discriminator may keep up by itself."),
            ),
        ],
    ),
}

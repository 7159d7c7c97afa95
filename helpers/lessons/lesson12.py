"""Lesson 12, Why GANs are hard to train: its settings by profile, and its questions."""

LECTURE = dict(
    # the ring
    frames=10,  # looks at each training
    grid_steps=1_000,
    rates=(2.5e-4, 1e-3, 4e-3, 1.6e-2),  # of the grid, for both networks
    curve_steps=1_800,  # of the four runs whose curves are read
    # the images
    film_frames=16,
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
        question="After 2,000 steps of the plain recipe the generated points lie …",
        right=(
            "on a few hills or between them, and they keep moving",
            "One good spot fools the discriminator best, until it has learned that spot.",
        ),
        wrong=[
            (
                "on all eight hills, about equally many on each",
                "Lesson 11 promises this for a perfect discriminator at every step. This one is not perfect.",
            ),
            (
                "in the middle, as a compromise between all hills",
                "A squared error would do that. The discriminator sees that no real points are in the middle.",
            ),
        ],
    ),
    "bilinear": dict(
        question="Both players take small gradient steps at the same time, starting at (1, 0). Where do they end?",
        right=(
            "nowhere: they move ever farther away from the equilibrium",
            "Each step goes along the tangent and ends outside the circle. Smaller steps only make it slower.",
        ),
        wrong=[
            (
                "at the equilibrium (0, 0)",
                "Nothing pulls them there: each step is at a right angle to the way to the equilibrium.",
            ),
            (
                "on a circle around it, for ever",
                "Nearly, if the steps are tiny. But a step along the tangent always ends a little outside the circle.",
            ),
        ],
    ),
    "rates": dict(
        question="Which of these pairs of learning rates will cover the most modes?",
        right=(
            "generator 0.001, discriminator 0.004",
            "A discriminator that keeps up sees at once where the crowd is, and where real points are missed.",
        ),
        wrong=[
            (
                "generator 0.001, discriminator 0.00025",
                "This gives the generator a lead, and it already runs ahead of a discriminator with one hidden layer.",
            ),
            ("generator 0.001, discriminator 0.001", "That is the plain recipe, which has just been seen to fail."),
        ],
    ),
    "healthy": dict(
        question="Which run is the healthy one?",
        right=(
            "run 2: both losses are steady from the start",
            "Neither wins: the discriminator's loss stays near log 4, and it recognises about six in ten of both.",
        ),
        wrong=[
            (
                "run 1: both losses stay close to where they began",
                (
                    "By the losses alone it looks harmless. But of its fakes the discriminator recognises all, then "
                    "none, then all: they sit in one place and move about."
                ),
            ),
            (
                "run 4: the discriminator's loss is the lowest",
                "That discriminator has won: it recognises everything, and the generator learns nothing.",
            ),
        ],
    ),
    "step-900": dict(
        question="What happened in run 3 at step {half}?",
        right=(
            "the generator's steps became too large",
            "At this step its learning rate was multiplied by 40, and the balance was lost.",
        ),
        wrong=[
            (
                "nothing: the losses of a GAN always jump about",
                "Compare it with run 2, and with itself before. This jump is larger, and the run does not recover.",
            ),
            (
                "the discriminator won, and the generator's gradients vanished",
                "Then the discriminator's loss would go smoothly to 0 and stay there, as in run 4.",
            ),
        ],
    ),
    "images": dict(
        question=(
            "On the ring, rates of 1 : 4 helped every seed, and β₁ = 0.9 did not help. On Fashion-MNIST with dense "
            "networks, which change alone will do more?"
        ),
        right=(
            "β₁ from 0.9 to 0.5, at equal rates",
            "The faster discriminator alone does not help here. What works on a toy has to be measured again.",
        ),
        wrong=[
            (
                "rates from 1 : 1 to 1 : 4, with β₁ = 0.9",
                "The ring suggests it. But here the table below shows no gain from it: the two intervals overlap.",
            ),
            ("both do about the same", "Compare the two columns of the table below, and then its two rows."),
        ],
    ),
}

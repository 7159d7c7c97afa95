"""Lesson 11, Generative adversarial network: its settings by profile, and its questions."""

LECTURE = dict(
    # the numbers on the page are n_train, moments, plane_moments, rate, short_epochs, seeds and n_judge
    # a classifier on the line finds p/(p + q): numbers of each kind, epochs
    n_points=20_000,
    classifier_epochs=12,
    # toys: looks at the value, steps and seeds of the race, steps of D alone
    looks=12,
    rounds=600,
    starts=3,
    head_starts=(0, 100, 300, 1_000),
    shapes=("ring", "spiral"),
    # the GAN on images, when its weights are not loaded
    epochs=60,
    batch_size=64,
    averaging=0.999,  # what the running average of the weights keeps in each step
    per_call=8,  # steps in one call of the compiled step
    # the film
    frames=20,
    film_codings=20,
    film_judged=500,
    # steps of each "find the bug"
    bug_steps=400,
)
SMOKE = dict(
    n_train=320,
    epochs=1,
    frames=3,
    film_judged=20,
    per_call=1,
    n_points=1_000,
    classifier_epochs=1,
    moments=(0, 5),
    looks=2,
    starts=1,
    plane_moments=(0, 5),
    rounds=5,
    head_starts=(0, 5),
    shapes=("ring",),
    bug_steps=8,
    short_epochs=1,
    seeds=(42,),
    n_judge=100,
)
FULL = dict(n_train=55_000, epochs=30, batch_size=128, short_epochs=6)

QUIZZES = {
    "source": dict(
        question="The generator never sees a real image. What does it learn from?",
        right=(
            "from how the discriminator's opinion changes with each pixel of the fake",
            (
                "This is the gradient of D's answer, one number for each pixel. "
                "What D has learned of real images is in it."
            ),
        ),
        wrong=[
            (
                "from the difference between its fake and the real image that is most like it",
                "That would be an autoencoder's way. Here nobody ever compares a fake with a real image.",
            ),
            (
                "from the discriminator's answer alone, a single number",
                "One number could not say which of 784 pixels to change. The gradient can.",
            ),
        ],
    ),
    "saturating": dict(
        question=(
            "Early in training every fake is seen through: D(G(z)) is about .001. Which loss gives "
            "the generator the stronger pull?"
        ),
        right=(
            "the non-saturating one",
            "−log D is steep where D is near 0. The worse the fake, the stronger the pull.",
        ),
        wrong=[
            (
                "the saturating one",
                ("log(1 − D) is flat where D is near 0: a little more or less belief hardly changes it."),
            ),
            (
                "both the same: each is a logarithm of D",
                "Each is a logarithm, but one is flat where the other is steep.",
            ),
        ],
    ),
    "value": dict(
        question=("The value V(D, G) during a training is −1.386 = −log 4, as at the equilibrium. What follows?"),
        right=(
            "nothing: the fakes may be perfect, or the detective may be asleep",
            "A D that always says ½ has V = −log 4, however bad the fakes are.",
        ),
        wrong=[
            (
                "the fakes are perfect, since V = −log 4 + 2 JSD and so the JSD must be 0",
                "That formula holds for the best D only. Ours is some network on its way.",
            ),
            ("the training has stopped", "Both networks may still be moving, in circles for example."),
        ],
    ),
    "range": dict(
        question="Images in [0, 1] beside a tanh generator in [−1, 1]. What will the discriminator look at?",
        right=(
            "the brightness of the whole image",
            (
                "The black of a real image is 0, the black of tanh is −1, and fresh fakes scatter around 0. "
                "One number for each image is enough."
            ),
        ),
        wrong=[
            ("the outlines of the garments", "There is something far simpler to look at."),
            (
                "nothing special: its first layer scales both alike",
                "It does, and so the difference between the two stays.",
            ),
        ],
    ),
}

"""Lesson 14, Wasserstein GAN with gradient penalty: its settings by profile, and its questions."""

LECTURE = dict(
    n_train=9_000,
    n_valid=1_000,
    points=200,
    toy_steps=800,
    deep_steps=200,
    depth=10,
    deep_width=32,
    live_maps=8,
    live_batch=32,
    live_rate=1e-3,
    live_epochs=11,
    gan_batch=64,
    gan_epochs=8,
    readings=500,
    codings=100,
    maps=32,
    part=64,
    critic_steps=5,
    peak=5e-4,
    averaging=0.995,
    epochs=3,
    frames=20,
    live_games=("GAN", "WGAN-GP"),
    cell_maps=8,
    cell_shown=27_000,
    cell_batch=32,
    cell_seeds=(42,),
    cells=3,
    n_judge=2_000,
)
SMOKE = dict(
    n_train=80,
    n_valid=100,
    points=24,
    toy_steps=4,
    deep_steps=2,
    depth=3,
    deep_width=4,
    live_maps=2,
    live_batch=8,
    live_epochs=3,
    gan_batch=40,
    gan_epochs=3,
    readings=60,
    codings=8,
    maps=2,
    part=8,
    epochs=3,
    frames=2,
    live_games=("GAN",),
    cell_maps=2,
    cell_shown=80,
    cell_batch=8,
    cells=0,
    n_judge=100,
)
FULL = dict(
    n_train=55_000,
    n_valid=5_000,
    epochs=18,
    readings=2_000,
    cell_maps=16,
    cell_shown=80_000,
    cell_seeds=(42, 43),
    cells=12,
)

QUIZZES = {
    "parting": dict(
        question=(
            "Real data: a bump of width 2 around 0. Fakes: the same bump around θ. The generator is "
            "bad, θ = 3, and improves to θ = 2.5. What do the distances between the two say?"
        ),
        right=(
            ("KL stays infinite, Jensen–Shannon stays at log 2, and the earth mover's distance falls by 0.5"),
            ("Yes. Two of them see only whether bumps overlap. The third one sees how far the earth must be carried."),
        ),
        wrong=[
            (
                "KL, Jensen–Shannon and the earth mover's distance all fall",
                "Lesson 11: JS is log 2 once two bumps are apart, and stays there. Can it then fall?",
            ),
            (
                "none of them changes: the bumps do not overlap, before or after",
                (
                    "True of two of them. But somebody who carries earth from one bump to the other "
                    "notices the shorter way."
                ),
            ),
        ],
    ),
    "unbounded": dict(
        question=(
            "We train a network to minimise this loss, and nothing else. The points do not move. "
            "Where does its estimate of the distance end?"
        ),
        right=(
            "nowhere: it grows without end",
            (
                "Yes. Twice the scores are twice the difference. Without a bound on the slope the "
                "estimate means nothing."
            ),
        ),
        wrong=[
            ("at the exact distance", "Read the condition in the formula again. Who takes care of it here?"),
            (
                "somewhat below it, since a network is not as free as f",
                (
                    "That would be so if the network were kept 1-Lipschitz. What hinders it from "
                    "multiplying all scores by 10?"
                ),
            ),
        ],
    ),
    "robust": dict(
        question=(
            "Each critic has been shown 100,000 real images, in batches of 50. How many steps has the"
            " generator had, in the plain GAN and in WGAN-GP with five critic steps for one?"
        ),
        right=(
            "2,000 and 400",
            (
                "Yes: 2,000 phases of the critic in both, and one phase of the generator for each of "
                "them, or for five. So WGAN-GP has to make up for fewer steps by better gradients. "
                "Which networks do you expect it to do so for?"
            ),
        ),
        wrong=[
            (
                "2,000 and 2,000",
                (
                    "That would be equal steps of the generator; but then WGAN-GP's critic would have"
                    " been shown five times as many."
                ),
            ),
            ("2,000 and 10,000", "It is the critic that takes five steps for one of the generator."),
        ],
    ),
    "hinge": dict(
        question=(
            "A perfect critic says D(x) = 3 and D(G(z)) = −3. What are the hinge loss, and the summary's version of it?"
        ),
        right=(
            "0 and 10",
            (
                "Yes. Both hinges are satisfied: max(0, 1 − 3) + max(0, 1 − 3) = 0. The product "
                "punishes the critic for being right, with 1 + 9."
            ),
        ),
        wrong=[
            ("0 and 0", "The product of 3 and −3 is −9. What is 1 − (−9)?"),
            ("8 and 10", "The hinge of the fake is max(0, 1 + D(G(z))), and 1 − 3 is below 0."),
        ],
    ),
}

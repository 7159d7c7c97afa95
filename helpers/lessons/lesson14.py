"""Lesson 14, Wasserstein GAN with gradient penalty: its settings by profile, and its questions."""

LECTURE = dict(
    # images
    n_train=9_000,
    n_valid=1_000,
    n_judge=2_000,  # for the figures at the end
    # critics of points through depth
    deep_steps=200,
    depth=10,
    deep_width=32,
    # the live trainings; points, toy_steps, codings, live_* and critic_steps stand on the page
    live_batch=32,  # of each phase of the critic
    gan_batch=64,
    gan_epochs=8,
    readings=500,  # images for the Fréchet distance of an epoch
    # the long training
    maps=32,
    part=64,  # images in a phase of the critic
    peak=5e-4,
    averaging=0.995,
    epochs=3,
    frames=20,
    # the table of games and networks, where it does not ship
    cell_maps=8,
    cell_shown=27_000,
    cell_batch=32,
    cell_seeds=(42,),
    cells=3,
)
SMOKE = dict(
    n_train=80,
    n_valid=100,
    n_judge=100,
    points=24,
    toy_steps=4,
    deep_steps=2,
    depth=3,
    deep_width=4,
    codings=8,
    live_maps=2,
    live_batch=8,
    live_epochs=3,
    gan_batch=40,
    gan_epochs=3,
    readings=60,
    maps=2,
    part=8,
    epochs=3,
    frames=2,
    cell_maps=2,
    cell_shown=80,
    cell_batch=8,
    cells=1,
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
            "KL stays infinite, Jensen–Shannon stays at log 2, the earth mover's distance falls by 0.5",
            "Two of them see only whether the bumps overlap. The third one sees how far the earth must be carried.",
        ),
        wrong=[
            (
                "KL, Jensen–Shannon and the earth mover's distance all fall, and each of them by another amount",
                "Lesson 11: JS is log 2 once two bumps have parted, and stays there. Can it then fall?",
            ),
            (
                "none of them changes: the bumps do not overlap, before or after",
                "True of two of them. But whoever carries earth from one bump to the other notices the shorter way.",
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
            "Twice the scores are twice the difference. Without a bound on the slope the estimate means nothing.",
        ),
        wrong=[
            ("at the exact distance", "Read the condition in the formula again. Who takes care of it here?"),
            (
                "somewhat below it, since a network is not as free as f",
                "That would be so if the network were kept 1-Lipschitz. What stops it from multiplying them by 10?",
            ),
        ],
    ),
    "robust": dict(
        question=(
            "Each critic has been shown 100,000 real images, in batches of 50. How many steps has the "
            "generator had, in the plain GAN and in WGAN-GP with five critic steps for one?"
        ),
        right=(
            "2,000 and 400",
            (
                "Both have 2,000 phases of the critic. There is one phase of the generator for each of them in the "
                "plain GAN, and for five of them in WGAN-GP. So WGAN-GP has to make up for fewer steps by better "
                "gradients. With which networks do you expect that?"
            ),
        ),
        wrong=[
            (
                "2,000 and 2,000",
                "These would be equal steps of the generator; but then WGAN-GP's critic would have seen more images.",
            ),
            ("2,000 and 10,000", "It is the critic that takes five steps for one of the generator."),
        ],
    ),
    "hinge": dict(
        question=(
            "A perfect critic says D(x) = 3 and D(G(z)) = −3. What are the hinge loss and the version with the product?"
        ),
        right=(
            "0 and 10",
            (
                "Both hinges are satisfied: max(0, 1 − 3) + max(0, 1 − 3) = 0. The product "
                "punishes the critic for being right, with 1 + 9."
            ),
        ),
        wrong=[
            ("0 and 0", "The product of 3 and −3 is −9. What is 1 − (−9)?"),
            ("8 and 10", "The hinge of the fake is max(0, 1 + D(G(z))), and 1 − 3 is below 0."),
        ],
    ),
}

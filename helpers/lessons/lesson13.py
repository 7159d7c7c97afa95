"""Lesson 13, DCGAN: its settings by profile, and its questions."""

LECTURE = dict(
    # images
    n_train=9_000,
    n_valid=1_000,
    # the long trainings; the weights that ship are those of the full profile
    batch_size=64,
    averaging=0.999,  # of the generator's weights
    epochs=1,
    kept=2_000,  # images in the replay buffer
    frames=20,  # of the film
    # the short trainings
    live_batch=64,
    bug_epochs=3,
    # the table of the guidelines
    ablation_seeds=(42,),
    ablation_epochs=1,
    ablation_maps=8,
    ablation_n=9_000,
    variants=11,
    # looking inside
    n_probe=1_000,  # labelled images of each draw
    probes=5,  # draws
    n_steer=8,  # codings at which directions are measured
)
SMOKE = dict(
    n_train=192,
    n_valid=100,
    codings=10,
    maps=2,
    epochs=1,
    kept=64,
    live_maps=2,
    live_epochs=1,
    bug_epochs=1,
    ablation_maps=2,
    ablation_n=64,
    variants=2,
    n_judge=100,
    n_probe=90,
    probes=2,
    n_steer=1,
    frames=2,
)
FULL = dict(n_train=55_000, n_valid=5_000, epochs=18, ablation_seeds=(42, 43, 44), ablation_epochs=5)

QUIZZES = {
    "shift": dict(
        question=(
            "We move a garment by two pixels. What happens to the outputs of an untrained first layer, dense or "
            "convolutional (stride 2)?"
        ),
        right=(
            "the dense layer's outputs change; those of the convolution move along by one place",
            (
                "The convolution has the same weights at every place. So what moves in the picture moves in the maps, "
                "by half as much at stride 2."
            ),
        ),
        wrong=[
            (
                "both change altogether: the pixels have changed, and nothing is learned yet",
                "True of one of them. The other has the same weights at every place, before any training.",
            ),
            (
                "the dense layer's outputs change; those of the convolution stay where they are",
                "Almost. Where do the same weights now find the same sleeve?",
            ),
        ],
    ),
    "guidelines": dict(
        question=(
            "One guideline is taken away at a time, and everything else stays. What do you expect of the Fréchet "
            "distances, beside those of the full list?"
        ),
        right=(
            "some are much higher, some about equal, at least one lower",
            "Rules of thumb are worth measuring. Look at the spread over the seeds before you believe a difference.",
        ),
        wrong=[
            (
                "all are clearly higher, or the rule would not be on the list",
                (
                    "The list was found with larger networks, larger images and longer trainings. Here one rule "
                    "clearly costs something, and for others three seeds show no difference."
                ),
            ),
            (
                "all are about equal: with enough training any network learns",
                "These trainings are short. And in a game one side can lose for good, however long it lasts.",
            ),
        ],
    ),
}

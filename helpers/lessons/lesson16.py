"""Lesson 16, StyleGAN: its settings by profile, and its questions."""

LECTURE = dict(
    # data and figures
    n_train=9_000,
    n_judge=2_000,  # new images for the figures of the scoreboard
    n_path=600,  # paths for the path length
    n_walk=200,  # of them, those that are searched for a third class
    n_apart=3_000,  # images for linear separability
    n_trade=1_000,  # images for each degree of truncation
    rows=3,  # of the mixing board
    columns=6,
    # the long training: networks and game
    codings=128,
    widths=(128, 64, 32, 16),
    batch_size=32,
    rate=1e-3,
    r1=10.0,
    r1_every=8,
    averaging=0.999,
    # … its plan, if there are no weights to load
    stages=4,
    fade=1,
    steady=1,
    last=1,
    n_long=32,
    n_read=500,
    frames=4,
    eagerly=True,  # compiling does not pay for a few steps
    # your own StyleGAN
    live_codings=32,
    live_rate=2e-3,
    live_eagerly=False,
    # from ProGAN to StyleGAN, if there are no figures to load
    ablation=("A  ProGAN", "F  + mixing"),
    ablation_seeds=(42,),
    ablation_widths=(64, 32, 16),
    ablation_codings=64,
    ablation_n=64,
    ablation_last=1,
    ablation_pairs=200,
)
SMOKE = dict(
    n_train=64,
    codings=8,
    widths=(4, 4, 2, 2),
    batch_size=8,
    stages=2,
    n_long=8,
    n_read=20,
    frames=2,
    live_widths=(4,),
    live_codings=4,
    live_n=8,
    live_epochs=1,
    live_eagerly=True,
    n_judge=40,
    n_swap=20,
    n_path=10,
    n_walk=4,
    n_apart=60,
    n_trade=20,
    psi=(0.5, 1.0),
    rows=2,
    columns=2,
    ablation=("F  + mixing",),
    ablation_widths=(4,),
    ablation_codings=4,
    ablation_n=8,
    ablation_pairs=5,
)
FULL = dict(
    n_train=55_000,
    last=4,
    n_long=55_000,
    n_read=1_000,
    frames=18,
    eagerly=False,
    ablation=(
        "A  ProGAN",
        "B  + blurred up and down",
        "C  + mapping and styles",
        "D  + learned constant",
        "E  + noise",
        "F  + mixing",
    ),
    ablation_seeds=(42, 43),
    ablation_n=9_000,
    ablation_last=2,
    ablation_pairs=1_000,
)

QUIZZES = {
    "constant": dict(
        question=(
            "The generator at the right begins with the same constant for every image. How can its "
            "images differ at all?"
        ),
        right=(
            "by the styles: they scale and shift the maps of each layer, differently for each image",
            "The paper found that nothing is lost when the coding no longer enters at the bottom.",
        ),
        wrong=[
            (
                "by the noise alone: before it comes in, all images are the same, and chance makes the difference",
                (
                    "Noise is added, too. But it has no memory: what it does to one pixel it does not"
                    " do to the next. Would it make a boot?"
                ),
            ),
            ("the constant is learned anew for each image", "It is a weight like any other: one for all images."),
        ],
    ),
    "mixing": dict(
        question=(
            "A boot gives the styles of the coarse layers (4 × 4, 8 × 8), a bright pullover those of "
            "the fine ones (32 × 32). The image is …"
        ),
        right=(
            "a boot, with most of the brightness of the pullover",
            "So it is if coarse layers decide about shape and fine ones about light. That will be measured.",
        ),
        wrong=[
            (
                "half boot, half pullover: each fades into the other, as in a mean of two images",
                ("That is what the mean of two images looks like, or of two styles. Here no layer gets a mixture."),
            ),
            (
                "a pullover, since the last layers paint last",
                (
                    "The last layers paint last, but what they paint on has a shape already: they can"
                    " only change its looks."
                ),
            ),
        ],
    ),
    "control": dict(
        question=(
            "A linear classifier tells the classes better from W than from Z. Is this the merit of the mapping network?"
            " A control: the same network before its training, with random weights. How well will the classifier do"
            " on its outputs?"
        ),
        right=(
            "nearly as well as on W",
            "Its learning rate is a hundredth of the others', so it hardly moves. Who has learned, then?",
        ),
        wrong=[
            (
                "as on Z: a network that has learned nothing yet cannot part the classes any better",
                "The images are those of a generator that was trained on top of this network. Has it adapted?",
            ),
            (
                "not at all: random layers scramble the codings",
                "They do, as another random network will show. But this one was there all through the training.",
            ),
        ],
    ),
    "truncation": dict(
        question="ψ goes from 1 down to 0. What happens to the Fréchet distance?",
        right=(
            "in the end it rises far: variety is lost",
            "A generator whose poor images are many may gain a little from a ψ just below 1.",
        ),
        wrong=[
            (
                "it falls all the way, since single images become better and better",
                (
                    "Single images do become safer. But the distance compares whole distributions: "
                    "what does a set of equal images look like to it?"
                ),
            ),
            (
                "it stays, since quality and variety make up for each other",
                "They trade, but not one for one. The curves come next.",
            ),
        ],
    ),
    "ablation": dict(
        question=(
            "Six networks from ProGAN to StyleGAN, each with one change more, on small grey garments. "
            "What do you expect of the Fréchet distance?"
        ),
        right=(
            "one simple step helps most; the others change little, or cost something",
            "Which one is the simple step? And look at the range over the seeds before you believe a small difference.",
        ),
        wrong=[
            (
                "it falls with every step, as in the table of the paper, where each row is better than the one above",
                (
                    "The paper's steps were found on faces of 1024 × 1024 pixels, where there is hair"
                    " for the noise to make. And even there, mixing cost a little on one data set."
                ),
            ),
            ("no change: all six play the same game", "The game is the same; the players are not."),
        ],
    ),
}

"""Lesson 15, Progressive growing: its settings by profile, and its questions."""

LECTURE = dict(
    # images
    n_train=9_000,
    n_valid=1_000,
    n_judge=2_000,  # for the figures at the end
    # the live trainings; live_codings, live_widths, live_n, live_batch, live_rate, live_last, fade and steady stand on
    # the page
    live_frames=22,
    live_averaging=0.95,
    shown=20,  # images in a film
    # the moment of growth
    moment_widths=(24, 16),
    moment_n=1_920,
    moment_epochs=2,
    moment_steps=60,
    # Adam's steps, and the minibatch deviation of real images
    adam_steps=5,
    adam_batch=16,
    draws=40,
    sets=3,  # of images, for the distance at each scale
    # the longer training
    codings=128,
    widths=(128, 64, 32, 16),
    batch_size=32,
    rate=1e-3,
    averaging=0.999,
    last=1,
    n_long=320,
    frames=14,
    n_watch=200,
    # growing against its alternatives, where it does not ship
    trial_seeds=(42,),
    trial_ways=2,
    trial_n=320,
    trial_widths=(32, 24, 16, 8),
    trial_last=2,
    trial_watch=500,
    eagerly=False,  # whether training steps run uncompiled: that pays where a stage has one step only
)
SMOKE = dict(
    n_train=192,
    n_valid=100,
    n_judge=100,
    live_codings=6,
    live_widths=(4, 3),
    live_n=4,
    live_batch=4,
    live_last=1,
    live_frames=3,
    moment_widths=(4, 3),
    moment_n=4,
    moment_epochs=1,
    moment_steps=1,
    adam_steps=1,
    adam_batch=4,
    draws=2,
    sets=1,
    codings=6,
    widths=(4, 3),
    batch_size=4,
    n_long=4,
    frames=3,
    n_watch=20,
    trial_ways=1,
    trial_n=4,
    trial_widths=(3, 2),
    trial_last=1,
    trial_watch=20,
    eagerly=True,
)
FULL = dict(
    n_train=55_000,
    n_valid=5_000,
    last=4,
    n_long=55_000,
    frames=29,
    n_watch=2_000,
    trial_seeds=(42, 43),
    trial_ways=3,
    trial_n=9_000,
    trial_last=2,
    trial_watch=2_000,
)

QUIZZES = {
    "cost": dict(
        question=(
            "One step of training with images of 4 × 4 pixels, one with as many of 32 × 32: how much more "
            "does the larger one cost?"
        ),
        right=(
            "several times as much, since the work is in the places where kernels are applied",
            "Places grow by four with each stage, maps become fewer, and each step has a fixed cost. We shall measure.",
        ),
        wrong=[
            (
                "about the same, since most of the weights are in the layers near 4 × 4",
                (
                    "That is where the weights are. But a layer's work is weights × places, and the "
                    "places grow by four with each stage."
                ),
            ),
            (
                "64 times as much, since it has 64 times the pixels",
                (
                    "That would be so if the small layers were free and every layer had as many maps. "
                    "Large layers have few maps."
                ),
            ),
        ],
    ),
    "jolt": dict(
        question=(
            "Untrained layers go behind a trained generator, and others before its trained critic. "
            "What happens at that step?"
        ),
        right=(
            "images become noise, scores arbitrary, and gradients disturb the old layers, too",
            "What was learned is still in there, but both networks must first find it again.",
        ),
        wrong=[
            (
                "nothing much, since the old layers still do what they have learned",
                (
                    "They do. But their output is now the input of layers that have learned nothing, "
                    "and those have the last word."
                ),
            ),
            (
                "the training stops, since the shapes no longer fit",
                "The shapes fit. It is what the layers do that does not.",
            ),
        ],
    ),
    "adam": dict(
        question=(
            "Ordinary weights, Adam with rate .001. Layer A has one input for each unit (weights of "
            "about 1.4), layer B has 2,048 (weights of about .03). Which layer changes faster?"
        ),
        right=(
            "B: its weights are smaller, and the steps are as large",
            (
                "A step of .001 is three percent of its weights. For A it is not even a thousandth. Equal steps mean "
                "unequal changes: a rate that is right for A is too fast for B, and one that is right for B is too "
                "slow for A."
            ),
        ),
        wrong=[
            (
                "A: larger weights have larger gradients, so they take larger steps",
                "Adam divides the size of the gradients away. What is the same for both is the step.",
            ),
            (
                "both alike, since Adam makes all steps equal",
                "It makes equal *steps*. How large is a step beside the weight that it moves?",
            ),
        ],
    ),
    "worth": dict(
        question=(
            "Small networks, 32 × 32 pixels. Who is ahead after the same *number of training images*, "
            "who after the same *time*?"
        ),
        right=(
            "full size by images, growing by time",
            (
                "A fair guess: growing has cheap steps, but in many of them the fine layers "
                "learn nothing. The figures must tell."
            ),
        ),
        wrong=[
            (
                "growing in both: it is the better way to learn",
                (
                    "That is what the paper reports at 1024 × 1024. But 32 × 32 has three growths "
                    "only, and a critic copes with it at once."
                ),
            ),
            (
                "neither: in the end the networks are the same",
                "The same networks, but trained on other things at other times. It is worth a look.",
            ),
        ],
    ),
}

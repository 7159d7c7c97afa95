"""The checks of lesson 15, progressive growing: fade-in and timetable; those of the others lie beside it."""

import functools
import numbers

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.compiled import compiled, trains
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting


@exercise(
    "15.1",
    "Fade in",
    reference="helpers.gans.progan.layers:fade_in",
    minutes=10,
    difficulty=1,
    hints=(
        "Two steps: first make the smaller image as large as the other one, then mix the two.",
        "ops.repeat(smaller, 2, axis=1) makes it twice as high; the same along axis 2 makes it twice as wide. The "
        "weights of the mixture are 1 − α for the old image and α for the new one.",
        "enlarged = ops.repeat(ops.repeat(smaller, 2, axis=1), 2, axis=2); return (1 - alpha) * enlarged + alpha * "
        "larger",
    ),
)
def check_fade_in(answer, seed):
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    smaller = rng.normal(size=(3, 2, 3, 2)).astype("float32")
    larger = rng.normal(size=(3, 4, 6, 2)).astype("float32")
    square = np.kron(smaller, np.ones((1, 2, 2, 1)))
    holes = np.zeros_like(square)
    holes[:, ::2, ::2] = smaller
    smooth = np.asarray(keras.ops.image.resize(smaller, (4, 6), interpolation="bilinear"))
    cubic = np.asarray(keras.ops.image.resize(smaller, (4, 6), interpolation="bicubic"))
    halved = larger.reshape(3, 2, 2, 3, 2, 2).mean(axis=(2, 4))
    given = tf.constant(smaller), tf.constant(larger)
    for alpha in (float(rng.uniform(0.15, 0.4)), 0.0, 1.0):
        old, new = 1 - alpha, alpha
        close(
            _mixed(answer, *given, alpha),
            old * square + new * larger,
            f"the mixture for α = {alpha:.2f}",
            look="(1 − α) of the enlarged old image, and α of the new one",
            rtol=1e-4,
            mistakes={
                "α is the wrong way round: at α = 0 nothing of the new image may be seen": alpha * square
                + old * larger,
                "the small image is repeated as a whole, like tiles; each pixel must become a square of four: "
                "ops.repeat, not ops.tile": old * np.tile(smaller, (1, 2, 2, 1)) + new * larger,
                "the two images are added up without weights": square + larger,
                "half of each, whatever α is": 0.5 * square + 0.5 * larger,
                "the old image keeps its full weight; it is 1 − α": square + new * larger,
                "the new image has its full weight from the beginning; it is α": old * square + larger,
                "only the new image; α mixes the two, it does not switch": larger,
                "only the old image; α mixes the two, it does not switch": square,
                "enlarged with holes: the value belongs into all four pixels of its square": old * holes + new * larger,
                "enlarged smoothly (bilinear); here each pixel becomes a square of four equal ones": (
                    old * smooth + new * larger
                ),
                "the new image was halved; the old one is to be enlarged": old * smaller + new * halved,
                "the weights are squared": old**2 * square + new**2 * larger,
                "the pixels were multiplied by 4 when they were enlarged: a square of four equal ones": (
                    4 * old * square + new * larger
                ),
                "enlarged smoothly (bicubic); here each pixel becomes a square of four equal ones": (
                    old * cubic + new * larger
                ),
                "rows and columns of the old image are turned upside down": old * square[:, ::-1] + new * larger,
                "the images are mixed with roots of the weights; the weights themselves are asked for": (
                    np.sqrt(old) * square + np.sqrt(new) * larger
                ),
            },
        )
    trains(
        lambda small, large: answer(small, large, 0.3), (smaller, larger),
        lambda small, large: 0.7 * small.repeat(2, axis=1).repeat(2, axis=2) + 0.3 * large, "the mixture",
    )  # fmt: skip
    alpha = keras.Variable(0.0, dtype="float32")
    step = compiled(lambda small, large: answer(small, large, alpha), *given, unknown_batch=True)
    for value in (0.0, 0.25):
        alpha.assign(value)
        close(
            step(*given), (1 - value) * square + value * larger, f"the mixture inside a compiled step, α = {value:g}",
            look="α is a variable that rises while the compiled step stays the same: compute with it, and do not "
            "turn it into a number", rtol=1e-4,
        )  # fmt: skip


def _mixed(answer, smaller, larger, alpha):
    """The answer's mixture; NotYet where the two images do not fit each other."""
    import tensorflow as tf

    try:
        return answer(smaller, larger, alpha)
    except (tf.errors.InvalidArgumentError, ValueError) as error:
        if not any(word in str(error).lower() for word in ("incompatible", "broadcast", "dimensions", "shape")):
            raise
        raise NotYet(
            got="two images of different sizes where they are added up",
            expected=f"{tuple(larger.shape)} for both",
            look="the old one must become twice as high and twice as wide: height is axis 1, width is axis 2, and the "
            "channels, axis 3, stay",
        ) from None


@exercise(
    "15.3",
    "The timetable",
    reference="helpers.gans.progan.gan:stage_at",
    minutes=15,
    difficulty=2,
    hints=(
        "Three cases: still at 4 × 4; somewhere in between; over. Draw the parts of a plan of three stages on a line.",
        "After the first `steady` epochs everything repeats with the length fade + steady. divmod(epoch - steady, "
        "fade + steady) gives how many of these are over, and how far we are into the next one.",
        "further, rest = divmod(epoch - steady, fade + steady); the stage is int(further) + 1, and α is "
        "min(1.0, rest / fade). Before that: epoch < steady gives (0, 1.0). And further + 1 >= stages "
        "gives (stages - 1, 1.0).",
    ),
)
def check_stage_at(answer, seed):
    rng = np.random.default_rng(seed)
    plans = [(4, 1, 1), (3, 2, 1), (3, 1, 3), (1, 2, 2), (2, 4, 2), tuple(int(n) for n in rng.integers(2, 5, 3))]
    cases = [(eighth / 8, *plan) for plan in plans for eighth in range(8 * (plan[2] + plan[0] * sum(plan[1:])) + 9)]
    right = [_walk(*case) for case in cases]
    got = [_pair(answer(*case), case) for case in cases]
    meaning = first_fitting(np.array(got), np.array(right), lambda: {
        name: np.array([wrong(*case) for case in cases]) for name, wrong in WRONG_TIMES.items()
    })  # fmt: skip
    if np.allclose(got, right):
        return
    place = next(i for i, pair in enumerate(got) if not np.allclose(pair, right[i]))
    raise NotYet(
        got=_said(got[place], cases[place]),
        expected=_words(right[place]),
        look=meaning
        or "draw the parts of this plan on a line: steady, then fade and steady again and again. Where are we?",
    )


def _walk(epoch, stages, fade, steady):
    """(stage, α) by walking through the plan in eighths of an epoch, as one would with a finger."""
    way = _way(stages, fade, steady)
    return way[min(int(round(8 * epoch)), len(way) - 1)]


@functools.cache
def _way(stages, fade, steady):
    """(stage, α) at every eighth of an epoch of a plan; the last entry is the end."""
    way = [(0, 1.0)] * (8 * steady)
    for stage in range(1, stages):
        way += [(stage, eighth / (8 * fade)) for eighth in range(8 * fade)] + [(stage, 1.0)] * (8 * steady)
    return [*way, (stages - 1, 1.0)]


def _with(change, right=_walk):
    """The walk with its outcome changed: (stage, α, where we are in the stage, case) → (stage, α)."""

    def wrong(epoch, stages, fade, steady):
        stage, alpha = right(epoch, stages, fade, steady)
        return change(stage, alpha, epoch, stages, fade, steady)

    return wrong


def _rest(epoch, stages, fade, steady):
    """Epochs since the present stage began to fade in (for stages from 1 on, within the plan)."""
    return (epoch - steady) % (fade + steady)


def _over(epoch, stages, fade, steady):
    return epoch >= steady + (stages - 1) * (fade + steady)


def _fading(stage, alpha):
    return stage > 0 and alpha < 1


WRONG_TIMES = {
    "α falls here; it must rise from 0 to 1 while a stage fades in": _with(
        lambda s, a, e, n, f, t: (s, 1 - a if s and not _over(e, n, f, t) and _rest(e, n, f, t) < f else a)
    ),
    "α is 1 all the time: nothing fades in": _with(lambda s, a, *case: (s, 1.0)),
    "after the fade-in α must stay at 1": _with(
        lambda s, a, e, n, f, t: (s, 0.0 if s and not _over(e, n, f, t) and _rest(e, n, f, t) >= f else a)
    ),
    "α goes beyond 1 after the fade-in: keep it at 1 there": _with(
        lambda s, a, e, n, f, t: (s, _rest(e, n, f, t) / f if s and not _over(e, n, f, t) else a)
    ),
    "stage 0 does not fade in: there is nothing before it, and α is 1": _with(
        lambda s, a, e, n, f, t: (s, min(1.0, e / f) if s == 0 and not _over(e, n, f, t) else a)
    ),
    "α rises over the whole stage; it has reached 1 after `fade` epochs": _with(
        lambda s, a, e, n, f, t: (s, _rest(e, n, f, t) / (f + t) if s and not _over(e, n, f, t) else a)
    ),
    "fade and steady are exchanged": lambda e, n, f, t: _walk(e + f - t, n, t, f) if e >= t else (0, 1.0),
    "fade and steady are exchanged, in the first part, too": lambda e, n, f, t: _walk(e, n, t, f),
    "when the plan is over the stage must not go on rising: there are only `stages` of them": _with(
        lambda s, a, e, n, f, t: (s, a) if not _over(e, n, f, t) else _walk(e, n + 3, f, t)
    ),
    "the stage changes when its fade-in begins, not when it ends": _with(
        lambda s, a, *case: (s - 1 if _fading(s, a) else s, a)
    ),
    "only whole epochs count here, so α moves in jumps: do not round the epoch": lambda e, n, f, t: _walk(
        np.floor(e), n, f, t
    ),
    "the first `steady` epochs at 4 × 4 are forgotten": lambda e, n, f, t: _walk(e + t, n, f, t),
    "a stage begins with its first moment: at `steady` the next one is there, with α = 0 (<, not <=)": _with(
        lambda s, a, e, n, f, t: (0, 1.0) if e == t and n > 1 else (s, a)
    ),
    "a stage begins with its first moment, with α = 0: at these moments you are still in the stage before": _with(
        lambda s, a, e, n, f, t: (s - 1, 1.0) if s and a == 0 else (s, a)
    ),
    "the last stage's fade-in is left out: it is over only when the whole plan is": _with(
        lambda s, a, e, n, f, t: (s, 1.0) if s == n - 1 else (s, a)
    ),
    "α is 1 one epoch early: it takes `fade` epochs to rise, not fade − 1": _with(
        lambda s, a, e, n, f, t: (s, min(1.0, _rest(e, n, f, t) / max(f - 1, 1)) if s and not _over(e, n, f, t) else a)
    ),
    "α begins above 0: at the first moment of a stage it is 0, so rest / fade and not (rest + 1) / fade": _with(
        lambda s, a, e, n, f, t: (s, min(1.0, (_rest(e, n, f, t) + 1) / f) if s and not _over(e, n, f, t) else a)
    ),
    "α is a whole number here: divide with /, not with //": _with(lambda s, a, *case: (s, float(int(a)))),
    "α does not rise in a straight line": _with(lambda s, a, *case: (s, a * a)),
    "α eases in and out; it must rise in a straight line": _with(lambda s, a, *case: (s, a * a * (3 - 2 * a))),
    "stages are counted from 0": _with(lambda s, a, *case: (s + 1, a)),
    "one stage too low: after the first `steady` epochs stage 1 begins": lambda e, n, f, t: (
        max(0, _walk(e, n + 1, f, t)[0] - 1),
        _walk(e, n + 1, f, t)[1],
    ),
    "stage 0 has nothing to fade in from: α is 1 there": _with(
        lambda s, a, *case: (s, a if s or _over(*case) else 0.0)
    ),
    "when the plan is over the stage is the last one, and stages are counted from 0: stages − 1": _with(
        lambda s, a, *case: (s + 1 if _over(*case) else s, a)
    ),
    "when the plan is over α stays at 1: here the last stage goes on fading in, again and again": _with(
        lambda s, a, e, n, f, t: (s, min(1.0, _rest(e, n, f, t) / f) if _over(e, n, f, t) and e >= t else a)
    ),
    "in each further stage the fade-in comes first, and the steady epochs after it": _with(
        lambda s, a, e, n, f, t: (s, max(0.0, (_rest(e, n, f, t) - t) / f) if s and not _over(e, n, f, t) else a)
    ),
    "α falls from 1 to 0, and stays there; it must rise from 0 to 1, and stay there": _with(
        lambda s, a, e, n, f, t: (s, max(0.0, 1 - _rest(e, n, f, t) / f) if s and not _over(e, n, f, t) else a)
    ),
    "stage 0 is shorter than the others: it has `steady` epochs, and no fade-in": lambda e, n, f, t: (
        (min(int(e // (f + t)), n - 1), 1.0 if e < f + t or e >= n * (f + t) else min(1.0, e % (f + t) / f))
    ),
}


def _pair(value, case):
    """(stage, α) as numbers; NotYet for anything that is no such pair."""
    require(
        isinstance(value, tuple | list) and len(value) == 2,
        got=f"{type(value).__name__} from stage_at{case}",
        expected="two values, (stage, α)",
        look="return stage, alpha",
    )
    stage, alpha = value
    for part, what in ((stage, "the stage"), (alpha, "α")):
        require(
            isinstance(part, numbers.Real) and not isinstance(part, bool),
            got=f"{type(part).__name__} as {what}",
            expected="a number",
            look="return stage, alpha",
        )
    require(
        isinstance(stage, numbers.Integral),
        got=f"stage {stage!r}",
        expected="a whole number, such as 2",
        look="the networks use it as a place in a list: int(…)",
    )
    return float(stage), float(alpha)


def _words(pair):
    return f"stage {pair[0]:g}, α = {pair[1]:.4g}"


def _said(pair, case):
    epoch, stages, fade, steady = case
    return f"{_words(pair)} after {epoch:g} epochs of a plan with {stages} stages, fade {fade}, steady {steady}"

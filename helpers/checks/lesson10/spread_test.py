"""The check of exercise 10.7: a test of sampling layers, tried on right and on wrong ones."""

import numpy as np

from helpers.exercises.assertions import NotYet, require
from helpers.exercises.registry import exercise

REPEATS = 8
ENOUGH = 5_000  # draws with which a standard deviation is known to one percent


@exercise(
    "10.7",
    "Write the test",
    reference="helpers.autoencoders.vae.measures:spread_is_right",
    minutes=15,
    difficulty=2,
    seconds=30.0,
    hints=(
        "At γ = 0 the right and the wrong formula agree. At which γ do they not? Draw many codings there and look at "
        "their spread.",
        "A measured standard deviation is never exact: with n draws it is off by about σ/√(2n). Draw tens of "
        "thousands and "
        "allow a few percent. And test more than one γ.",
        "for gamma in (-2.0, 0.0, np.log(4)): z = np.asarray(sampling([np.zeros((50_000, 1), 'float32'), "
        "np.full((50_000, "
        "1), gamma, 'float32')])); compare z.std() with np.exp(gamma / 2), to within 5 %.",
    ),
)
def check_test(answer, seed):
    import keras
    from keras import ops

    from helpers.autoencoders.vae.model import Sampling

    keras.utils.set_random_seed(seed)
    right = [
        Watched("the layer of the workbook", None, Sampling(seed=seed)),
        Watched("a layer that takes √exp(γ)", lambda g: ops.sqrt(ops.exp(g))),
    ]
    wrong = [
        Watched("a layer that takes exp(γ) for the spread", ops.exp),
        Watched("a layer that adds no noise at all", ops.zeros_like),
        Watched("a layer whose spread is 1 whatever γ is", ops.ones_like),
        Watched("a layer that takes exp(−γ/2)", lambda g: ops.exp(-g / 2)),
        Watched(
            "a layer that is right for γ ≥ 0 and takes exp(γ) below", lambda g: ops.exp(ops.where(g < 0, g, g / 2))
        ),
        Watched(
            "a layer that is right for γ ≤ 0 and takes exp(γ) above", lambda g: ops.exp(ops.where(g > 0, g, g / 2))
        ),
        Watched("a layer whose spread is a third too large for every γ", lambda g: 1.33 * ops.exp(g / 2)),
        Watched("a layer whose spread is a third too small for every γ", lambda g: 0.67 * ops.exp(g / 2)),
    ]
    for repeat in range(REPEATS):
        for layer in right:
            _accepts(answer, layer, repeat)
    for layer in wrong:
        _refuses(answer, layer)


def _accepts(answer, layer, repeat):
    if _verdict(answer(layer)):
        return
    require(layer.asked, got=f"False for {layer.name}, without a call of it", expected="True: it is right",
            look="call sampling([mean, log_var]) and look at the spread of what comes out")  # fmt: skip
    rows = min(n for _, n in layer.asked)
    if rows >= ENOUGH and repeat == 0:
        look = (
            f"{rows} codings are enough: what do you compare their spread with, and which way round? It should be "
            "exp(γ/2), to a few percent: more is asked of no measured spread. All codings that are measured together "
            "need the same mean and the same γ"
        )
    elif rows >= ENOUGH:
        look = f"it passed before. {rows} codings are enough, but no measured spread is exact: allow a few percent"
    else:
        look = f"a spread measured from {rows} codings depends on luck: draw tens of thousands, and allow a few percent"
    raise NotYet(got=f"False for {layer.name}", expected="True: it is right, every time", look=look)


def _refuses(answer, layer):
    if not _verdict(answer(layer)):
        return
    known = sorted({round(g, 3) for g, _ in layer.asked})
    got = f"True for {layer.name}"
    if not known:
        raise NotYet(got=f"{got}, without a call of it", expected="False: it is wrong", look="call sampling(…)")
    off = {g: layer.factor(g) for g in known}
    worst = max(known, key=lambda g: abs(np.log(off[g] + 1e-9)))
    if abs(off[worst] - 1) < 0.02:
        tested = ", ".join(f"{g:g}" for g in known[:5])
        need = "another γ, a negative and a positive one" if known == [0.0] else (
            "a negative γ, too" if min(known) >= 0 else "a positive γ, too")  # fmt: skip
        look = f"at γ = {tested}, where your test looks, this layer is right: test {need}"
    else:
        look = (
            f"your test looked at γ = {worst:g}, where the spread is {off[worst]:.2f} times what it should be here, "
            "and let it pass: compare the spread with exp(γ/2) to within a few percent, and refuse if any γ fails"
        )
    raise NotYet(got=got, expected="False: it is wrong", look=look)


class Watched:
    """A sampling layer with a known spread(γ), which writes down every γ it is asked for, and how many rows."""

    def __init__(self, name, spread, layer=None):
        self.name, self.spread, self.layer, self.asked = name, spread, layer, []

    def __call__(self, inputs, training=False):
        import keras
        from keras import ops

        mean, log_var = (ops.convert_to_tensor(half, dtype="float32") for half in inputs)
        values = np.asarray(log_var)
        self.asked += [(float(g), values.size) for g in np.unique(values)[:50]]
        if self.layer is not None:
            return self.layer([mean, log_var])
        return mean + self.spread(log_var) * keras.random.normal(ops.shape(mean))

    call = __call__

    def factor(self, g):
        """The layer's spread at γ = g, over the right one."""
        from keras import ops

        return float(self.spread(ops.convert_to_tensor(g, dtype="float32"))) / np.exp(g / 2)


def _verdict(value) -> bool:
    if hasattr(value, "numpy"):
        value = value.numpy()
    if not isinstance(value, (bool, np.bool_)) and not (
        isinstance(value, np.ndarray) and value.dtype == bool and value.ndim == 0
    ):
        raise NotYet(got=f"{type(value).__name__} {str(value)[:40]}", expected="True or False", look="return bool(…)")
    return bool(value)

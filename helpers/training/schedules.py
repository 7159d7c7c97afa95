"""Learning rates that change while a model trains: a short climb, then half a cosine down to nothing."""

from __future__ import annotations

import math

from helpers.backend import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="workbook")
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Climb in a straight line to `peak`, then fall along half a cosine to `final`.

    peak: the highest learning rate, reached after `warmup_steps` steps.
    total_steps: the steps (batches) of the whole training; from there on the rate stays at `final`.
    warmup_steps: length of the climb; default a tenth of the training, at least one step.
    final: the rate at the end, from 0 to `peak`.
    Why: early gradients are large and disagree, so the first steps must be small; in the middle, large
    steps save time; at the end, ever smaller steps settle what large ones can only circle around.
    Raises ValueError unless 0 <= final <= peak, peak > 0 and 0 <= warmup_steps < total_steps.
    Sources: Loshchilov and Hutter, 2017, arXiv 1608.03983 (the cosine); Goyal et al., 2017, arXiv
    1706.02677 (the warm-up).
    """

    def __init__(self, peak: float, total_steps: int, warmup_steps: int | None = None, final: float = 0.0):
        if warmup_steps is None:
            warmup_steps = min(max(1, total_steps // 10), max(0, total_steps - 1))
        if not (peak > 0 and 0 <= final <= peak):
            raise ValueError(f"Needs peak > 0 and 0 <= final <= peak, got peak={peak!r}, final={final!r}.")
        if not 0 <= warmup_steps < total_steps:
            raise ValueError(
                "Needs 0 <= warmup_steps < total_steps, "
                f"got warmup_steps={warmup_steps!r}, total_steps={total_steps!r}."
            )
        self.peak, self.final = float(peak), float(final)
        self.total_steps, self.warmup_steps = int(total_steps), int(warmup_steps)

    @classmethod
    def for_fit(cls, peak: float, n_examples: int, batch_size: int, epochs: int, **options) -> WarmupCosine:
        """The schedule that ends exactly when `fit` on so many examples ends; options as for the class."""
        return cls(peak, math.ceil(n_examples / batch_size) * epochs, **options)

    def __call__(self, step):
        """The rate of step number `step` (0 is the first): a float32 scalar tensor."""
        step = ops.cast(step, "float32")
        climb = self.peak * (step + 1.0) / max(1, self.warmup_steps)
        done = ops.clip((step - self.warmup_steps) / (self.total_steps - self.warmup_steps), 0.0, 1.0)
        fall = self.final + (self.peak - self.final) * 0.5 * (1.0 + ops.cos(math.pi * done))
        return ops.where(step < self.warmup_steps, climb, fall)

    def get_config(self) -> dict:
        return {
            "peak": self.peak,
            "total_steps": self.total_steps,
            "warmup_steps": self.warmup_steps,
            "final": self.final,
        }

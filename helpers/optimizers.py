"""Optimizers that are complete before the first step."""

from __future__ import annotations


def build_optimizer(model) -> None:
    """Make the variables of a compiled model's optimizer now, if those of the model are there; else do nothing.

    Otherwise they are made inside the first training step, and TensorFlow traces this step twice.
    """
    optimizer = getattr(model, "optimizer", None)
    if model.built and optimizer is not None and not optimizer.built:
        optimizer.build(model.trainable_variables)

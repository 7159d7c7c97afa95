"""Sliders that code has moved: a page puts them on their steps, and sends that back as if somebody had moved them."""

from __future__ import annotations


def by_hand(slider, value: float) -> float:
    """Where a slider stands: its own value if a hand has moved it, else `value`, which code has given it.

    A page shows a slider at the nearest of its steps (min + k · step) and reports that place. So a report within half
    a step of `value` is no movement. slider: with the attributes value and step.   value: what was last put or drawn.
    """
    return value if abs(slider.value - value) <= 0.5 * slider.step * (1 + 1e-6) else slider.value

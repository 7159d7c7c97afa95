"""Curves: values over epochs, sizes or shares, several runs in one picture.

The function returns a matplotlib Figure and shows nothing by itself: a notebook shows it at the end of the cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.plots.style import COLOURS, new_figure, plain_log_ticks


def _as_curves(values) -> list[tuple[str, str, np.ndarray]]:
    """(label, group, values): curves of one group share a colour; group "" means a colour of its own."""
    if hasattr(values, "history"):
        values = values.history
    if not isinstance(values, Mapping):
        if isinstance(values, Sequence) and values and all(hasattr(v, "history") for v in values):
            values = {f"run {i}": v for i, v in enumerate(values, 1)}
        else:
            raise TypeError(
                "curves needs {'label': values}, a History, or {'label': History}, "
                f"got {type(values).__name__}. Example: curves({{'PCA': errors}})."
            )
    found = []
    for label, series in values.items():
        if hasattr(series, "history") or isinstance(series, Mapping):
            inner = getattr(series, "history", series)
            found += [(f"{label}: {_word(k)}", f"{label} {k.removeprefix('val_')}", v)
                      for k, v in inner.items() if k != "learning_rate"]  # fmt: skip
        elif label != "learning_rate":  # schedules record it beside the losses, on quite another scale
            found.append((_word(str(label)), str(label).removeprefix("val_"), series))
    checked = []
    for label, group, series in found:
        array = np.asarray(series, dtype=float)
        if array.ndim != 1 or not array.size:
            raise ValueError(f"curves: '{label}' needs a list of numbers, got shape {array.shape}.")
        checked.append((label, group, array))
    if not checked:
        raise ValueError("curves: nothing to draw. Has the model been fitted? History.history is empty.")
    return checked


def _word(key: str) -> str:
    known = {"loss": "training loss", "val_loss": "validation loss"}
    if key in known:
        return known[key]
    return f"validation {key[4:]}" if key.startswith("val_") else key


def curves(
    values,
    *,
    x: Sequence[float] | None = None,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    title: str = "",
    log: bool = False,
    logx: bool = False,
    best: str | None = "auto",
    references: Mapping[str, float] | None = None,
) -> Figure:
    """Curves over epochs (or over `x`), with the best value of each marked and printed.

    values: {"label": list}, a keras History, a list of them, or {"label": History}.
        "loss" and "val_loss" share a colour: training dashed, validation solid.
    x: positions of the points; default 1, 2, 3, …
    log, logx: logarithmic y axis, x axis.
    best: "min", "max", None, or "auto" (max for accuracies, else min; when
        there is a validation curve, only validation curves are marked).
    references: horizontal lines such as {"PCA-30": 0.0158}.
    """
    series = _as_curves(values)
    figure = new_figure(7.6, 4.2, alt=f"curves of {', '.join(s[0] for s in series)} over {xlabel}")
    axes = figure.add_subplot()
    keys = list(dict.fromkeys(group for _, group, _ in series))
    paired = any(label.startswith("validation") or ": validation" in label for label, _, _ in series)
    styles = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1))]
    palette = [c for name, c in COLOURS.items() if name != "yellow"]  # yellow lines vanish on white
    if x is not None and any(len(x) != len(v) for _, _, v in series):
        raise ValueError(f"curves: x has {len(x)} positions, the curves have {[len(v) for *_, v in series]}.")
    for label, group, v in series:
        index = keys.index(group)
        validation = label.startswith("validation") or ": validation" in label
        style = ("-" if validation else "--") if paired else styles[index % len(styles)]
        colour = palette[index % len(palette)]
        positions = np.arange(1, len(v) + 1) if x is None else np.asarray(x, dtype=float)
        mark = best is not None and (validation or not paired) and np.isfinite(v).any()
        if mark:
            top = best == "max" or (best == "auto" and ("acc" in label or "acc" in ylabel))
            at = int(np.nanargmax(v) if top else np.nanargmin(v))
            label = f"{label} (best {v[at]:.4g})"
            axes.plot(positions[at], v[at], "o", color=colour, markersize=8, mec="white", zorder=5)
        axes.plot(positions, v, color=colour, linestyle=style, label=label, linewidth=2.2,
                  marker="." if len(v) < (30 if x is not None else 3) else "")  # fmt: skip
    for i, (name, level) in enumerate((references or {}).items()):
        axes.axhline(level, color="#555555", linewidth=1.4, linestyle=styles[(i + 3) % len(styles)],
                     label=f"{name} ({level:.4g})")  # fmt: skip
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title, yscale="log" if log else "linear",
             xscale="log" if logx else "linear")  # fmt: skip
    if logx:
        ticks = np.unique(np.asarray(x, dtype=float)) if x is not None else None
        if ticks is not None and len(ticks) <= 10:
            axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
            axes.minorticks_off()
    elif x is None:
        longest = max(len(v) for *_, v in series)
        axes.set_xlim(1 - 0.02 * longest - 0.5 * (longest < 4), 1.03 * longest + 0.5 * (longest < 4))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    elif not log and len(x) <= 12 and all(float(place).is_integer() for place in x):  # numbers of draws, of layers …
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    plain_log_ticks(axes)
    axes.legend()
    return figure

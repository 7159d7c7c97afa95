"""Pictures of signals: beside their reconstructions, shares of pairs by fault, and a fault to turn up by hand."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from helpers.autoencoders.recurrent.anomalies import errors_of
from helpers.data import heartbeats
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin

STRENGTHS = np.round(np.linspace(0, 1.5, 16), 1)  # of the slider
MOST = 8  # hearts in the explorer
LINES = {"signal": (COLOURS["black"], "-"), "reconstruction": (COLOURS["vermillion"], "--")}


def signal_rows(
    rows: Mapping[str, tuple], *, columns: int = 4, title: str = "", threshold: float | None = None, row: float = 1.15
):
    """Signals in rows, each with its reconstruction where there is one: {"a name": (signals, reconstructions or None)}.

    signals, reconstructions: (n, length) in millivolts; the first `columns` are drawn, all on one scale.
    With a reconstruction its error stands above, and the difference is filled. threshold: an error above it is marked
    "alarm". row: height of a row in inches. Returns a matplotlib Figure.
    Raises ValueError when a signal and its reconstruction differ in shape.
    """
    pairs = {}
    for name, (signals, made) in rows.items():
        pairs[name] = np.asarray(signals)[:columns], None if made is None else np.asarray(made)[:columns]
    for name, (signals, made) in pairs.items():
        if made is not None and made.shape != signals.shape:
            raise ValueError(f"{name}: signals {signals.shape} and reconstructions {made.shape} differ in shape.")
    alt = f"{title + ': ' if title else ''}signals in rows: {', '.join(pairs)}"
    figure = new_figure(10, row * len(pairs) + 0.9, alt=alt)
    grid = figure.subplots(len(pairs), columns, sharex=True, sharey=True, squeeze=False)
    for line, (name, (signals, made)) in zip(grid, pairs.items(), strict=True):
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for place, axes in enumerate(line):
            if place >= len(signals):
                axes.set_axis_off()
                continue
            _one(axes, signals[place], None if made is None else made[place], threshold)
    for axes in grid[-1]:
        axes.set_xlabel("seconds")
    if any(made is not None for _, made in pairs.values()):
        handles = [
            grid[-1, 0].plot([], [], color=ink, linestyle=dash, label=name)[0] for name, (ink, dash) in LINES.items()
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=2)
    figure.suptitle(title)
    return figure


def _one(axes, signal, made, threshold) -> None:
    seconds = np.arange(len(signal)) / heartbeats.RATE
    ink, dash = LINES["signal"]
    axes.plot(seconds, signal, color=ink, linestyle=dash, linewidth=1.1)
    axes.tick_params(labelsize=8)
    if made is None:
        return
    error = float(np.mean((signal - made) ** 2))
    ink, dash = LINES["reconstruction"]
    axes.fill_between(seconds, signal, made, color=COLOURS["orange"], linewidth=0)
    axes.plot(seconds, made, color=ink, linestyle=dash, linewidth=1.1)
    words = f"{1000 * error:.1f}" + ("" if threshold is None else "  alarm" if error > threshold else "  fine")
    axes.set_title(words, fontsize=9, pad=2, color=COLOURS["vermillion"] if "alarm" in words else "0.3")


def share_dots(table: Mapping[str, Mapping[str, float | tuple]], *, title: str = ""):
    """Shares of pairs as dots, a row for each kind of fault: {"a method": {"a kind": share}}.

    Instead of a share a method may have several, one for each seed: its dot is their mean, a line goes from the least
    to the largest. Returns a matplotlib Figure.
    """
    kinds = list(next(iter(table.values())))
    figure = new_figure(9.2, 0.5 * len(kinds) + 1.7, alt=f"{title}: shares for {', '.join(table)}, kind by kind")
    axes = figure.add_subplot()
    inks = [COLOURS[name] for name in ("vermillion", "blue", "green", "purple", "orange")]
    for place, (name, shares) in enumerate(table.items()):
        ink, marker = inks[place % len(inks)], "osD^v"[place % 5]
        y = np.arange(len(kinds)) + 0.16 * (place - (len(table) - 1) / 2)
        values = [np.atleast_1d(shares[kind]) for kind in kinds]
        axes.hlines(y, [v.min() for v in values], [v.max() for v in values], color=ink, linewidth=2)
        axes.plot([v.mean() for v in values], y, marker, color=ink, label=name, markersize=7)
    axes.axvline(0.5, color="0.5", linestyle=":")
    axes.text(0.5, len(kinds) - 0.55, "guessing ", ha="right", color="0.3", size=10)
    axes.set(yticks=range(len(kinds)), yticklabels=kinds, ylim=(len(kinds) - 0.5, -0.5), title=title)
    axes.set(xlim=(min(0.3, axes.get_xlim()[0]), 1.02), xlabel="share of pairs (area under the ROC curve)")
    figure.legend(loc="outside lower center", ncols=min(4, len(table)), columnspacing=1.2)
    return figure


def error_by_place(errors: Mapping[str, Sequence[np.ndarray]], guessing: float, *, title: str = ""):
    """The error at each place of a list, for several ways to tell it: {"a way": [(places,) for each seed]}.

    A thin line is one seed, a thick one the mean, named beside its end. guessing: the error of always answering 0, as a
    dotted line. Returns a matplotlib Figure.
    """
    figure = new_figure(8.2, 4.2, alt=f"{title}: error by place in the list, {', '.join(errors)}")
    axes = figure.add_subplot()
    inks = [COLOURS[name] for name in ("blue", "vermillion", "green", "purple")]
    for ink, (name, seeds) in zip(inks, errors.items(), strict=False):
        seeds = np.asarray(seeds)
        places = np.arange(1, seeds.shape[1] + 1)
        axes.plot(places, seeds.T, color=ink, linewidth=0.9, alpha=0.45)
        axes.plot(places, seeds.mean(axis=0), "o-", color=ink, linewidth=2.4, markersize=4)
        axes.annotate(f"  {name}", (places[-1], seeds[:, -1].mean()), color=ink, va="center", weight="bold")
    axes.axhline(guessing, color="0.4", linestyle=":")
    axes.text(1, 0.985 * guessing, "always answering 0", va="top", color="0.3")
    axes.set(xticks=places, xlim=(0.7, places[-1] + 0.22 * len(places)), ylim=(0, 1.05 * guessing), title=title)
    axes.set(xlabel="place of the number in the list, as it was read", ylabel="mean squared error")
    return figure


def fault_explorer(reconstruct: Callable, threshold: float, seed: int = 0) -> None:
    """Choose a fault, turn it up, and watch the signal, its reconstruction and its error beside the threshold.

    reconstruct: signals (n, length) → reconstructions.   threshold: the error above which there is an alarm.
    All strengths of one fault are computed when it is chosen, so the slider itself answers at once.
    """
    shown = {}
    for fault in heartbeats.FAULTS:
        signals = np.concatenate([heartbeats.signals(1, seed, fault=fault, strength=s) for s in (0, 0.5, 1, 1.5)])
        shown[fault] = signals, reconstruct(signals)
    title = "Strength 0, 0.5, 1, 1.5; error in thousandths of mV²"
    figure = signal_rows(shown, title=title, threshold=threshold)
    text = f"One heart with each of {len(shown)} faults, at four strengths, with reconstructions and errors"
    with_twin(lambda: build_fault_explorer(reconstruct, threshold, seed), figure, text)


def build_fault_explorer(reconstruct: Callable, threshold: float, seed: int):
    import ipywidgets as w

    look = {"style": {"description_width": "80px"}, "layout": w.Layout(width="420px")}
    fault = w.Dropdown(options=list(heartbeats.FAULTS), value="inverted T", description="fault", **look)
    heart = w.IntSlider(1, min=1, max=MOST, description="heart", **look)
    strength = w.SelectionSlider(options=STRENGTHS.tolist(), value=1.0, description="strength", **look)
    picture, words, errors = w.HTML(), w.HTML(), error_area()
    known = {}

    def course(kind: str, number: int):
        """Signals, reconstructions and errors of one heart at all strengths."""
        if (kind, number) not in known:
            X = np.concatenate(
                [heartbeats.signals(1, seed + number - 1, fault=kind, strength=float(s)) for s in STRENGTHS]
            )
            R = np.asarray(reconstruct(X))
            known[kind, number] = X, R, errors_of(lambda _: R, X)
        return known[kind, number]

    @shows_errors(errors)
    def redraw(_=None) -> None:
        X, R, losses = course(fault.value, heart.value)
        at = int(np.argmin(np.abs(STRENGTHS - strength.value)))
        picture.value = _svg(X[at], R[at], losses, at, threshold)
        verdict = "<b>alarm</b>" if losses[at] > threshold else "no alarm"
        words.value = (
            f"{html.escape(heartbeats.FAULTS[fault.value])}<br>error {1000 * losses[at]:.2f}, "
            f"threshold {1000 * threshold:.2f} (thousandths of mV²): {verdict}"
        )

    for control in (fault, heart, strength):
        control.observe(redraw, "value")
    redraw()
    box = w.VBox([fault, heart, strength, picture, words, errors])
    box.fault, box.heart, box.strength = fault, heart, strength
    box.picture, box.words, box.errors = picture, words, errors
    return box


def _svg(signal, made, losses, at: int, threshold: float, width: int = 640, height: int = 250) -> str:
    """Left the signal and its reconstruction, right the error over the strength, as one SVG picture on white paper."""
    left, base = 420, height - 24
    low, high = -0.9, 1.7

    def line(values):
        x = np.linspace(8, left - 12, len(values))
        y = base - (np.clip(values, low, high) - low) / (high - low) * (base - 8)
        return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))

    ceiling = 1.1 * max(float(losses.max()), 1.5 * threshold)
    x = np.linspace(left + 30, width - 12, len(losses))
    y = base - losses / ceiling * (base - 26)
    curve = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    limit = base - threshold / ceiling * (base - 26)
    black, red = LINES["signal"][0], LINES["reconstruction"][0]
    area = line(signal) + " " + " ".join(reversed(line(made).split()))
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="A signal, its reconstruction, and the error '
        f'over the strength of the fault" style="background:#fff;color:#000" font-family="sans-serif" font-size="12">'
        f'<polygon points="{area}" fill="{COLOURS["orange"]}"/>'
        f'<polyline points="{line(signal)}" fill="none" stroke="{black}" stroke-width="1.8"/>'
        f'<polyline points="{line(made)}" fill="none" stroke="{red}" stroke-width="2" stroke-dasharray="6 4"/>'
        f'<text x="10" y="{height - 6}">black: signal · dashed: reconstruction · filled: difference</text>'
        f'<path d="M{left + 30} 26V{base}H{width - 8}" fill="none" stroke="#777"/>'
        f'<polyline points="{curve}" fill="none" stroke="{COLOURS["blue"]}" stroke-width="2"/>'
        f'<path d="M{left + 30} {limit:.1f}H{width - 8}" stroke="#000" stroke-dasharray="2 4"/>'
        f'<circle cx="{x[at]:.1f}" cy="{y[at]:.1f}" r="6" fill="{COLOURS["blue"]}"/>'
        f'<text x="{left + 30}" y="16">error; dotted: threshold</text>'
        f'<text x="{left + 30}" y="{height - 6}">strength 0</text>'
        f'<text x="{width - 12}" y="{height - 6}" text-anchor="end">1.5</text></svg>'
    )

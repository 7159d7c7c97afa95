"""What a running training looks like: one small piece of HTML with a bar, the figures and the curves.

The curves are drawn as SVG text by hand: well under a millisecond, where a plotting library takes a tenth
of a second. The colours are readable on a light and on a dark page.
"""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 470, 170
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 10, 26  # pixels around the curves
SHADES = ("#1E88C9", "#E0670B", "#0C9C75", "#C46AA0", "#B98500", "#6F7FD8")
DASHES = ("", "6 4", "8 3 2 3", "2 3", "10 4", "4 2")
MOST_POINTS = 400  # in one polyline; more would be drawn over each other anyway


@dataclass
class Progress:
    """How far a training is: epochs and batches are counted from 1, None where unknown."""

    title: str = ""
    epoch: int = 1
    epochs: int = 1
    batch: int = 0
    batches: int | None = None
    seconds: float = 0.0
    left: float | None = None
    fraction: float = 0.0
    state: str = "running"  # or "finished", or a sentence on why it ended
    figures: Mapping[str, float] = field(default_factory=dict)


def clock(seconds: float) -> str:
    """A duration for people: 8 s, 3 min 20 s, 2 h 5 min."""
    s = max(0, round(seconds))
    if s < 60:
        return f"{s} s"
    return f"{s // 60} min {s % 60} s" if s < 3600 else f"{s // 3600} h {s % 3600 // 60} min"


def figures_text(figures: Mapping[str, float]) -> str:
    return " · ".join(f"{name} {value:.4g}" for name, value in figures.items())


def headline(p: Progress) -> str:
    """One line: where the training is and how long it will take, or how it ended."""
    title = f"{p.title}: " if p.title else ""
    if p.state != "running":
        return f"{title}{p.state} · {clock(p.seconds)}"
    batches = f", batch {p.batch}" + (f" of {p.batches}" if p.batches else "") if p.batch else ""
    left = "time left: not known yet" if p.left is None else f"{clock(p.left)} left"
    return f"{title}epoch {p.epoch} of {p.epochs}{batches} · {left}"


def text(p: Progress) -> str:
    """The page as one plain line."""
    figures = figures_text(p.figures)
    return f"{headline(p)} · {figures}" if figures else headline(p)


def page(p: Progress, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], extra: str = "") -> str:
    """The page as HTML. curves: {"loss": (epochs, values), …}; extra: more HTML below, such as samples."""
    parts = [f"<div>{html.escape(headline(p))}</div>"]
    running = p.state == "running"
    if running:
        parts.append(
            f'<progress aria-label="progress of the training" value="{p.fraction:.4f}" max="1" '
            f'style="width: {WIDTH}px; accent-color: {SHADES[0]}"></progress>'
        )
    if p.figures:
        parts.append(f"<div>{html.escape(figures_text(p.figures))}</div>")
    drawing = svg(curves, p.epochs) if curves else ""
    if drawing and running:
        parts.append(f"<div>{drawing}</div>")
    elif drawing:
        # A stored page is shown by viewers that strip SVG but keep pictures.
        code = base64.b64encode(drawing.encode("utf-8")).decode("ascii")
        alt = html.escape(f"curves of {', '.join(curves)} over {p.epochs} epochs", quote=True)
        size = f'width="{WIDTH}" height="{HEIGHT}"'
        parts.append(f'<img alt="{alt}" {size} src="data:image/svg+xml;base64,{code}">')
    style = "color: var(--jp-ui-font-color1, inherit); font-family: var(--jp-ui-font-family, sans-serif)"
    return f'<div style="{style}">{"".join(parts)}{extra}</div>'


def svg(curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], epochs: int) -> str:
    """The curves as an SVG drawing; "" when there is not one finite value yet."""
    kept = {name: _finite(xs, ys) for name, (xs, ys) in curves.items()}
    values = [y for points in kept.values() for _, y in points]
    if not values:
        return ""
    low, high = min(values), max(values)
    log = low > 0 and high / low > 20
    scale = math.log10 if log else float
    bottom, top = scale(low), scale(high)
    pad = 0.06 * (top - bottom) or abs(top) * 0.05 or 1.0
    bottom, top = bottom - pad, top + pad
    first, last = 1.0, max(float(epochs), 1.0001, *(x for points in kept.values() for x, _ in points))
    first = min(first, *(x for points in kept.values() for x, _ in points))

    def x_at(x: float) -> float:
        return LEFT + (x - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y_at(y: float) -> float:
        return TOP + (top - scale(y)) / (top - bottom) * (HEIGHT - TOP - BOTTOM)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11" fill="#757575">'
    ]
    middle = 10 ** ((scale(low) + scale(high)) / 2) if log else (low + high) / 2
    for level in sorted({low, middle, high}):
        y = y_at(level)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#888888" stroke-opacity="0.35"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{level:.3g}</text>')
    out.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">{first:.3g}</text>')
    out.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">epoch {last:.0f}</text>')
    legend = (LEFT + WIDTH - RIGHT) / 2 - 45 * len(kept)
    for i, (name, points) in enumerate(kept.items()):
        shade = SHADES[i % len(SHADES)]
        # Training dashed and validation solid, as in plots.curves.
        dash = DASHES[1] if f"val_{name}" in kept else "" if name.startswith("val_") else DASHES[i % len(DASHES)]
        look = f'stroke="{shade}" stroke-dasharray="{dash}"'
        if len(points) == 1:
            x, y = points[0]
            out.append(f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3" fill="{shade}"/>')
        elif points:
            path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in points)
            out.append(f'<polyline fill="none" stroke-width="2" {look} points="{path}"/>')
        x = legend + 90 * i
        out.append(f'<path fill="none" stroke-width="2" {look} d="M{x:.0f} {HEIGHT - 12}h20"/>')
        out.append(f'<text x="{x + 25:.0f}" y="{HEIGHT - 8}">{html.escape(name)}</text>')
    out.append("</svg>")
    return "".join(out)


def _finite(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
    points = [(x, y) for x, y in zip(xs, ys, strict=True) if math.isfinite(y)]
    step = -(-len(points) // MOST_POINTS) if points else 1
    return points[::step] + (points[-1:] if (len(points) - 1) % step else [])

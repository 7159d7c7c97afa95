"""The widgets of the lessons: things to move by hand, each with a static twin in the same output.

Every explorer displays itself and returns None. All controls are ordinary ipywidgets: Tab reaches them, the
arrow keys move them. Without ipywidgets, or without a live kernel, the page shows the picture alone.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np

from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.training.live_page import DASHES, SHADES
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

MOST = 10  # images in a strip


def coding_size_explorer(reconstructed: Mapping[int, object], originals, errors: Mapping) -> None:
    """Slide the coding size of autoencoders that were trained beforehand.

    reconstructed: {coding size: reconstructions of `originals`}.   originals: up to ten images in [0, 1].
    errors: {coding size: validation MSE}, or several such curves by name, {"PCA": {2: .05, …}, …}.
    Raises ValueError when a size has no error or the images do not fit.
    """
    sizes = sorted(int(size) for size in reconstructed)
    if not sizes:
        raise ValueError("coding_size_explorer needs the reconstructions of at least one coding size.")
    nested = any(isinstance(value, Mapping) for value in errors.values())
    named = dict(errors) if nested else {"validation MSE": errors}
    real = as_images(originals, "originals")[:MOST]
    made = {size: as_images(reconstructed[size], f"size {size}")[:MOST] for size in sizes}
    for size in sizes:
        if made[size].shape != real.shape:
            raise ValueError(f"Size {size}: {made[size].shape} does not fit the originals {real.shape}.")
        if not any(size in curve for curve in named.values()):
            raise ValueError(f"There is no error for coding size {size}; errors has {list(named.values())[0]}.")
    few = [sizes[i] for i in np.unique(np.linspace(0, len(sizes) - 1, 6).round().astype(int))]
    figure = grids.reconstructions(real, {f"{size} codings": made[size] for size in few}, errors=True)
    text = f"Reconstructions with {', '.join(map(str, few))} codings"
    with_twin(lambda: build_size_explorer(sizes, made, real, named), figure, text)


def build_size_explorer(sizes, made, real, named):
    import ipywidgets as w

    n, h, wide = real.shape[:3]
    size = w.SelectionSlider(options=sizes, value=sizes[len(sizes) // 2], description="codings",
                             layout=w.Layout(width="480px"))  # fmt: skip
    strip = image_panel((2 * h + 1, n * (wide + 1) - 1), scale=min(4, 600 / (n * (wide + 1))))
    curve, words, errors = w.HTML(), w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        strip.show(pixels.mosaic(np.clip(np.concatenate([real, made[size.value]]), 0, 1), n))
        figures = [f"{name} {c[size.value]:.4f}" for name, c in named.items() if size.value in c]
        here = float(np.mean((made[size.value] - real) ** 2))
        words.value = f"<b>{size.value} codings</b>: {' · '.join(figures)} · MSE of these images {here:.4f}"
        curve.value = _error_svg(named, size.value)

    size.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), size, words, w.HTML("Originals, and their reconstructions below them"), strip,
                  curve, errors])  # fmt: skip
    box.size, box.strip, box.words, box.curve, box.errors = size, strip, words, curve, errors
    return box


def _error_svg(named: Mapping[str, Mapping[int, float]], now: int) -> str:
    """Error against coding size (each doubling equally wide), the present size marked."""
    width, height, left, right, top, bottom = 560, 190, 60, 16, 12, 40
    points = {name: sorted((int(s), float(e)) for s, e in curve.items()) for name, curve in named.items()}
    every = [p for curve in points.values() for p in curve]
    low, high = np.log2(min(s for s, _ in every)), np.log2(max(s for s, _ in every))
    ceiling = 1.05 * max(e for _, e in every) or 1.0

    def at(size: float, error: float) -> tuple[float, float]:
        part = (np.log2(size) - low) / ((high - low) or 1)
        return left + part * (width - left - right), top + (1 - error / ceiling) * (height - top - bottom)

    base, (here, _) = height - bottom, at(now, 0)
    out = [f'<svg width="{width}" height="{height}" font-family="sans-serif" font-size="12" fill="currentColor" '
           f'role="img" aria-label="error against coding size">']  # fmt: skip
    for level in (0, ceiling / 2, ceiling):
        y = at(now, level)[1]
        out.append(f'<path d="M{left} {y:.1f}H{width - right}" stroke="#888888" stroke-opacity="0.35"/>'
                   f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{level:.3f}</text>')  # fmt: skip
    for size in sorted({s for s, _ in every}):
        out.append(f'<text x="{at(size, 0)[0]:.1f}" y="{base + 16}" text-anchor="middle">{size}</text>')
    out.append(f'<path d="M{here:.1f} {top}V{base}" stroke="#888888" stroke-dasharray="3 3"/>')
    for i, (name, curve) in enumerate(points.items()):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*p) for p in curve))
        out.append(f'<polyline fill="none" stroke="{SHADES[i % 6]}" stroke-width="2" '
                   f'stroke-dasharray="{DASHES[i % 6]}" points="{path}"/>')  # fmt: skip
        out += [f'<circle cx="{at(s, e)[0]:.1f}" cy="{at(s, e)[1]:.1f}" r="{6 if s == now else 3}" '
                f'fill="{SHADES[i % 6]}"/>' for s, e in curve]  # fmt: skip
        x = left + 190 * i
        out.append(f'<path fill="none" stroke="{SHADES[i % 6]}" stroke-width="2" '
                   f'stroke-dasharray="{DASHES[i % 6]}" d="M{x} {height - 6}h24"/>'
                   f'<text x="{x + 30}" y="{height - 2}">{html.escape(str(name))}</text>')  # fmt: skip
    return "".join([*out, "</svg>"])

"""The widgets of the lessons: things to move by hand, each with a static twin in the same output.

Every explorer displays itself and returns None. All controls are ordinary ipywidgets: Tab reaches them, the
arrow keys move them. Without ipywidgets, or without a live kernel, the page shows the picture alone.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np

from helpers.codings.map import plane_explorer, selection_map
from helpers.plots import curves as plots
from helpers.plots import pixels
from helpers.plots.style import as_images
from helpers.training.live_page import DASHES, SHADES
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

__all__ = [
    "coding_size_explorer", "component_explorer", "image_panel", "plane_explorer", "selection_map", "with_twin",
]  # fmt: skip

MOST = 10  # images in a strip


def component_explorer(components, mean, images, errors=None) -> None:
    """Slide the number of principal components and see images return from their mean.

    components: (K, d), one component a row, the strongest first.   mean: (d,).
    images: up to ten images with d pixels each, values in [0, 1].
    errors: (K,) validation MSE with 1, …, K components, printed beside the error of the images shown.
    Raises ValueError when the shapes do not fit.
    """
    steps = _Steps(components, mean, images, errors)
    shown = sorted({1, *(k for k in (2, 10, 30, 100) if k < steps.K), steps.K})
    shown = shown[-5:]
    figure = plots.reconstructions(
        steps.images,
        {f"k = {k}": steps.reconstruction(k) for k in shown},
        errors=True,
        title="From the first k components",
    )
    text = f"Images and their reconstructions from the first {', '.join(map(str, shown))} components"
    with_twin(lambda: _component_widget(steps), figure, text)


class _Steps:
    """Reconstructions of a few images from k = 0, …, K components, all computed beforehand."""

    def __init__(self, components, mean, images, errors):
        self.images = as_images(images)[:MOST]
        flat = self.images.reshape(len(self.images), -1).astype(np.float64)
        V, mean = np.asarray(components, dtype=float), np.asarray(mean, dtype=float).ravel()
        if V.ndim != 2 or V.shape[1] != flat.shape[1] or mean.size != flat.shape[1]:
            raise ValueError(
                f"The images have {flat.shape[1]} pixels, so components must be (K, {flat.shape[1]}) and mean "
                f"({flat.shape[1]},); got {V.shape} and {mean.shape}. One component is one row."
            )
        self.K = len(V)
        self.errors = None if errors is None else np.asarray(errors, dtype=float).ravel()
        if self.errors is not None and len(self.errors) != self.K:
            raise ValueError(f"{self.K} components need {self.K} errors, got {len(self.errors)}.")
        parts = ((flat - mean) @ V.T).T[:, :, None] * V[:, None, :]  # (K, n, d): what each component adds
        self.all = np.concatenate([np.broadcast_to(mean, (1, *flat.shape)), parts]).cumsum(0, dtype=np.float64)
        self.all = self.all.astype(np.float32)
        self.mse = np.stack([((r - flat) ** 2).mean(1) for r in self.all])  # (K + 1, n)

    def reconstruction(self, k: int) -> np.ndarray:
        return self.all[k].reshape(self.images.shape)


def _component_widget(steps: _Steps):
    import ipywidgets as w

    n, h, wide = steps.images.shape[:3]
    look = {"layout": w.Layout(width="520px"), "style": {"description_width": "100px"}}
    k = w.IntSlider(min(10, steps.K), 1, steps.K, description="components", **look)
    picked = w.IntSlider(1, 1, n, description="image", **look)
    trio = image_panel((h, 3 * wide + 2), scale=150 / wide)
    strip = image_panel((2 * h + 1, n * (wide + 1) - 1), scale=min(4, 560 / (n * (wide + 1))))
    kept = w.FloatProgress(value=0, min=0, max=1, description="variance kept", **look)
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        i, made = picked.value - 1, steps.reconstruction(k.value)
        grey = np.clip(np.stack([steps.images[i], made[i]]), 0, 1)
        grey = grey[..., None].repeat(3, -1) if grey.ndim == 3 else grey
        gone = made[i] - steps.images[i]
        gone = gone if gone.ndim == 2 else gone.mean(-1)
        difference = pixels.signed_colours(gone[None], top=0.5)
        trio.show(pixels.mosaic(np.concatenate([grey, difference]), 3))
        strip.show(pixels.mosaic(np.clip(np.concatenate([steps.images, made]), 0, 1), n))
        share = 1 - steps.mse[k.value].mean() / max(steps.mse[0].mean(), 1e-12)
        kept.value = share
        average = "" if steps.errors is None else f" · validation MSE {steps.errors[k.value - 1]:.4f}"
        words.value = (
            f"<b>k = {k.value}</b>: MSE of this image {steps.mse[k.value, i]:.4f}, of the {n} images "
            f"{steps.mse[k.value].mean():.4f}{average}<br>"
            f"Variance about the mean that is kept in these images: {100 * share:.1f} %"
        )

    k.observe(redraw, "value")
    picked.observe(redraw, "value")
    redraw()
    names = w.HTML("Original · reconstruction · difference (red: too bright, blue: too dark)")
    box = w.VBox([w.HTML(CRISP), k, picked, names, trio, kept, words, w.HTML("All images, and their "
                  "reconstructions below them"), strip, errors])  # fmt: skip
    box.k, box.picked, box.trio, box.words, box.errors = k, picked, trio, words, errors
    return box


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
    figure = plots.reconstructions(real, {f"{size} codings": made[size] for size in few}, errors=True)
    text = f"Reconstructions with {', '.join(map(str, few))} codings"
    with_twin(lambda: _size_widget(sizes, made, real, named), figure, text)


def _size_widget(sizes, made, real, named):
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

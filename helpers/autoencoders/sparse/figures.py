"""Pictures of sparse codings: histograms, what single units stand for, the three distances to a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from helpers.autoencoders.sparse import measures
from helpers.plots import pixels
from helpers.plots.style import COLOURS, as_images, new_figure, to_unit

BINS = 40
INKS = ("blue", "vermillion", "green", "purple", "orange")


def histograms(codings: Mapping[str, np.ndarray], target: float | None = None) -> Figure:
    """For each model, a histogram of all activations (left) and of the units' means (right), on logarithmic scales.

    codings: {"a name": (n, units), at least 0}, up to five; what lies above 1 is counted with the last bin.
    target: drawn as a line among the means.
    """
    names = list(codings)
    alt = f"Histograms of activations and of unit means: {', '.join(names)}"
    figure = new_figure(10, 0.9 + 1.25 * len(names), alt=alt)
    rows = np.atleast_2d(figure.subplots(len(names), 2, sharex=True, sharey="col"))
    for (left, right), name, ink in zip(rows, names, INKS, strict=False):
        Z = np.asarray(codings[name])
        for axes, values in ((left, Z), (right, Z.mean(axis=0))):
            edges, shares = measures.histogram(np.clip(values, 0, 1), BINS)
            axes.bar(edges[:-1], shares, width=np.diff(edges), align="edge", color=COLOURS[ink])
            axes.set(xlim=(0, 1), yscale="log")
        left.set_ylim(1e-4, 1.5)
        right.set_ylim(1e-3, 1.5)
        left.set_ylabel(name, rotation=0, ha="right", va="center")
        if target is not None:
            right.axvline(target, color="0.3", linestyle="--")
    rows[0, 0].set_title("all activations")
    rows[0, 1].set_title("mean of each unit" + ("" if target is None else f" (dashed: {target:g})"))
    rows[-1, 0].set_xlabel("activation (1: and more)" if any(np.max(Z) > 1 for Z in codings.values()) else "activation")
    rows[-1, 1].set_xlabel("mean over the images")
    figure.supylabel("share, logarithmic")
    return figure


def unit_portraits(
    decode, Z: np.ndarray, images: np.ndarray, units: Sequence[int], count: int = 8, title: str = ""
) -> Figure:
    """A row for each unit: its decoder picture, then the images for which it is most active, with its activation.

    decode: function, codings (n, units) → images (n, h, w).   Z: codings (n, units) of `images` (n, h, w).
    """
    pictures = as_images(decoder_pictures(decode, Z, units))
    shown = to_unit(as_images(images))
    figure = new_figure(1.0 * (count + 2), 1.18 * len(units) + 0.5,
                        alt=f"Decoder pictures of {len(units)} units and the images that excite them most")  # fmt: skip
    grid = np.atleast_2d(figure.subplots(len(units), count + 1))
    for row, unit, picture in zip(grid, units, pictures, strict=True):
        row[0].imshow(pixels.signed_colours(picture[None])[0], interpolation="nearest")
        row[0].set_ylabel(f"unit {unit}", rotation=0, ha="right", va="center")
        best = measures.most_exciting(Z, unit, count)
        for axes, i in zip(row[1:], best, strict=False):
            axes.imshow(shown[i], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set_title(f"{Z[i, unit]:.2f}", fontsize=9, pad=2)
        for axes in row:
            axes.set(xticks=[], yticks=[])
    grid[0, 0].set_title("decoder", fontsize=10, pad=2)
    figure.suptitle(title)
    return figure


def decoder_pictures(decode, Z: np.ndarray, units: Sequence[int]) -> np.ndarray:
    """What switching one unit on does to the picture: (len(units), h, w), in brightness, signed.

    All other units stay at their means over Z (n, units); the unit goes from 0 to the largest activation it has.
    """
    Z = np.asarray(Z)
    base = np.repeat(Z.mean(axis=0, keepdims=True), 2 * len(units), axis=0).astype(np.float32)
    for place, unit in enumerate(units):
        base[2 * place, unit], base[2 * place + 1, unit] = 0.0, Z[:, unit].max()
    made = np.asarray(decode(base))
    return made[1::2] - made[::2]


def penalties_against_mean(
    curves: Mapping[str, np.ndarray], pushes: Mapping[str, np.ndarray], means: np.ndarray, target: float
) -> Figure:
    """Penalties of one unit over its mean activation (left), and how hard they push behind a sigmoid (right).

    curves: {"a name": values at `means`}.   pushes: {"a name": slopes by the pre-activation, at `means`}.
    The means, (n,) strictly between 0 and 1, lie on a logit scale, which shows both ends.
    """
    figure = new_figure(
        10.4, 4.2, alt=f"{', '.join(curves)} over the mean activation, and their push, target {target:g}"
    )
    for axes, table in zip(figure.subplots(1, 2), (curves, pushes), strict=True):
        for (name, values), ink, style in zip(table.items(), INKS, ("-", "--", "-.", ":"), strict=False):
            axes.plot(means, values, color=COLOURS[ink], linestyle=style, label=name, linewidth=2.2)
        axes.axvline(target, color="0.5", linewidth=1.2, linestyle=":")
        axes.axhline(0, color="0.8", linewidth=1, zorder=0)
        axes.set_xscale("logit")
        ticks = [t for t in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999) if means[0] <= t <= means[-1]]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.set_xticks([], minor=True)
        axes.set(xlabel="mean activation q of the unit", xlim=(means[0], means[-1]))
        axes.legend(loc="upper left")
    left, right = figure.axes
    left.set(title="The penalty", ylim=(0, 4))
    right.set(title="The push on what goes into the sigmoid")
    return figure


def sweep_rows(models: Mapping[str, tuple], originals: np.ndarray, target: float, count: int = 6) -> Figure:
    """A row for each model: histograms of all its activations and of its units' means, then what it makes of images.

    models: {"a name": (shares of all activations in bins from 0 to 1, means of the units, reconstructions (n, h, w))}.
    originals: (n, h, w), shown above as "original", `count` of them.   target: a line among the means.
    Histograms have square roots of shares as heights, so that rare values are seen.
    """
    figure = new_figure(11, 1.15 * (len(models) + 1), alt=f"Histograms and reconstructions of {', '.join(models)}")
    count = min(count, len(originals))
    grid = figure.subplots(len(models) + 1, count + 2, width_ratios=[2.2, 2.2, *[1] * count], squeeze=False)
    for row, images in zip(grid, [originals, *(made for *_, made in models.values())], strict=True):
        for axes, image in zip(row[2:], to_unit(as_images(images)), strict=False):
            axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set(xticks=[], yticks=[])
    for axes, title in zip(grid[0], ("all activations", "mean of each unit"), strict=False):
        axes.axis("off")
        axes.text(0.5, 0.02, title, ha="center", transform=axes.transAxes, fontweight="bold")
    grid[0, 1].text(1.0, 0.5, "original", ha="right", va="center", transform=grid[0, 1].transAxes)
    for place, (row, (name, (shares, means, _))) in enumerate(zip(grid[1:], models.items(), strict=True), start=1):
        for axes, heights in zip(row, (shares, measures.histogram(np.clip(means, 0, 1), BINS)[1]), strict=False):
            edges = np.linspace(0, 1, len(heights) + 1)
            axes.bar(edges[:-1], np.sqrt(heights), width=np.diff(edges), align="edge", color=COLOURS["blue"])
            axes.set(xlim=(0, 1), ylim=(0, 1), yticks=[])
            axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
            axes.tick_params(labelbottom=place == len(models))
        row[1].axvline(target, color=COLOURS["vermillion"], linestyle="--")
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure

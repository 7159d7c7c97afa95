"""Pictures and the widget of denoising: curves over the noise, a table of levels, noisy and denoised images."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from helpers.autoencoders.denoising import noise
from helpers.plots import grids, pixels
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

MOST = 8  # images in a strip
UNITS = {"Gaussian": "sigma", "masking": "rate", "salt and pepper": "rate", "occlusion": "side in pixels"}


def level_table(table: np.ndarray, trained: Sequence, tested: Sequence, *, xlabel="tested at", title=""):
    """A table of mean PSNR as colours with the numbers in them; the best of each column is framed.

    table: (trained, tested), in decibels. trained, tested: names of the rows and columns. Returns a matplotlib Figure.
    """
    table = np.asarray(table, dtype=float)
    rows, columns = table.shape
    alt = f"{title}: mean PSNR, {rows} rows, {columns} columns"
    figure = new_figure(1.15 * columns + 2.8, 0.55 * rows + 1.3, alt=alt)
    axis = figure.add_subplot()
    spread = table - table.max(axis=0)  # colours by what is lost against the best of the column
    axis.imshow(spread, cmap="cividis", aspect="auto", vmin=min(-1.0, spread.min()), vmax=0)
    for row in range(rows):
        for column in range(columns):
            dark = spread[row, column] < 0.45 * min(-1.0, spread.min())
            best = table[row, column] == table[:, column].max()
            axis.text(column, row, f"{table[row, column]:.1f}", ha="center", va="center",
                      color="white" if dark else "black", weight="bold" if best else "normal",
                      bbox={"boxstyle": "square", "fill": False, "lw": 1.6} if best else None)  # fmt: skip
    axis.set(xticks=range(columns), yticks=range(rows), xlabel=xlabel, title=title)
    axis.set_xticklabels([f"{level:g}" if isinstance(level, float) else level for level in tested])
    axis.set_yticklabels(list(trained))
    axis.grid(False)
    axis.tick_params(length=0)
    return figure


def level_curves(curves: Mapping[str, Sequence[float]], levels: Sequence[float], *, title: str = ""):
    """Mean PSNR over σ, one line for each method, named beside its end: {"a method": [decibels for each level]}.

    Names that would lie on each other are moved apart. Returns a matplotlib Figure.
    """
    figure = new_figure(9.2, 4.8, alt=f"{title}: mean PSNR over sigma of {', '.join(curves)}")
    axes = figure.add_subplot()
    inks = ["black", *(ink for ink in COLOURS if ink not in ("black", "yellow"))]
    ends = {}
    for place, (name, values) in enumerate(curves.items()):
        ink = COLOURS[inks[place % len(inks)]]
        axes.plot(
            levels, values, marker="o", color=ink, linestyle=("-", "--", "-.")[place % 3], linewidth=2, markersize=4
        )
        ends[name] = values[-1], ink
    axes.set(xlabel="σ of the Gaussian noise", ylabel="mean PSNR in dB", title=title)
    axes.set_xlim(levels[0] - 0.03, levels[-1] + 0.42 * (levels[-1] - levels[0]))
    low, high = axes.get_ylim()
    apart, last = 0.055 * (high - low), -np.inf
    for name, (value, ink) in sorted(ends.items(), key=lambda pair: pair[1][0]):
        last = max(value, last + apart)
        axes.annotate(name, (levels[-1], value), (levels[-1] + 0.05, last), textcoords="data", color=ink, va="center",
                      size=11, arrowprops={"arrowstyle": "-", "color": ink, "lw": 0.6})  # fmt: skip
    return figure


def denoised_rows(X: np.ndarray, noisy: np.ndarray, methods: Mapping[str, Callable], *, title: str = ""):
    """Clean, noisy, and what each method makes of it, in rows; under each name its mean PSNR. A matplotlib Figure.

    methods: {"a name": function, noisy images -> denoised ones}.
    """
    rows = {"clean": X, f"noisy ({noise.mean_psnr(X, np.clip(noisy, 0, 1)):.1f} dB)": np.clip(noisy, 0, 1)}
    for name, denoise in methods.items():
        made = denoise(noisy)
        rows[f"{name} ({noise.mean_psnr(X, made):.1f} dB)"] = np.clip(made, 0, 1)
    return grids.image_rows(rows, title=title)


def noise_explorer(denoise: Callable, images: np.ndarray, levels: Mapping[str, Sequence[float]], *, seed=0) -> None:
    """Choose the kind and the level of the noise and see images noisy, denoised, and what is still wrong with them.

    denoise: function, noisy images (n, h, w) -> denoised ones. images: up to eight clean images in [0, 1].
    levels: {kind: levels to choose from}, kinds as in `noise.KINDS`; the middle one of each is in the static twin.
    Raises ValueError for an unknown kind, a kind without levels, or images that do not fit.
    """
    stage = NoiseStage(denoise, images, levels, seed)
    rows = {}
    for kind, choices in stage.levels.items():
        noisy, made, _ = stage.at(kind, choices[len(choices) // 2], 0)
        rows[f"{kind}, {choices[len(choices) // 2]:g}"] = noisy
        rows[f"{kind}, denoised: {noise.mean_psnr(stage.images, made):.1f} dB"] = made
    figure = grids.image_rows({"clean": stage.images, **rows})
    text = f"Images with noise of the kinds {', '.join(stage.levels)}, and what the denoiser makes of them"
    with_twin(lambda: build_noise_explorer(stage), figure, text)


class NoiseStage:
    """Clean images, their noises and what the denoiser makes of them."""

    def __init__(self, denoise, images, levels, seed):
        self.denoise, self.seed = denoise, int(seed)
        self.images = np.asarray(images, dtype=np.float32)[:MOST]
        self.levels = {str(kind): [float(level) for level in choices] for kind, choices in levels.items()}
        unknown = [kind for kind in self.levels if kind not in noise.KINDS]
        if self.images.ndim != 3 or not len(self.images):
            raise ValueError(f"noise_explorer needs images (n, height, width), got {self.images.shape}.")
        if unknown or not self.levels or not all(self.levels.values()):
            known = ", ".join(noise.KINDS)
            raise ValueError(f"levels must name kinds among {known}, each with levels; got {self.levels}.")

    def at(self, kind: str, level: float, draw: int):
        """(noisy, denoised, clean minus denoised): draw number `draw` of this noise; always one batch shape."""
        noisy = noise.corrupt(self.images, kind, level, np.random.default_rng([self.seed, draw]))
        made = np.asarray(self.denoise(noisy))
        if made.shape != self.images.shape:
            raise ValueError(f"The denoiser gave {made.shape} for images {self.images.shape}.")
        return np.clip(noisy, 0, 1), np.clip(made, 0, 1), made - self.images


def build_noise_explorer(stage: NoiseStage):
    import ipywidgets as w

    n, h, wide = stage.images.shape
    kinds = list(stage.levels)
    kind = w.Dropdown(options=kinds, description="noise")
    level = w.SelectionSlider(options=stage.levels[kinds[0]], description="level", layout=w.Layout(width="420px"))
    again = w.Button(description="Draw again", tooltip="The same noise with other random numbers")
    board = image_panel((4 * (h + 1) - 1, n * (wide + 1) - 1), scale=min(3, 640 / (n * (wide + 1))))
    words, errors, state = w.HTML(), error_area(), {"draw": 0, "moving": False}

    @shows_errors(errors)
    def redraw(_=None) -> None:
        if state["moving"]:
            return
        noisy, made, off = stage.at(kind.value, level.value, state["draw"])
        grey = pixels.mosaic(np.concatenate([stage.images, noisy, made]), n)[..., None].repeat(3, -1)
        wrong = pixels.mosaic(pixels.signed_colours(off, top=0.5), n)
        gap = np.full((1, *grey.shape[1:]), round(255 * pixels.GREY), np.uint8)
        board.show(np.concatenate([grey, gap, wrong]))
        before, after = noise.mean_psnr(stage.images, noisy), noise.mean_psnr(stage.images, made)
        words.value = (
            f"<b>{html.escape(kind.value)}, {UNITS[kind.value]} {level.value:g}</b>: noisy {before:.1f} dB, denoised "
            f"{after:.1f} dB, mean squared error {float(np.mean((made - stage.images) ** 2)):.4f}"
        )

    def other_kind(_) -> None:
        state["moving"] = True
        try:
            choices = stage.levels[kind.value]
            level.options, level.value = choices, choices[len(choices) // 2]
        finally:
            state["moving"] = False
        redraw()

    def draw_again(_) -> None:
        state["draw"] += 1
        redraw()

    level.value = stage.levels[kinds[0]][len(stage.levels[kinds[0]]) // 2]
    kind.observe(other_kind, "value")
    level.observe(redraw, "value")
    again.on_click(draw_again)
    redraw()
    names = w.HTML("Clean · noisy · denoised · what is wrong (red: too bright, blue: too dark)")
    box = w.VBox([w.HTML(CRISP), w.HBox([kind, level, again]), words, names, board, errors])
    box.kind, box.level, box.again, box.board, box.words, box.errors = kind, level, again, board, words, errors
    return box

"""Drawings of ideas: an autoencoder as an hourglass of layers, and a plane fitted to points in 3-D."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from helpers.plots.style import COLOURS, new_figure

BAR, GAP, TALL = 0.26, 0.95, 2.6  # inches: width of a bar, distance of two, height of the tallest


def hourglass(model_or_sizes, *, title: str = "", coding: int | None = None) -> Figure:
    """An autoencoder drawn as its layer sizes from left to right, the coding layer highlighted.

    model_or_sizes: a built Keras model (Sequential, functional, or any model with `.encoder` and
        `.decoder`), or a list of sizes such as [784, 100, 30, 100, 784] or [(28, 28, 1), (14, 14, 16), 30].
    coding: index of the coding layer counted from the input (0); default the end of the encoder, or the
        smallest layer.
    A vector of n values is a bar of height ∝ √n, so that 784 values stand as tall as a 28 × 28 image;
    maps of height × width × channels are boxes as tall as the maps and as thick as the channels are many.
    Layers that only drop, reshape, normalise or add noise are left out.
    Raises ValueError when the model has not been built.
    """
    stages = stages_of_model(model_or_sizes, coding)
    unit = TALL / max(_side(s, stages) for s in stages)
    gap = GAP if len(stages) < 9 else 0.82 * GAP
    spread = [0.0]
    for before, after in zip(stages, stages[1:], strict=False):
        clear = gap + (_thick(before) + _thick(after)) / 2 - BAR
        spread.append(spread[-1] + clear + 0.6 * _depth(before, unit))
    words = [_words(s) for s in stages]
    width = max(spread[-1] + 1.3 + _depth(stages[-1], unit), 3.5)
    base = -TALL / 2 - 0.25 - 0.17 * max(w.count("\n") + 1 for w in words)
    oblique = max(_depth(s, unit) for s in stages)
    top = TALL / 2 + 0.45 + 0.45 * oblique + (0.7 if title else 0.35)
    sizes = " → ".join(s.size for s in stages)
    figure = new_figure(width, top - base, alt=f"{title or 'hourglass'}: layer sizes {sizes}", layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    left = (width - spread[-1] - _depth(stages[-1], unit)) / 2
    axes.set(xlim=(-left, width - left), ylim=(base, top))
    axes.set_axis_off()

    half = [max(_side(s, stages) * unit, 0.14) / 2 for s in stages]
    for i in range(len(stages) - 1):
        a, b = spread[i] + _thick(stages[i]) / 2, spread[i + 1] - _thick(stages[i + 1]) / 2
        corners = [(a, half[i]), (b, half[i + 1]), (b, -half[i + 1]), (a, -half[i])]
        axes.add_patch(Polygon(corners, facecolor="#ECEFF2", edgecolor="none"))
    lines = "\n".join([*words, *(s.size for s in stages)]).split("\n")
    small = 9 if max(map(len, lines)) > 9 or len(stages) > 8 else 10.5
    inner = range(1, len(stages) - 1)
    for i, (x, stage) in enumerate(zip(spread, stages, strict=True)):
        colour = COLOURS["vermillion"] if stage.coding else COLOURS["blue"] if i in inner else "#777777"
        rise = _box(axes, x, half[i], stage, unit, colour)
        axes.text(x + 0.5 * rise, half[i] + rise * 0.45 + 0.09, stage.size, ha="center", va="bottom",
                  size=small, weight="bold", color=colour if stage.coding else "#222222")  # fmt: skip
        axes.text(x, -TALL / 2 - 0.12, words[i], ha="center", va="top", size=small,
                  color=colour if stage.coding else "#444444")  # fmt: skip
    codings = [i for i, s in enumerate(stages) if s.coding]
    for name, a, b in (("encoder", 0, codings[0]), ("decoder", codings[-1], len(stages) - 1)):
        y = TALL / 2 + 0.42 + 0.45 * oblique
        if b == a:
            continue
        if b - a == 1:  # no room for an arrow beside the word
            axes.text((spread[a] + spread[b]) / 2, y, name, ha="center", va="center", color="#444444", size=11)
        else:
            arrow = {"arrowstyle": "->", "color": "#888888"}
            axes.annotate("", (spread[b] - 0.15, y), (spread[a] + 0.15, y), arrowprops=arrow)
            axes.text((spread[a] + spread[b]) / 2, y, name, ha="center", va="center", color="#444444",
                      size=11, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2})  # fmt: skip
    if title:
        axes.text(-left + 0.1, top - 0.22, title, size=13, weight="bold", va="center")
    return figure


def _side(stage: Stage, stages: list[Stage]) -> float:
    """Height of a stage in pixels: an image by its height, a vector as the square image it would fill."""
    if len(stage.shape) == 3:
        return stage.shape[0]
    images = [s.shape[0] for s in stages if len(s.shape) == 3]
    side = math.sqrt(math.prod(stage.shape))
    return min(side, max(images)) if images else side  # a wide vector must not dwarf the images


def _thick(stage: Stage) -> float:
    return 0.12 + 0.075 * math.log2(1 + stage.shape[2]) if len(stage.shape) == 3 else BAR


def _depth(stage: Stage, unit: float) -> float:
    """How far a box reaches back, in inches: the width of its maps, drawn askew; 0 for a vector."""
    return 0.2 * max(stage.shape[1] * unit, 0.14) if len(stage.shape) == 3 else 0.0


def _words(stage: Stage) -> str:
    note = "(codings)" if stage.coding and "coding" not in stage.name.lower() else ""
    return "\n".join(word for word in (stage.name, stage.activation, note) if word)


def _box(axes, x: float, half: float, stage: Stage, unit: float, colour: str) -> float:
    """Draw one stage centred at x; returns how far a box's far edge is moved right and up (0: a flat bar)."""
    w, flat = _thick(stage) / 2, len(stage.shape) != 3
    d = _depth(stage, unit)
    style = {"edgecolor": "white", "linewidth": 1.2}
    u = 0.45 * d
    if not flat:
        axes.add_patch(Polygon([(x - w, half), (x - w + d, half + u), (x + w + d, half + u), (x + w, half)],
                               facecolor=colour, alpha=0.55, **style))  # fmt: skip
        axes.add_patch(Polygon([(x + w, half), (x + w + d, half + u), (x + w + d, -half + u), (x + w, -half)],
                               facecolor=colour, alpha=0.75, **style))  # fmt: skip
    front = [(x - w, half), (x + w, half), (x + w, -half), (x - w, -half)]
    axes.add_patch(Polygon(front, facecolor=colour, **style))
    return d


# Layers that leave the number of values as it is, and say nothing about the hourglass.
SILENT = {
    "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "BatchNormalization",
    "LayerNormalization", "Rescaling", "Flatten", "Reshape", "Masking", "ActivityRegularization", "Identity",
}  # fmt: skip
ACTIVATIONS = {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"}


@dataclass
class Stage:
    """One bar or box: shape without the batch axis, what it is called, and what was done to its values."""

    shape: tuple[int, ...]
    name: str = ""
    activation: str = ""
    coding: bool = False

    @property
    def size(self) -> str:
        return " × ".join(str(n) for n in self.shape)


def stages_of_model(model_or_sizes, coding: int | None = None) -> list[Stage]:
    """The stages from input to output, with the coding stage marked. Raises TypeError or ValueError."""
    if hasattr(model_or_sizes, "encoder") and hasattr(model_or_sizes, "decoder"):
        first, second = (_walk(part) for part in (model_or_sizes.encoder, model_or_sizes.decoder))
        stages = first + second[1:]  # the decoder's input is the encoder's output
        smallest = len(first) - 1
    elif hasattr(model_or_sizes, "layers"):
        stages = _walk(model_or_sizes)
        smallest = _smallest(stages)
    else:
        stages = [_given(size) for size in model_or_sizes]
        if len(stages) < 2:
            raise ValueError("hourglass needs at least an input and one layer, such as [784, 30, 784].")
        stages[0].name = stages[0].name or "input"
        stages[-1].name = stages[-1].name or "output"
        smallest = _smallest(stages)
    at = smallest if coding is None else range(len(stages))[coding]
    stages[at].coding = True
    return stages


def _smallest(stages: list[Stage]) -> int:
    return min(range(len(stages)), key=lambda i: math.prod(stages[i].shape))


def _given(size) -> Stage:
    numbers = (size,) if isinstance(size, int) or hasattr(size, "__index__") else tuple(size)
    if not numbers or any(not hasattr(n, "__index__") or n < 1 for n in numbers) or len(numbers) > 3:
        raise TypeError(
            f"hourglass needs a built Keras model or a list of sizes such as [784, 100, 30, 100, 784] or "
            f"[(28, 28, 1), (14, 14, 16), 30]; it does not know what to do with {size!r}."
        )
    return Stage(tuple(int(n) for n in numbers))


def _walk(model) -> list[Stage]:
    shape = _input_shape(model)
    stages = [Stage(shape, "input")]
    for layer in _leaves(model):
        kind = type(layer).__name__
        if kind in ACTIVATIONS and len(stages) > 1:
            stages[-1].activation = _activation(layer) or kind
            continue
        if kind == "InputLayer":
            continue
        after = _output_shape(layer, shape)
        shape = after or shape
        if after is None or kind in SILENT:
            continue
        stages.append(Stage(shape, _called(layer, kind), _activation(layer)))
    if len(stages) < 2:
        raise ValueError(_unbuilt(model))
    return stages


def _leaves(model):
    for layer in model.layers:
        if getattr(layer, "layers", None):
            yield from _leaves(layer)
        else:
            yield layer


def _unbuilt(model) -> str:
    return (
        f"The model {getattr(model, 'name', '')!r} has not been built, so its layers have no sizes yet. "
        "Begin it with keras.Input(shape=…), or call it once on a batch, then draw it."
    )


def _input_shape(model) -> tuple[int, ...]:
    for candidate in (model, *getattr(model, "layers", ())[:1]):
        try:
            shape = candidate.input.shape
        except (AttributeError, ValueError):
            config = candidate.get_build_config() if getattr(candidate, "built", False) else None
            shape = (config or {}).get("input_shape")
        if shape is not None and None not in tuple(shape)[1:]:
            return tuple(int(n) for n in tuple(shape)[1:])
    raise ValueError(_unbuilt(model))


def _output_shape(layer, before: tuple[int, ...]) -> tuple[int, ...] | None:
    """Shape of the output without the batch axis, or None for a layer that gives several things at once."""
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):
        # A layer used inside a subclassed model has no symbolic output: ask it what it would give.
        try:
            shape = layer.compute_output_shape((None, *before))
        except NotImplementedError:
            return None
    if not shape or not all(n is None or hasattr(n, "__index__") for n in shape):
        return None
    return tuple(int(n or 1) for n in shape[1:]) or None


def _activation(layer) -> str:
    function = getattr(getattr(layer, "layer", layer), "activation", None)  # TimeDistributed wraps a layer
    name = getattr(function, "__name__", "") or type(function).__name__ if function is not None else ""
    return "" if name in ("linear", "NoneType") else name.replace("_", " ")


def _called(layer, kind: str) -> str:
    """The name a student gave, or the kind of layer where Keras made up the name ("dense_3")."""
    if re.sub(r"_\d+$", "", layer.name).replace("_", "") != kind.lower():
        return layer.name.replace("_", "\n")
    kind = type(layer.layer).__name__ if kind == "TimeDistributed" else kind
    return re.sub(r"(?<=[a-z0-9D])(?=[A-Z][a-z])", "\n", kind)

"""What `plots.hourglass` sees of a Keras model: the sizes, kinds and activations of its layers.

It reads the model's attributes only and does not import Keras, so that plots stay quick to import.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

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


def stages_of(model_or_sizes, coding: int | None = None) -> list[Stage]:
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

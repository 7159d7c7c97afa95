"""What a model with a training step of its own looks at before it trains, so that nothing fails late or in silence.

Keras knows nothing of such a step: it would train on pixels of a wrong range, and say in the last epoch that the
model cannot be saved. All looks are at the arrays that `fit` is given, once, before anything is compiled.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence

import numpy as np

from helpers.backend import keras, tf

LOOKED_AT = 2_000  # images, spread over the whole set
BYTES = 20  # whose largest pixel is above this has not divided by 255


def look_first(kind: type, parts: Sequence[str], look: Callable, validation: Callable, remark: Callable | None = None):
    """Give a class of models a `fit` that looks at what it is given, and a `save` that says how it is saved.

    kind: a subclass of keras.Model with a training step of its own.   parts: the names of its networks.
    look: (model, images, labels) → (images, labels) to train on.   validation: (model, validation_data) → the same.
    Both raise ValueError for what cannot work.   remark: (model, images) → a line to print, or "", on images that can
    be trained on, but hardly as they were meant; `model.remark(images)` prints it, and so does a `fit` that is not
    silent.

    A function, and not a parent of those classes: what is said before a training is no part of it, and weights that
    were trained without these words do not grow stale by them.
    """
    plain_fit, plain_evaluate = kind.fit, kind.evaluate

    @functools.wraps(plain_fit)
    def fit(self, *args, **kwargs):
        given = inspect.signature(plain_fit).bind(self, *args, **kwargs)
        values = given.arguments
        _must_be_32_bit(self, parts)
        if _keeps_whole_models(values.get("callbacks")):
            raise ValueError(f"ModelCheckpoint needs save_weights_only=True here. {_how_to_save(parts)}")
        weighed = [name for name in ("sample_weight", "class_weight") if values.get(name) is not None]
        if weighed:
            raise ValueError(f"All images count alike in this model: fit takes no {' and no '.join(weighed)} here.")
        values["x"], values["y"] = look(self, as_array(values.get("x")), values.get("y"))
        values["x"] = _fitting(self, parts, values["x"])
        if values.get("validation_data") is not None:
            validated = validation(self, as_array(values["validation_data"]))
            values["validation_data"] = _fitting(self, parts, validated)
        if values.get("verbose", "auto") != 0:
            self.remark(values["x"])
        _know_the_batch(self, values["x"], values.get("batch_size") or 32)
        return plain_fit(*given.args, **given.kwargs)

    @functools.wraps(plain_evaluate)
    def evaluate(self, *args, **kwargs):
        given = inspect.signature(plain_evaluate).bind(self, *args, **kwargs)
        data = given.arguments.get("x"), given.arguments.get("y")
        images = validation(self, data if data[1] is not None else as_array(data[0]))
        given.arguments.update(x=_fitting(self, parts, images), y=None)
        return plain_evaluate(*given.args, **given.kwargs)

    def save(self, *args, **kwargs):
        """Always raises NotImplementedError: such a model is saved by its weights."""
        raise NotImplementedError(_how_to_save(parts))

    def get_config(self):
        """Always raises NotImplementedError: what copies a model or saves it by another way than `save` comes here."""
        raise NotImplementedError(_how_to_save(parts))

    def say(self, images) -> None:
        """Print what there is to remark on images that are to be trained on."""
        words = remark(self, images) if remark else ""
        if words:
            print(words)

    kind.fit, kind.evaluate, kind.save, kind.get_config, kind.remark = fit, evaluate, save, get_config, say


def _know_the_batch(model, images, batch_size: int) -> None:
    """Note how many images each batch of this `fit` has, None where the last one has fewer: see `sized`."""
    count = batch_size if hasattr(images, "shape") and len(images) % batch_size == 0 else None
    if count != getattr(model, "images_a_batch", None):
        model.images_a_batch = count
        model.train_function = None  # the compiled step was made for another number


def sized(model, batch):
    """A batch whose shape says how many images it has, where all batches of this `fit` have as many.

    Keras compiles a step for batches of any size, in which x.shape[0] is None; a layer that asks for it, or loops over
    the images, would work on arrays and fail in training.
    """
    count = getattr(model, "images_a_batch", None)
    if count is None or not isinstance(batch, tf.Tensor) or tf.distribute.get_strategy().num_replicas_in_sync > 1:
        return batch
    return tf.ensure_shape(batch, (count, *batch.shape[1:]))


def _must_be_32_bit(model, parts: Sequence[str]) -> None:
    for name in parts:
        numbers = getattr(model, name).compute_dtype
        if numbers != "float32":
            raise ValueError(
                f"The {name} computes in {numbers}, and this model trains in float32. Before you build it: "
                "keras.config.set_dtype_policy('float32')."
            )


def _how_to_save(parts: Sequence[str]) -> str:
    whole = " and ".join(f"model.{name}.save('{name}.keras')" for name in parts)
    return (
        "This model is not saved or copied whole, but by its weights: model.save_weights('NAME.weights.h5'), and "
        f"load_weights of a model that is built alike. The networks can be saved whole: {whole}."
    )


def _keeps_whole_models(callbacks) -> bool:
    each = callbacks if isinstance(callbacks, (list, tuple)) else getattr(callbacks, "callbacks", [callbacks])
    return any(isinstance(one, keras.callbacks.ModelCheckpoint) and not one.save_weights_only for one in each)


def as_array(x):
    """A list of images as one array; anything else as it is, and so are a pair and a triple of arrays."""
    if not isinstance(x, (list, tuple)) or (len(x) in (1, 2, 3) and np.ndim(x[0]) > 1):
        return x
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError("The images of this list differ in size: they need one shape for one array.") from None


def _fitting(model, parts: Sequence[str], images):
    """The images as numbers with a point, of the shape that the model takes. Raises ValueError, with a cure."""
    if images is None:
        raise ValueError("There are no images to train on: fit(X).")
    batched = isinstance(images, tf.data.Dataset)
    some = _first_batch(images) if batched else images
    if not isinstance(some, (np.ndarray, tf.Tensor)):
        return images  # a generator and the like: Keras knows more of it
    if len(some.shape) and not some.shape[0]:
        raise ValueError(f"There are no images to train on: the array has the shape {tuple(some.shape)}.")
    _must_have_shape(model, parts, tuple(some.shape), batched)
    return images if batched else _as_floats(images)


def _as_floats(images):
    if isinstance(images, tf.Tensor):
        return images if images.dtype.is_floating else tf.cast(images, "float32")
    if images.dtype.kind == "f":
        return images
    try:
        return images.astype(np.float32)
    except (TypeError, ValueError):
        raise ValueError(f"The images are no numbers but {images.dtype}.") from None


def _must_have_shape(model, parts: Sequence[str], found: tuple, batched: bool) -> None:
    name = "encoder" if "encoder" in parts else "discriminator"
    wanted = getattr(getattr(model, name), "input_shape", None)
    if isinstance(wanted, list):  # a discriminator that is told the class as well
        wanted = wanted[0]
    if not isinstance(wanted, tuple) or None in wanted[1:]:
        return
    wanted, each = tuple(wanted[1:]), found[1:]
    # A network takes or leaves a last axis of length 1 by itself; an error between two images does not.
    alike = each == wanted or (name != "encoder" and _without_ones(each) == _without_ones(wanted))
    if len(found) > 1 and alike:
        return
    if found == wanted:
        cure = "a Dataset of batches: dataset.batch(32)" if batched else "one image alone goes in as X[None]"
    elif np.prod(each) == np.prod(wanted) and (len(each) == 1 or _without_ones(each) == _without_ones(wanted)):
        cure = f"fit(X.reshape(-1, {', '.join(map(str, wanted))}))"
    else:
        cure = "bring the images to this shape, or build the model for theirs"
    raise ValueError(f"The {name} takes images of the shape {wanted}, and these have {each}. What to do: {cure}.")


def _without_ones(shape: tuple) -> tuple:
    return tuple(side for side in shape if side != 1)


def _first_batch(dataset):
    """The images of the first batch of a tf.data.Dataset."""
    for batch in dataset.take(1):
        return batch[0] if isinstance(batch, tuple) else batch
    raise ValueError("There are no images to train on: the Dataset is empty.")


def images_alone(x, y=None):
    """The images of what a model without targets is given: of X, of (X, X), of X and X, of a Dataset of pairs.

    Raises ValueError for targets that are not the images themselves.
    """
    if isinstance(x, tf.data.Dataset):
        pairs = isinstance(x.element_spec, tuple)
        return x.map(lambda images, *rest: images) if pairs else x
    if isinstance(x, (tuple, list)) and len(x) in (1, 2, 3) and np.ndim(x[0]) > 1:
        x, y = (*x, None)[:2]
    if y is not None and not _equal(x, y):
        raise ValueError("This model learns from images alone, which are their own targets: fit(X), or fit(X, X).")
    return x


def _equal(x, y) -> bool:
    return x is y or (np.shape(x) == np.shape(y) and bool(np.array_equal(x, y)))


def pixel_range(network) -> tuple[float, float] | None:
    """The range of what a network makes, from the activation of its last layer that has one; None when unknown."""
    for layer in reversed(getattr(network, "layers", [])):
        if getattr(layer, "layers", None):
            return pixel_range(layer)
        if hasattr(layer, "activation"):
            return {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}.get(getattr(layer.activation, "__name__", ""))
    return None


def extremes(images) -> tuple[float, float] | None:
    """The smallest and the largest pixel of a sample of an array, of a Dataset's first batch; None for other things.

    Raises ValueError for pixels that are not finite.
    """
    if isinstance(images, tf.data.Dataset):
        images = _first_batch(images)
    if not isinstance(images, (np.ndarray, tf.Tensor)) or np.ndim(images) < 2 or not len(images):
        return None
    some = np.asarray(images[:: -(-len(images) // LOOKED_AT)])
    if some.dtype.kind not in "fiub":
        return None
    low, high = float(some.min()), float(some.max())
    if not np.isfinite([low, high]).all():
        raise ValueError("Some pixels of the images are not finite numbers (nan or inf).")
    return low, high


def must_lie_in(images, wanted: tuple[float, float] | None, slack: float) -> None:
    """ValueError, with a cure, when pixels leave the range `wanted` by more than `slack` times its width."""
    found = extremes(images)
    if found is None or wanted is None:
        return
    room = slack * (wanted[1] - wanted[0])
    if found[0] < wanted[0] - room or found[1] > wanted[1] + room:
        raise ValueError(
            f"The pixels run from {found[0]:.3g} to {found[1]:.3g}, and this model makes images from {wanted[0]:g} to "
            f"{wanted[1]:g}. What to do: fit({cure(found, wanted)})."
        )


def cure(found: tuple[float, float], wanted: tuple[float, float]) -> str:
    """How to bring images X from the range that was found into the one that is wanted, as Python."""
    signed = wanted[0] < 0
    if found[1] > BYTES:
        return "X / 127.5 - 1" if signed else "X / 255"
    if signed:
        return "2 * X - 1" if found[0] >= 0 else f"X / {max(-found[0], found[1]):.3g}"
    return "(X + 1) / 2" if found[0] < 0 else f"X / {found[1]:.3g}"


def must_be_classes(labels, classes: int | None) -> None:
    """ValueError unless labels are whole numbers, one for each image, from 0 to classes − 1 (if that is known)."""
    if not isinstance(labels, (np.ndarray, tf.Tensor, list)) or not len(labels):
        return
    labels = np.asarray(labels)
    if labels.ndim != 1 and not (labels.ndim == 2 and labels.shape[1] == 1):
        raise ValueError(f"Labels are one whole number for each image, shape (n,); these have {labels.shape}.")
    top = float("inf") if classes is None else classes - 1
    if (labels != np.floor(labels)).any() or labels.min() < 0 or labels.max() > top:
        until = "upwards" if classes is None else f"to {top}"
        raise ValueError(
            f"Labels are whole numbers from 0 {until}; these run from {labels.min():g} to {labels.max():g}."
        )

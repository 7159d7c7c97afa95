"""A film of a training: what a generator makes of the same codings, again and again, while it learns.

    film = Film(gan, fixed_codings(gan, 40))
    gan.fit(images, epochs=20, callbacks=[film])
    film_view(film)

Weights that ship have the film of their training beside them:

    def train(callbacks):
        return gan.fit(images, epochs=20, callbacks=callbacks, verbose=0)

    outcome, film = Film.load_or_train(gan, "gan_11", train, source=…, lesson="11", data=garments)
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from helpers import session
from helpers.backend import keras
from helpers.gans import samples
from helpers.weights import store
from helpers.weights.archive import Unfit, data_text, read, read_manifest, versions, write
from helpers.weights.digest import digest

TOLD = ("frechet", "precision", "recall", "nearest_ratio", "copies")  # figures that weights are kept with
GROWTH = 20  # the last interval between two frames is about so many times as long as the first
FORM = digest("film, form 1")


class Film(keras.callbacks.Callback):
    """Keeps frames of a training: the images of fixed codings, and what share of all images is of which class.

    gan: a GAN.   codings: (n, k).   labels: for a conditional GAN, one label for each coding.
    frames: how many frames to take: the first before the first step, the last after the last one, the others
        at intervals that grow, since early steps change more. A short training has fewer.
    evenly: equal intervals instead, for trainings in which much happens late, such as those that grow.
    judged: so many fresh images are classified at each frame (0: none, as for points in the plane).
    name: for trainings that may be killed and go on, where several films have the same codings.

    images: (frames, n, 28, 28) uint8, or (frames, n, 2) float32 of points.   steps: (frames,) training steps so
    far (epochs, where Keras does not know the number of steps).   histogram: (frames, 10), or None.
    A `fit` from its first epoch begins the film anew; one that goes on (after an interruption, or after its
    process was killed, in the full profile with `weights.load_or_train`) goes on with the film, too.
    Raises ValueError for fewer than 2 frames, and when codings and labels do not fit the GAN.
    """

    async_safe = True  # it does nothing at the end of a batch, so Keras need not wait for each batch's figures

    def __init__(
        self, gan, codings, labels=None, frames: int = 20, *, judged: int = 500, name: str = "",
        evenly: bool = False,
    ):  # fmt: skip
        super().__init__()
        if frames < 2:
            raise ValueError(f"A film needs a first and a last frame, so frames must be 2 or more; got {frames}.")
        self.gan, self.frames, self.judged, self.name = gan, frames, judged, name
        self.growth = 1 if evenly else GROWTH
        self.codings = np.asarray(codings, dtype=np.float32)
        self.labels = None if labels is None else np.asarray(labels)
        first = self._look()  # now, so that what does not fit is told before the training
        self.judged = judged if first.ndim > 2 else 0
        self._empty()

    def _empty(self) -> None:
        self.unit, self._begun, self._step, self._total = "step", False, 0, 0
        self._images: list[np.ndarray] = []
        self._steps: list[int] = []
        self._shares: list[np.ndarray] = []

    @property
    def images(self) -> np.ndarray:
        return np.stack(self._images) if self._images else np.zeros((0, len(self.codings)), np.uint8)

    @property
    def steps(self) -> np.ndarray:
        return np.array(self._steps, dtype=np.int64)

    @property
    def histogram(self) -> np.ndarray | None:
        return np.stack(self._shares) if self._shares else None

    # -- while training ------------------------------------------------------------------------------------

    def on_train_begin(self, logs=None):
        self._begun = False

    def on_epoch_begin(self, epoch, logs=None):
        if not self._begun:  # not in on_train_begin: a backup may set the first epoch there
            self._begin(epoch)
        self._base = epoch * self._per_epoch

    def on_train_batch_begin(self, batch, logs=None):
        if self.unit == "step" or batch == 0:
            self._step = self._base + (batch if self.unit == "step" else 0)
            if self._step >= self._due():
                self._take()

    def on_epoch_end(self, epoch, logs=None):
        self._step = (epoch + 1) * self._per_epoch

    def on_train_end(self, logs=None):
        if not self._begun:  # no epoch was left to do: a backup had them all
            self._begin((self.params or {}).get("epochs") or 0)
            self._step = self._total
        if self._step > max(self._steps, default=-1):
            self._take()

    def _begin(self, epoch: int) -> None:
        steps = (self.params or {}).get("steps")
        self.unit, self._per_epoch = ("step", steps) if steps else ("epoch", 1)
        self._total = max(1, ((self.params or {}).get("epochs") or 1) * self._per_epoch)
        self._plan, self._begun = timetable(self._total, self.frames, self.growth), True
        if epoch == 0:
            self._cut(-1)
        elif not self._steps:
            self._go_on()
        self._cut(epoch * self._per_epoch)  # an epoch that was cut short is done again

    def _due(self) -> float:
        """The step at which the next frame is to be taken."""
        later = self._plan[self._plan > max(self._steps, default=-1)]
        return later[0] if len(later) else np.inf

    def _take(self) -> None:
        self._images.append(self._look())
        self._steps.append(int(self._step))
        if self.judged:
            from helpers.metrics import (
                classifier,  # here: films of points do without the classifier
                image_quality,
            )

            labels = None if self.labels is None else np.resize(self.labels, self.judged)
            judged = samples.draw(self.gan, self.judged, seed=1, labels=labels)
            sound = judged[np.isfinite(judged).all(axis=(1, 2))]
            share = image_quality.class_histogram(classifier.probabilities(sound)) if len(sound) else np.zeros(10)
            self._shares.append(share.astype(np.float32))
        if session.profile() == "full":
            self._write(*self._kept(), lesson="", data="")

    def _look(self) -> np.ndarray:
        """A frame; what is not finite any more becomes black, and a point goes far away."""
        made = samples.images(self.gan, self.codings, self.labels)
        if made.ndim == 2:
            return np.nan_to_num(made, nan=1e6, posinf=1e6, neginf=-1e6)
        return np.round(255 * np.nan_to_num(made)).astype(np.uint8)

    def _cut(self, step: int) -> None:
        """Forget the frames after this step."""
        left = int(np.sum(self.steps <= step))
        self._images, self._steps, self._shares = self._images[:left], self._steps[:left], self._shares[:left]

    # -- on disk -------------------------------------------------------------------------------------------

    def save(self, name: str = "", *, lesson: str = "", data="") -> None:
        """Write the film beside the weights, as NAME.npz and NAME.json; only in the full profile, as they are.

        lesson, data: as in `weights.save`. Films of a subset never take the place of those that ship.
        Raises ValueError for a film without frames, OSError if the folder cannot be written.
        """
        if not self._steps:
            raise ValueError("This film has no frames yet: give it to fit first, callbacks=[film].")
        own_folder = store.folder() != Path(store.__file__).with_name("shipped")
        if session.profile() != "full" or not (getattr(data, "is_full", True) or own_folder):
            return
        self._write(store.folder(), name or self.name, lesson=lesson, data=data)
        for kind in ("npz", "json"):
            folder, kept = self._kept()
            (folder / f"{kept}.{kind}").unlink(missing_ok=True)

    @classmethod
    def load(cls, name: str) -> Film:
        """The film NAME, to be looked at. Raises weights.Unfit, with the reason, if it is missing or damaged."""
        film = cls.__new__(cls)
        keras.callbacks.Callback.__init__(film)
        film.gan, film.name = None, name
        film._empty()
        film._read(store.folder(), name)
        film.frames, film.judged = len(film._steps), 0
        return film

    @classmethod
    def load_or_train(
        cls, gan, name: str, train: Callable, *, source, lesson: str, data, count: int = 30, frames: int = 20,
        judged: int = 500, dtype: str = "float16",
    ) -> tuple[store.Outcome, Film]:  # fmt: skip
        """Weights that ship with their film, or a training that is filmed: (how `gan` came to its weights, the film).

        train: does the training; called with callbacks for `fit`, the film among them. It may return figures, of
            which those of TOLD are kept.   source, lesson, data, dtype: as for `weights.load_or_train`.
        count: codings that are filmed, one of each class in turn for a conditional GAN.   frames, judged: of the film.
        """
        taken = None

        def filmed(callbacks):
            nonlocal taken
            labels = np.arange(count, dtype="int32") % 10 if gan.conditional else None
            taken = cls(gan, samples.fixed_codings(gan, count), labels, frames, judged=judged)
            result = train([*callbacks, taken])
            taken.save(f"{name}_film", lesson=lesson, data=data)
            return {key: result[key] for key in TOLD if key in result} if isinstance(result, dict) else result

        outcome = store.load_or_train(gan, name, filmed, source=source, lesson=lesson, data=data, dtype=dtype)
        return outcome, cls.load(f"{name}_film") if outcome.loaded else taken

    def _kept(self) -> tuple[Path, str]:
        """Where the frames so far are kept, for a training that may be killed."""
        kind = hashlib.sha256(repr((self.name, self._total, self.frames, self.growth, self.codings.shape)).encode())
        kind.update(self.codings.tobytes() + (b"" if self.labels is None else self.labels.tobytes()))
        return session.state_folder() / "backup" / "films", kind.hexdigest()[:16]

    def _go_on(self) -> None:
        """Take over the frames that a killed process left behind."""
        try:
            if session.profile() == "full":
                self._read(*self._kept())
        except Unfit as reason:
            print(f"The film begins here: of its earlier frames, {reason}.")

    def _write(self, folder: Path, name: str, *, lesson: str, data) -> None:
        images = self.images
        arrays = {"steps": self.steps, "codings": self.codings}
        arrays["images"] = np.frombuffer(zlib.compress(images.tobytes()), np.uint8)
        arrays |= {} if self.labels is None else {"labels": self.labels}
        arrays |= {} if self.histogram is None else {"histogram": self.histogram}
        write(folder, name, arrays, {
            "lesson": lesson, "source": FORM, "data": data_text(data), "seconds": 0, "images_seen": 0,
            "figures": {"frames": len(images)}, "history": {}, "versions": versions(),
            "film": {"shape": list(images.shape), "dtype": str(images.dtype), "unit": self.unit},
        })  # fmt: skip

    def _read(self, folder: Path, name: str) -> None:
        facts = read_manifest(folder, name)
        arrays, _ = read(folder, name, [tuple(one["shape"]) for one in facts["weights"]], FORM)
        found = dict(zip((one["key"] for one in facts["weights"]), arrays, strict=True))
        try:
            form, steps, codings = facts["film"], found["steps"], found["codings"].astype(np.float32)
            shape, kind, histogram = tuple(form["shape"]), np.dtype(form["dtype"]), found.get("histogram")
            if form["dtype"] not in ("uint8", "float32") or shape[:2] != (len(steps), len(codings)):
                raise ValueError("frames, steps and codings differ in number")
            room = int(np.prod(shape, dtype=object)) * kind.itemsize
            unpacked = zlib.decompressobj().decompress(found["images"].tobytes(), room + 1)
            images = np.frombuffer(unpacked, kind).reshape(shape)
            if steps.ndim != 1 or (histogram is not None and len(histogram) != len(steps)):
                raise ValueError("frames and class shares differ in number")
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            raise Unfit(f"{name}.npz holds no film ({error})") from None
        self.codings, self.labels, self.unit = codings, found.get("labels"), str(form.get("unit", "step"))
        self._images, self._steps = list(images), [int(step) for step in steps]
        self._shares = [] if histogram is None else list(histogram)


def timetable(total: int, frames: int, growth: float = GROWTH) -> np.ndarray:
    """At most `frames` different steps from 0 to `total`; intervals grow by equal factors, by `growth` in all."""
    lengths = growth ** np.linspace(0, 1, frames - 1)
    places = np.round(total * np.append(0, np.cumsum(lengths)) / lengths.sum())
    return np.unique(np.minimum(np.maximum(places, np.arange(frames)), total).astype(np.int64))

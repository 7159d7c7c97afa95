"""Judges every generator whose weights ship, with five draws each: what lesson 17 sets side by side."""

from __future__ import annotations

import time

from helpers.comparison import generators, measures
from helpers.data import dataset
from helpers.files import atomic_write_json
from helpers.metrics import image_quality
from helpers.weights import store
from helpers.weights.archive import data_text, short, versions

DRAWS = (0, 1, 2, 3, 4)


def run() -> None:
    """Draw from each generator, judge, and write helpers/weights/shipped/generators.json."""
    start = time.monotonic()
    images, real = dataset.load("fashion_mnist", source="full", quiet=True), image_quality.real_images()
    rows = {}
    for one in generators.available():
        draw, facts = one.load(), one.facts
        runs = []
        for seed in DRAWS:
            fakes = draw(image_quality.COUNT, seed=seed)
            runs.append(image_quality.judge_images(fakes, real, train=images.X_train, seed=seed))
            print(f"{one.title}, draw {seed}: Fréchet distance {runs[-1]['frechet']:.3f}", flush=True)
        rows[one.name] = {
            "sha256": facts["sha256"],
            "draws": [{key: short(value) for key, value in figures.items()} for figures in runs],
        }
    content = {
        "version": 1,
        "name": measures.NAME,
        "lesson": "17",
        "count": image_quality.COUNT,
        "draws": list(DRAWS),
        "data": data_text(images),
        "real": "the 2,000 shipped test images",
        "classifier": store.manifest("classifier")["sha256"],
        "seconds": round(time.monotonic() - start, 1),
        "versions": versions(),
        "rows": rows,
    }
    atomic_write_json(store.folder() / f"{measures.NAME}.json", content)

"""The two-sample test of every generator whose weights ship: three fresh detectives for each (lesson 17).

Real images to learn from are the training images that ship; those held back are the test images that ship, which no
generator has seen. What was measured already, of the same weights and in the same way, is not measured again.
"""

from __future__ import annotations

import json
import time

from helpers.comparison import generators, measures
from helpers.data import dataset
from helpers.files import atomic_write_json
from helpers.metrics import two_sample
from helpers.weights import digest, store
from helpers.weights.archive import data_text, short, versions

SEEDS = (42, 43, 44)
COUNT = 4_000  # images of each kind to learn from


def run(most: int | None = None) -> None:
    """Test each generator and write helpers/weights/shipped/detective.json, after each of them.

    most: stop after so many that were not measured before.
    """
    start = time.monotonic()
    images = dataset.load("fashion_mnist", source="shipped", quiet=True)
    real, held = images.X_train[:COUNT], images.X_test
    path, source = store.folder() / f"{measures.DETECTIVE}.json", digest.digest((two_sample.two_sample, SEEDS, COUNT))
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    rows, spent = (before["rows"], before["seconds"]) if before.get("source") == source else ({}, 0)
    for one in generators.available():
        facts = one.facts
        if rows.get(one.name, {}).get("sha256") != facts["sha256"]:
            if most == 0:
                break
            most = None if most is None else most - 1
            draw, accuracy = one.load(), []
            for seed in SEEDS:
                made = draw(COUNT + len(held), seed=seed)
                found = two_sample.two_sample(real, made[:COUNT], held, made[COUNT:], seed=seed)
                accuracy.append(short(found["accuracy"]))
                print(f"{one.title}, detective {seed}: {accuracy[-1]:.3f} right", flush=True)
            black = short(two_sample.black_share(made))
            rows[one.name] = {"sha256": facts["sha256"], "accuracy": accuracy, "black": black}
        content = {
            "version": 1,
            "name": measures.DETECTIVE,
            "lesson": "17",
            "count": COUNT,
            "held": len(held),
            "seeds": list(SEEDS),
            "source": source,
            "data": data_text(images),
            "real_black": short(two_sample.black_share(held)),
            "seconds": round(spent + time.monotonic() - start, 1),
            "versions": versions(),
            "rows": {each.name: rows[each.name] for each in generators.available() if each.name in rows},
        }
        atomic_write_json(path, content)

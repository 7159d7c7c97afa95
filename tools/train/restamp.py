"""Proves that changed code still makes the weights that ship, and then lets their manifests say so.

    python3 workbook.py train --restamp 13 14            # against the last commit
    python3 workbook.py train --restamp 16 --base v1.2   # against another one

Each lesson is run twice in the smoke profile, with the code of the other commit and with today's. Where all arrays
and figures of a training agree bit by bit, and its manifest belongs to the other commit's code, the manifest gets
today's digest. The weights themselves are not touched. What was stale stays stale.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from helpers.files import atomic_write_json
from helpers.weights import store
from tools.build import source
from tools.train import sources
from tools.train.running import run_lesson

ROOT = Path(__file__).resolve().parents[2]


def restamp(lessons: Sequence[str], base: str = "HEAD") -> int:
    """Compare the trainings of these lessons ("13", …) with those of a commit; returns 1 if any differs, else 0."""
    with tempfile.TemporaryDirectory(prefix="workbook-restamp-") as scratch:
        before = Path(scratch) / "before"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", before, base], cwd=ROOT, check=True)
        try:
            return max([_lesson(number, before, Path(scratch)) for number in lessons])
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", before], cwd=ROOT, check=True)


def _lesson(number: str, before: Path, scratch: Path) -> int:
    old, new = (
        _recorded(root, number, scratch / f"{number}-{name}") for root, name in ((before, "old"), (ROOT, "new"))
    )
    moved = (
        dict(zip(old["digests"], new["digests"], strict=False)) if len(old["digests"]) == len(new["digests"]) else {}
    )
    worst = 0
    for facts in sources.manifests(None, number):
        name = facts["name"]
        difference = _difference(scratch, number, name)
        if facts["source"] in new["digests"]:
            print(f"{name}: belongs to this code already.")
        elif facts["source"] not in moved:
            print(f"{name}: does not belong to the code of the other commit either; it stays as it is.")
            worst = 1
        elif difference:
            print(f"{name}: {difference}; it stays as it is.")
            worst = 1
        else:
            path = store.folder() / f"{name}.json"
            atomic_write_json(path, {**facts, "source": moved[facts["source"]]})
            print(f"{name}: equal to the last bit; its manifest belongs to this code now.")
    return worst


def _recorded(root: Path, number: str, folder: Path) -> dict:
    """What a lesson of the workbook in `root` trains, written to `folder`; returns its digests."""
    folder.mkdir()
    settings = {"PROFILE": "smoke", "STRICT": "0", "RECORD": str(folder), "STATE": str(folder / "state")}
    surroundings = {**os.environ, **{f"WORKBOOK_{key}": value for key, value in settings.items()}}
    # one thread: then sums have one order
    surroundings.update(MPLBACKEND="Agg", TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1", OMP_NUM_THREADS="1")
    command = [sys.executable, "-m", "tools.train.restamp", number, str(folder / "digests.json")]
    done = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Lesson {number} did not run in {root.name}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return json.loads((folder / "digests.json").read_text(encoding="utf-8"))


def _difference(scratch: Path, number: str, name: str) -> str:
    """In what two recorded trainings differ; empty when they are equal."""
    files = [scratch / f"{number}-{side}" / f"{name}.npz" for side in ("old", "new")]
    missing = [path for path in files if not path.exists()]
    if missing:
        return f"it was not trained ({missing[0].parent.name})"
    with np.load(files[0], allow_pickle=False) as old, np.load(files[1], allow_pickle=False) as new:
        if len(old.files) != len(new.files):
            return f"{len(old.files)} arrays before, {len(new.files)} now"
        for one, other in zip(old.files, new.files, strict=True):
            if not np.array_equal(old[one], new[other], equal_nan=True):
                return f"array {other} differs"
    return ""


def main(arguments: Sequence[str]) -> int:
    """In a process of its own: run the lesson, then write down its digests."""
    number, target = arguments
    path = next(path for path in source.sources(ROOT / "solutions") if path.stem.startswith(number))
    run_lesson(path)
    Path(target).write_text(json.dumps({"digests": sources.digests(path)}), encoding="utf-8")
    shutil.rmtree(Path(target).parent / "state", ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""python3 workbook.py train NN | classifier | references | generators | detective: makes weights and figures that ship.

    train 10                    lesson 10 with the numbers of its full profile; it saves what it trains
    train classifier            the classifier that judges generated images
    train references            the floors and simple models that generators are held against
    train generators            figures of all generators that ship, five draws each (lesson 17)
    train detective             how well fresh networks tell their images from real ones (lesson 17)
    train 10 13 --fresh         one after the other, from the beginning
    train --restamp 13          changed code that trains the same: say so in the manifests

Needs the full data set. A training that was killed or stopped goes on after its last complete epoch when the
same command is given again, as long as its code is the same; --fresh forgets what was begun.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers import session
from helpers.files import atomic_write_json
from helpers.scoreboard import records
from helpers.weights import store
from tools.build import source
from tools.tables import table
from tools.train.restamp import restamp
from tools.train.running import run_lesson

ROOT = Path(__file__).resolve().parent.parent.parent
SOLUTIONS = ROOT / "solutions"
JOBS = ("classifier", "detective", "generators", "references")  # trainings that belong to no lesson


def known() -> dict[str, Path]:
    """What can be trained: lesson numbers and the trainings beside them, with their files."""
    jobs = {path.stem[:2]: path for path in source.sources(SOLUTIONS)}
    return {**jobs, **{name: Path(__file__).with_name(f"{name}.py") for name in JOBS}}


def main(arguments: list[str] | None = None) -> int:
    """Train what is named. Returns 0, 1 when something failed, 2 when asked for what is not there."""
    parser = argparse.ArgumentParser(
        prog="workbook.py train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("jobs", nargs="+", metavar="NN", help=f"one or more of: {', '.join(known())}")
    parser.add_argument("--fresh", action="store_true", help="begin anew, also what was begun before")
    parser.add_argument(
        "--restamp", action="store_true", help="prove that changed code trains the same, see restamp.py"
    )
    parser.add_argument("--base", default="HEAD", metavar="COMMIT", help="with --restamp: the code to compare with")
    options = parser.parse_args(arguments)
    jobs = [f"{int(text):02d}" if text.isdecimal() else text for text in options.jobs]
    missing = [job for job in jobs if job not in known()]
    if missing:
        names = f"{', '.join(missing)}. There are: {', '.join(known())}."
        print(f"Nothing to train by the name {names}", file=sys.stderr)
        return 2
    if options.restamp:
        return restamp(jobs, options.base)
    if not full_data():
        return 1
    print(plan(jobs), flush=True)
    if len(jobs) == 1:
        return train(jobs[0], options.fresh)
    # Each in a process of its own, which gives its memory back; one that fails does not stop the others.
    command = [sys.executable, "-m", "tools.train.__main__"]
    codes = [subprocess.call([*command, job, *(["--fresh"] * options.fresh)], cwd=ROOT) for job in jobs]
    failed = [job for job, code in zip(jobs, codes, strict=True) if code]
    print(f"Not complete: {', '.join(failed)}." if failed else "All complete.")
    return 1 if failed else 0


def full_data() -> bool:
    """Whether the full set is on this machine; if not, the ways to get it are printed."""
    from helpers.data import dataset

    try:
        print(dataset.load("fashion_mnist", source="full", quiet=True))
    except dataset.DataNotFound as error:
        print(f"Weights that ship are trained on the full data set.\n{error}", file=sys.stderr)
        return False
    return True


def plan(jobs: list[str]) -> str:
    """A table of what will be trained and how long it took last time."""
    rows = []
    for job in jobs:
        before = [facts for facts in shipped().values() if facts["lesson"] == job or facts["name"] == job]
        seconds = [facts["seconds"] for facts in before]
        names = ", ".join(facts["name"] for facts in before) or "nothing yet"
        time_before = f"{sum(seconds) / 60:.1f} min" if seconds and all(seconds) else "not known"
        rows.append((job, known()[job].name, names, time_before))
    return table(rows, ("train", "source", "has written", "training time before"))


def shipped() -> dict[str, dict]:
    """What is known of the files in the folder of weights, by name; damaged ones are passed over."""
    found = {}
    for name, content in files().items():
        try:
            facts = json.loads(content)
            found[name] = {key: facts[key] for key in ("name", "lesson", "seconds")}
        except (ValueError, KeyError, TypeError):
            continue
    return found


def train(job: str, fresh: bool = False) -> int:
    """Run one lesson or training in this process, in the full profile, and say what it has written."""
    state = session.state_folder() / "training" / job  # apart from the maintainer's own progress
    if fresh:
        shutil.rmtree(state, ignore_errors=True)
    before, start = files(), time.monotonic()
    try:
        with full_profile(state):
            if job.isdecimal():
                run_lesson(known()[job])
            else:
                importlib.import_module(f"tools.train.{job}").run()
    except (Exception, KeyboardInterrupt) as error:
        if not isinstance(error, KeyboardInterrupt):
            traceback.print_exc()
        print(f"Training {job} did not end. The same command goes on after the last complete epoch.", file=sys.stderr)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    shutil.rmtree(state / "backup", ignore_errors=True)
    carry_rows(job, state)
    print(f"\n{job}: {(time.monotonic() - start) / 60:.1f} minutes in all.")
    print(written(before))
    return 0


def carry_rows(job: str, state: Path) -> None:
    """Put the lesson's scoreboard rows of this run in the place of its old ones in the file that ships."""
    own, shipped = [json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
                    for path in (state / "scoreboard.json", records.FULL_ROWS)]  # fmt: skip
    new = [row for row in own if row["lesson"] == job and row["profile"] == "full"]
    if new:
        rows = [row for row in shipped if row["lesson"] != job] + new
        rows.sort(key=lambda row: (row["lesson"], row["model"]))
        atomic_write_json(records.FULL_ROWS, {"version": 1, "rows": rows})
        print(f"{len(new)} rows of the scoreboard are in {records.FULL_ROWS.name}.")


@contextmanager
def full_profile(state: Path) -> Iterator[None]:
    """The surroundings of a training: full profile, strict checks, figures off screen, a state folder of its
    own.
    """
    before = dict(os.environ)
    settings = {"PROFILE": "full", "STRICT": "1", "RESUME": "1", "STATE": str(state)}
    os.environ.update({f"WORKBOOK_{name}": value for name, value in settings.items()}, MPLBACKEND="Agg")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def files() -> dict[str, bytes]:
    """The manifests and other texts in the folder of weights, to see later which ones are new."""
    return {path.stem: path.read_bytes() for path in sorted(store.folder().glob("*.json"))}


def written(before: dict[str, bytes]) -> str:
    """A table of the files that are new or have changed."""
    rows = []
    for name in [name for name, content in files().items() if before.get(name) != content]:
        size = sum(path.stat().st_size for path in store.folder().glob(f"{name}.*"))
        figures = (store.manifest(name) or {}).get("figures", {})
        figures = ", ".join(f"{key} {value:.4g}" for key, value in figures.items())
        seconds = f"{shipped()[name]['seconds']:,.0f}" if name in shipped() else "–"
        rows.append((name, f"{size / 1000:,.0f}", seconds, figures or "–"))
    if not rows:
        return "Nothing in the folder of weights has changed."
    return table(rows, ("written", "kB", "seconds of training", "figures"))


if __name__ == "__main__":
    sys.exit(main())

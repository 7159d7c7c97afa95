"""python3 workbook.py bench [NN …]: our methods against well-known recipes, as ratios.

A lesson's benchmark lives in tools/benches/lessonNN.py as `run(data, args)`. It trains both sides in turns
in one process, so that whatever else the machine does slows both alike, and prints ratios; seconds are shown
only beside them, since they belong to one machine.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from pathlib import Path

import helpers  # noqa: F401  (quietens TensorFlow and chooses Keras' backend before either is imported)

BENCHES = Path(__file__).parent
OTHERS = {"sliders": "latency"}  # part of a lesson's benchmark that can be run alone: its name and its module


def known() -> list[str]:
    """The lessons that have a benchmark, as two-digit numbers."""
    return sorted(path.stem.removeprefix("lesson") for path in BENCHES.glob("lesson[0-9][0-9].py"))


def parser() -> argparse.ArgumentParser:
    """The options that all benchmarks share."""
    parse = argparse.ArgumentParser(
        prog="workbook.py bench", description="Our methods against well-known recipes, side by side, as ratios."
    )
    words = f"lessons to run (all: {', '.join(known())}), or one part alone: {', '.join(OTHERS)}"
    parse.add_argument("lessons", nargs="*", metavar="NN", help=words)
    parse.add_argument(
        "--source",
        choices=("auto", "full", "shipped"),
        default="auto",
        help="the full set if this machine has it, else the shipped subset (auto); or one of the two",
    )
    parse.add_argument("--seed", type=int, default=42, help="seed of both sides (default 42)")
    words = "length of a race between two trainings on the recipe's clock (lessons 11 and 13: 15)"
    parse.add_argument("--minutes", type=float, metavar="M", help=words)
    parse.add_argument("--quick", action="store_true", help="a trial run on few images; its figures mean nothing")
    return parse


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks asked for, or all; returns 0, or 2 when asked for something that is not there."""
    args = parser().parse_args(arguments)
    wanted = [f"{int(text):02d}" if text.isdigit() else text for text in args.lessons] or known()
    there = [*known(), *OTHERS]
    missing = [lesson for lesson in wanted if lesson not in there]
    if missing:
        print(f"No benchmark for lesson {', '.join(missing)}; there are: {', '.join(there)}.", file=sys.stderr)
        return 2

    from helpers.data import dataset

    try:
        data = dataset.load("fashion_mnist", source=args.source)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if args.quick:
        data = data.take(train=2000, valid=500, test=500)
        print("A trial run (--quick) on 2,000 images: everything is exercised, nothing is measured.")
    elif not data.is_full:
        print(
            "The full set is not on this machine (or was not asked for), so this is the shipped subset: the "
            "ratios hold for it,\nbut published figures were reached with the 55,000 training images of the full set."
        )
    print(f"{len(data.X_train):,} training and {len(data.X_valid):,} validation images, {versions()}")
    for lesson in wanted:
        module = OTHERS.get(lesson, f"lesson{lesson}")
        importlib.import_module(f"tools.bench.{module}").run(data, args)
    return 0


def versions() -> str:
    """One line that says on what this ran."""
    from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

    import keras  # isort: skip
    import tensorflow  # isort: skip

    return (
        f"Python {platform.python_version()}, Keras {keras.__version__}, "
        f"TensorFlow {tensorflow.__version__}, {os.cpu_count()} CPU cores"
    )


if __name__ == "__main__":
    sys.exit(main())

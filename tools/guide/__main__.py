"""`python3 workbook.py guide`: what an instructor takes along.

    guide                              where the guide is, and what it holds
    guide --questions questions.xml    all quizzes as a bank of questions, in the format Moodle XML
    guide --questions questions.zip    the same as QTI 1.2, for Canvas
    guide --questions q.xml --lesson 01 --lesson 02    only these lessons

The pages of the guide are in docs/teaching/guide.md, docs/glossary.md and docs/bibliography.md; `build` writes them.
"""

import argparse
import sys
from pathlib import Path

from helpers import session
from helpers.files import atomic_write_bytes, atomic_write_text
from tools.build.workbook import Workbook
from tools.guide import questions, sources

WRITERS = {".xml": "Moodle XML", ".zip": "QTI 1.2"}


def main(arguments=None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="workbook.py guide", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, metavar="FILE", help="write the quizzes into this new file")
    parser.add_argument("--lesson", action="append", default=[], metavar="NN", help="only this lesson (repeatable)")
    options = parser.parse_args(arguments)
    workbook = Workbook(session.root())
    if workbook.problems:
        print("\n".join(workbook.problems), file=sys.stderr)
        return 1
    if options.questions is None:
        print("The instructor's guide: docs/teaching/guide.md. `guide --help` says what else there is.")
        return 0
    target = options.questions.absolute()
    trouble = _trouble(target)
    if trouble:
        print(f"guide: {trouble}", file=sys.stderr)
        return 1
    chosen = [sources.Source(workbook.root, lesson) for lesson in workbook.chosen(options.lesson)]
    count = sum(len(source.quizzes) for source in chosen)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".xml":
            atomic_write_text(target, questions.moodle(chosen))
        else:
            atomic_write_bytes(target, questions.canvas(chosen))
    except OSError as error:
        print(f"guide: {target} cannot be written ({error.strerror or error}): name another file", file=sys.stderr)
        return 1
    print(f"wrote {options.questions}: {count} questions, {WRITERS[target.suffix]}")
    return 0


def _trouble(target: Path) -> str:
    """Why nothing can be written to this file, and what to do; "" when it can."""
    if target.suffix not in WRITERS:
        return f"{target.name} ends in neither .xml (Moodle XML) nor .zip (QTI for Canvas), so nothing was written"
    if target.exists():
        return f"{target} is there already and stays as it is: name another file, or move that one away"
    return ""


if __name__ == "__main__":
    raise SystemExit(main())

"""`python3 workbook.py test`: proves that everything works, in stages, with pytest's own output.

    test               everything: at most ten minutes on two cores
    test --quick       without notebooks, kernels and browsers: under a minute
    test --lesson 02   only what touches one lesson
    test --python 3.10 the quick tests and two notebooks under another Python, in an environment of its own
    test --python others   the same under the oldest and the newest other Python that this machine has
    test --with newest the same with the newest versions that pyproject.toml allows; --with colab: with Colab's
    test ... -k pca    anything else goes to pytest

A student's own progress, data folder and settings are neither read nor changed. Standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tools.install.pip import Problem
from tools.test import last, warm_kernel

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_SETTINGS = ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD", "WORKBOOK_PROFILE", "WORKBOOK_STRICT")
NBVAL = (*("--nbval-lax", "--nbval-cell-timeout=900", "--nbval-kernel-startup-timeout=900", "-p", "no:cacheprovider"),)
COLD, WARM = "--nbval-current-env", f"--nbval-kernel-name={warm_kernel.NAME}"
# Two processes run side by side on two cores: each keeps to one, and does not wait for the other's threads.
ONE_CORE = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
SOME = ("10", "13")  # lessons whose models have training steps of their own: what versions of Keras differ in
NOTHING_COLLECTED = 5  # pytest's exit code for it


@dataclass
class Stage:
    """One run of pytest: its name, its arguments, the environment variables it adds, and then its outcome."""

    name: str
    arguments: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)
    kernels: bool = False  # whether it runs notebooks
    code: int | None = None
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    minutes: float = 0.0


def surroundings(scratch: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment variables of a test: state and Keras' cache in `scratch`, nobody's own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
    own = {"WORKBOOK_STATE": str(scratch / "state"), "KERAS_HOME": str(scratch / "keras")}
    return {**kept, **own, **(settings or {})}


def plan(root: Path, quick: bool = False, lesson: str | None = None, some: bool = False) -> list[list[Stage]]:
    """The stages in their order; those of one group run side by side.

    some: the quick tests, and of the notebooks those of SOME.
    """
    # One test file that cannot be read must not hide what the others find.
    only = ["--continue-on-collection-errors", *(["--lesson", lesson] if lesson else [])]
    two = ["-n", "2", "--dist", "worksteal"]  # for two cores; a worker that is done takes over
    groups = [[Stage("quick", ["tests", "-m", "not kernels and not browser and not slow", *only, *two], ONE_CORE)]]
    if quick:
        return groups
    own = SOME if some else (lesson or "",)
    smoke = {"WORKBOOK_PROFILE": "smoke", **ONE_CORE}
    notebooks = []
    for folder, settings in (("solutions", {"WORKBOOK_STRICT": "1"}), ("notebooks", {})):
        found = (path for start in own for path in (root / folder).glob(f"{start}*.ipynb"))
        files = sorted(path.relative_to(root).as_posix() for path in found)
        # Without a file the folder itself: pytest then collects nothing and the stage fails, as it should.
        if some and folder == "notebooks":
            continue
        notebooks.append(Stage(folder, [*(files or [folder]), *NBVAL], {**smoke, **settings}, kernels=True))
    if some:
        return [*groups, notebooks]
    last = [Stage("slow", ["tests", "-m", "(kernels or slow) and not browser", *only, *two], ONE_CORE)]
    if any((root / "tests" / "browser").glob("test_*.py")):  # beside the slow ones: a browser mostly waits
        last.append(Stage("browser", ["tests", "-m", "browser", *only], ONE_CORE))
    return [*groups, notebooks, last]


def run(stage: Stage, root: Path, scratch: Path, talk: Talk, extra: Sequence[str]) -> None:
    """Run one stage and note its outcome in it."""
    report = scratch / f"{stage.name}.xml"
    own = scratch / stage.name  # each its own: two at once would write into one another's files
    own.mkdir()
    command = [sys.executable, "-m", "pytest", *stage.arguments, "-rs", f"--junit-xml={report}", *extra]
    environment = {**surroundings(own, stage.settings), "PYTHONUNBUFFERED": "1"}
    began = time.monotonic()
    with contextlib.ExitStack() as until_then:
        if stage.kernels:
            command.append(COLD)
            if warm_kernel.possible():
                try:
                    place = scratch / f"k{stage.name[0]}"
                    environment |= until_then.enter_context(warm_kernel.warm_kernels(place, environment))
                    command[-1] = WARM
                except RuntimeError as error:  # slower, but nothing is lost
                    talk.say(stage.name, f"{error}\nEach notebook imports its libraries by itself.\n")
        watch(stage, command, root, environment, talk)
    stage.minutes = (time.monotonic() - began) / 60
    stage.passed, stage.failed, stage.skipped = counts(report)
    if stage.code and not stage.failed and stage.code != NOTHING_COLLECTED:
        stage.failed = 1  # pytest itself broke down: no report, but no success either
    talk.end(stage.name)


def as_built(root: Path, scratch: Path) -> dict[str, Path]:
    """{"notebooks/02_….ipynb": a copy as the builder writes it} of the notebooks in which somebody has worked.

    Their own cells may be half-written; what is tested is the workbook.
    """
    from tools.build.__main__ import worked_in  # here: it needs packages, and this module says what is missing
    from tools.build.notebooks import CHECK_OUTPUT, text
    from tools.build.workbook import Workbook

    workbook, copies = Workbook(root), {}
    for path in worked_in(workbook):
        lesson = next(lesson for lesson in workbook.lessons if lesson.stem == path.stem)
        solved = path.parent == workbook.solutions
        notebook = workbook.solved(lesson) if solved else workbook.blank(lesson)
        for cell in notebook.cells:
            if cell.cell_type == "code" and not cell.outputs:  # nothing to compare with
                cell.source = cell.source.replace(CHECK_OUTPUT, "#")
        copy = scratch / "as_built" / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text(notebook), encoding="utf-8")
        copies[path.relative_to(root).as_posix()] = copy
    return copies


def watch(stage: Stage, command: Sequence[str], root: Path, environment: Mapping[str, str], talk: Talk) -> None:
    """Run the command to its end, handing on what it says; its exit code is noted in the stage."""
    child = subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    try:
        with child.stdout:
            for line in child.stdout:
                talk.say(stage.name, line)
        stage.code = child.wait()
    finally:
        if child.poll() is None:
            child.terminate()


class Talk:
    """Prints what stages say: one alone line by line; of two, results at once and the rest in one piece."""

    def __init__(self, names: Sequence[str]):
        self.kept = {name: [] for name in names} if len(names) > 1 else None
        self.lock = threading.Lock()

    def say(self, name: str, line: str) -> None:
        with self.lock:
            if self.kept is None or line.startswith(f"{name}/"):
                print(line, end="", flush=True)
            else:
                self.kept[name].append(line)

    def end(self, name: str) -> None:
        with self.lock:
            if self.kept is not None:
                print(f"\n-- {name} --\n{''.join(self.kept[name])}", flush=True)


def counts(report: Path) -> tuple[int, int, int]:
    """(passed, failed or in error, skipped) of a JUnit report; zeros when there is none."""
    try:
        suites = ElementTree.parse(report).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return 0, 0, 0
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - failed - skipped, 0), failed, skipped


def verdict(stages: Sequence[Stage], lenient: bool = False) -> int:
    """Print the table and the last line; 0 when all is well.

    lenient: a stage may have had nothing to do, as long as not all of them had (one lesson only).
    """
    print(f"\n{'stage':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'minutes':>9}")
    wrong = []
    for stage in stages:
        row = f"{stage.name:<12}{stage.passed:>8}{stage.failed:>8}{stage.skipped:>9}{stage.minutes:>9.1f}"
        if stage.code == NOTHING_COLLECTED:
            row += "   no tests found"
        if stage.failed or stage.code not in (0, NOTHING_COLLECTED if lenient else 0):
            wrong.append(stage.name)
        print(row)
    sums = [sum(getattr(stage, name) for stage in stages) for name in ("passed", "failed", "skipped")]
    if not any(sums):
        wrong = wrong or ["everything: no test was found"]
    if wrong:
        print(f"not in order: {', '.join(wrong)}")
    print("{} passed, {} failed, {} skipped".format(*sums), flush=True)
    return 1 if wrong else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="workbook.py test", description="Prove that everything works. Options not listed here go to pytest."
    )
    parser.add_argument("--quick", action="store_true", help="without notebooks, kernels and browsers")
    parser.add_argument("--lesson", metavar="NN", help="only what touches this lesson")
    parser.add_argument("--python", metavar="3.N", help="the quick tests and two notebooks under this Python")
    parser.add_argument("--with", dest="versions", metavar="newest|colab", help="the same with other versions")
    parser.add_argument("--some", action="store_true", help=argparse.SUPPRESS)  # what the two before run
    chosen, extra = parser.parse_known_args(arguments)
    if importlib.util.find_spec("pytest") is None:
        print(
            Problem(
                "pytest is not installed here.",
                f"{sys.executable} has not what requirements.lock names.",
                "python3 workbook.py test, without WORKBOOK_PYTHON",
            ),
            file=sys.stderr,
        )
        return 1
    lesson = chosen.lesson.zfill(2) if chosen.lesson else None
    stages, commit = [], last.commit(ROOT)
    with tempfile.TemporaryDirectory(prefix="workbook-tests-", ignore_cleanup_errors=True) as scratch:
        groups = plan(ROOT, chosen.quick, lesson, chosen.some)
        copies = {} if chosen.quick else as_built(ROOT, Path(scratch))
        if copies:
            print(f"You have worked in {', '.join(copies)}; that is fine. Tested are copies as they were built.")
        for stage in (stage for group in groups for stage in group if stage.kernels):
            stage.arguments = [str(copies.get(word, word)) for word in stage.arguments]
            stage.settings = {**stage.settings, "PYTHONPATH": str(ROOT)}  # a copy lies elsewhere, beside no helpers
        for group in groups:
            print(f"\n== {' and '.join(stage.name for stage in group)} ==", flush=True)
            talk = Talk([stage.name for stage in group])
            lanes = [threading.Thread(target=run, args=(stage, ROOT, Path(scratch), talk, extra)) for stage in group]
            for lane in lanes:
                lane.start()
            for lane in lanes:
                lane.join()
            stages += group
    code = verdict(stages, lenient=lesson is not None or chosen.some)
    if not (chosen.quick or lesson or chosen.some or extra):
        last.note(ROOT, commit, code)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # pytest has had Ctrl-C as well and ends by itself
        sys.exit(130)

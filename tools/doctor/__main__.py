"""`python3 workbook.py doctor`: looks at this machine and says, line by line, what is well and what to mend.

It runs in any state of the environment, also before there is one, and changes nothing. Standard library only;
what it asks of other packages it asks in a way that survives their absence.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator

from tools import lock as tools_lock
from tools.doctor.symptoms import (
    AFRESH,
    NOTE,
    OK,
    PROBLEM,
    ROOT,
    Line,
    check_browser,
    check_data,
    check_jupyter,
    check_machine,
    check_notebooks,
    check_state,
    check_weights,
)
from tools.install import machine, venv

# Asked of a child process: a TensorFlow that does not suit the processor ends its process on import.
PROBE = """
import json, os, time
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
began = time.monotonic()
import tensorflow as tf, keras
seconds = time.monotonic() - began
assert float(tf.reduce_sum(tf.ones((8, 8)))) == 64
print(json.dumps([tf.__version__, keras.__version__, seconds, len(tf.config.list_physical_devices("GPU"))]))
"""


def check_python() -> Iterator[Line]:
    version = platform.python_version()
    problem = machine.machine_problem()
    if problem:
        yield Line(PROBLEM, "Python", f"{version}: {problem.happened} {problem.meaning}", problem.todo)
    else:
        yield Line(OK, "Python", f"{version}, {platform.machine()} {platform.system()}")


def check_environment() -> Iterator[Line]:
    own = os.environ.get("WORKBOOK_PYTHON")
    if own and shutil.which(os.path.expanduser(own)) is None:
        mend = "correct the path, or unset WORKBOOK_PYTHON"
        yield Line(PROBLEM, "environment", f"WORKBOOK_PYTHON names {own}, which does not start", mend)
    elif own:
        yield Line(NOTE, "environment", f"your own, by WORKBOOK_PYTHON: {sys.prefix}")
    elif venv.ready(ROOT):
        yield Line(OK, "environment", f".venv, {venv.read_stamp(ROOT)['kind']} packages, fits its lock")
    elif venv.folder(ROOT).exists():
        yield Line(PROBLEM, "environment", ".venv is half-made or older than its lock", AFRESH)
    else:
        yield Line(PROBLEM, "environment", "not set up yet", "python3 workbook.py lab")
    problem = machine.modules_problem()
    if problem and not venv.ready(ROOT):
        yield Line(PROBLEM, "set-up", problem.happened, problem.todo)


def locked_versions() -> dict[str, str]:
    """name -> version that the lock in use names for this system and Python; empty without `packaging`."""
    try:
        from packaging.markers import Marker
    except ImportError:
        return {}
    lock = venv.KINDS[venv.read_stamp(ROOT).get("kind", "cpu")][0]
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {pin.name: pin.version for pin in tools_lock.pins(text) if not pin.marker or Marker(pin.marker).evaluate()}


def few(names: list[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def packages_expected() -> bool:
    """Whether this Python is meant to have the packages; one that only starts the front door is not."""
    return venv.find(ROOT) is not None


def check_packages() -> Iterator[Line]:
    if not packages_expected():
        return
    wanted = locked_versions()
    if not wanted:
        yield Line(PROBLEM, "packages", "none are installed for this Python", AFRESH)
        return
    missing, different = [], []
    for name, version in wanted.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
        else:
            if found != version:
                different.append(f"{name} {found} instead of {version}")
    if missing:
        yield Line(PROBLEM, "packages", f"missing: {few(missing)}", AFRESH)
    if different:
        # In an environment of one's own other versions may do; in .venv they mean that somebody changed it.
        state = NOTE if os.environ.get("WORKBOOK_PYTHON") else PROBLEM
        yield Line(state, "packages", f"not as locked: {few(different)}", AFRESH)
    cut = incomplete(name for name in wanted if name not in missing)
    if cut:
        yield Line(PROBLEM, "packages", f"not whole (cut short or changed): {few(cut)}", AFRESH)
    if not missing and not different and not cut:
        yield Line(OK, "packages", f"all {len(wanted)} as locked")


def incomplete(names: Iterable[str]) -> list[str]:
    """The packages of which a file is missing or has another size than when it was installed."""

    def whole(name: str) -> bool:
        # The list as pip wrote it: from Python 3.12 on `importlib.metadata.files` leaves out what is missing.
        package = importlib.metadata.distribution(name)
        for path, _, size in csv.reader((package.read_text("RECORD") or "").splitlines()):
            if size and not path.endswith(".pyc"):
                try:
                    if os.stat(package.locate_file(path)).st_size != int(size):
                        return False
                except OSError:
                    return False
        return True

    return [name for name in names if not whole(name)]


def check_tensorflow(timeout: float = 180, probe: str = PROBE) -> Iterator[Line]:
    if not packages_expected():
        return
    if not machine.has_module("tensorflow"):
        yield Line(PROBLEM, "TensorFlow", "not installed for this Python", AFRESH)
        return
    command = [sys.executable, "-c", probe]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=timeout, env=quiet, encoding="utf-8", errors="replace"
        )
    except subprocess.TimeoutExpired:
        found = f"did not start within {timeout:.0f} s"
        yield Line(
            PROBLEM,
            "TensorFlow",
            found,
            "run doctor again when nothing else is busy; if it stays so, a virus scanner may hold it up",
        )
        return
    try:
        version, keras, seconds, cards = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        yield Line(PROBLEM, "TensorFlow", *crash(done.returncode, done.stderr))
        return
    yield Line(OK, "TensorFlow", f"{version} with Keras {keras}, starts in {seconds:.1f} s")
    if cards:
        yield Line(OK, "GPU", f"{cards} in use")
    elif shutil.which("nvidia-smi"):
        yield Line(NOTE, "GPU", "there is a card, TensorFlow does not use it", "python3 workbook.py lab --gpu (Linux)")
    else:
        yield Line(OK, "GPU", "none, and none is needed")


def crash(code: int, said: str) -> tuple[str, str]:
    """(what was found, the mend) for a TensorFlow that does not import."""
    if code in (-4, 0xC000001D, 0xC000001D - 2**32):  # SIGILL, STATUS_ILLEGAL_INSTRUCTION
        return (
            "this processor lacks instructions that it needs (AVX)",
            "use a newer machine, Binder or Colab (README)",
        )
    if code in (-9, 137):
        return (
            "the system has ended it by force (SIGKILL), as it does when the memory is full",
            "close other programs, or give the container 4 GB of memory; the packages are well",
        )
    if "protobuf" in said.lower() or "Descriptors cannot be created" in said:
        first = next((line for line in said.splitlines() if "Error" in line), "TensorFlow and protobuf do not fit")
        return f"its package protobuf is of another version than it was made with: {first.strip()[:200]}", AFRESH
    last = (said.strip().splitlines() or [f"it ended with code {code} and no word"])[-1]
    if "DLL load failed" in last:
        return last, "install Microsoft's Visual C++ Redistributable (x64), then run doctor again"
    return last[:300], AFRESH


CHECKS: tuple[Callable[[], Iterator[Line]], ...] = (
    *(check_python, check_environment, check_packages, check_tensorflow, check_machine),
    *(check_jupyter, check_notebooks, check_data, check_weights, check_state, check_browser),
)


def show(line: Line) -> str:
    text = f"{line.state:<8} {line.what:<12} {line.found}" + (f"\n-> {line.mend}" if line.mend else "")
    return "\n".join(
        textwrap.fill(part, 110, initial_indent=" " * 22 * (i > 0), subsequent_indent=" " * 22, break_long_words=False)
        for i, part in enumerate(text.splitlines())
    )


def examine(checks=CHECKS) -> int:
    """Run the checks, print their lines as they come, and return the number of problems."""
    problems = 0
    for check in checks:
        try:
            lines = list(check())
        except Exception as error:  # a doctor does not fall ill: the other lines are needed now more than ever
            lines = [Line(PROBLEM, check.__name__.removeprefix("check_"), f"{type(error).__name__}: {error}", AFRESH)]
        for line in lines:
            problems += line.state == PROBLEM
            print(show(line), flush=True)
    return problems


def main(arguments: list[str] | None = None) -> int:
    description = "Look at this machine and say what to mend. Exit code 1 when there is a problem."
    argparse.ArgumentParser(prog="workbook.py doctor", description=description).parse_args(arguments)
    problems = examine()
    print("\nAll is well." if not problems else f"\n{problems} to mend.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

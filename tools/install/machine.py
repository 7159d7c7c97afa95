"""Whether this machine and this Python can hold the workbook; each hindrance as a Problem in plain words.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.install.pip import Problem, Unequipped, explain, killed

NEEDED = ("jupyterlab", "ipywidgets", "tensorflow", "keras", "numpy", "sklearn", "matplotlib")


def look_over(chosen: str) -> Path:
    """The Python that WORKBOOK_PYTHON names, if it has what the workbook needs. Raises Problem."""
    path = shutil.which(os.path.expanduser(chosen))
    code = f"import importlib.util as u, json; print(json.dumps([n for n in {NEEDED!r} if not u.find_spec(n)]))"
    try:
        answer = subprocess.run([path or chosen, "-c", code], capture_output=True, check=True)
        missing = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise Problem(
            f"WORKBOOK_PYTHON is set to '{chosen}', which does not start as a Python.",
            "the workbook was told to use that instead of an environment of its own.",
            "correct the path, or unset WORKBOOK_PYTHON to let the workbook set itself up",
        ) from error
    if missing:
        raise Problem(
            f"the Python that WORKBOOK_PYTHON names has no {', '.join(missing)}.",
            "an environment of your own is yours to fill; the workbook does not change it.",
            f"'{path}' -m pip install -r requirements.lock   (or unset WORKBOOK_PYTHON)",
        )
    return Path(path)


def machine_problem(kind="cpu", system=None, machine=None, bits=None, implementation=None, libc=None, free=None):
    """A Problem when TensorFlow has no package for this machine, else None. The arguments are for tests."""
    system = system or sys.platform
    machine = (machine or (sysconfig.get_platform() if system == "win32" else platform.machine())).lower()
    bits = bits or (64 if sys.maxsize > 2**32 else 32)
    implementation = implementation or sys.implementation.name
    libc = (platform.libc_ver()[0] or "none") if libc is None else libc
    free = bool(sysconfig.get_config_var("Py_GIL_DISABLED")) if free is None else free
    elsewhere = "or open the workbook on Binder or Colab (README)"
    meaning = "TensorFlow has no package for it, and the lessons need TensorFlow."
    if implementation != "cpython" or free:
        what = "a free-threaded Python" if free else f"the Python called {implementation}"
        return Problem(f"this is {what}.", meaning, "use the ordinary Python 3.12 from python.org")
    if bits != 64:
        return Problem("this is a 32-bit Python.", meaning, "install the 64-bit Python 3.12 from python.org")
    if system == "darwin" and machine == "x86_64":
        return Problem(
            "this is a Python for Intel Macs.",
            "TensorFlow has no packages for Intel Macs since version 2.17, and the lessons need a newer one.",
            f"with an Apple chip: install the native Python 3.12 from python.org; else {elsewhere[3:]}",
        )
    if system == "win32" and not machine.endswith("amd64"):
        mend = f"install Python 3.12 for 64-bit x86 (AMD64), which Windows on ARM also runs, {elsewhere}"
        return Problem(f"this is a Python for {machine}.", meaning, mend)
    if system.startswith("linux") and (machine not in ("x86_64", "aarch64") or libc != "glibc"):
        what = f"{machine} Linux" + ("" if libc == "glibc" else " without glibc (Alpine, say)")
        return Problem(f"this is {what}.", meaning, f"use x86-64 or ARM64 Linux with glibc, {elsewhere}")
    if system not in ("darwin", "win32") and not system.startswith("linux"):
        return Problem(f"this is {system}.", meaning, f"use Linux, macOS or Windows, {elsewhere}")
    if kind == "gpu" and (not system.startswith("linux") or machine != "x86_64"):
        return Problem(
            "--gpu is for x86-64 Linux only.",
            "that is where TensorFlow has packages for NVIDIA cards.",
            "leave --gpu out; under Windows, use WSL2 for the card",
        )
    return None


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def modules_problem() -> Problem | None:
    """A Problem when this Python can neither make an environment with pip nor lend it its own."""
    if has_module("venv") and (has_module("ensurepip") or has_module("pip")):
        return None
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    missing = "venv" if not has_module("venv") else "pip and ensurepip"
    return Problem(
        f"this Python {version} comes without {missing}.",
        "your system ships Python in parts, and the part that makes environments is not installed.",
        f"on Debian or Ubuntu: sudo apt install python{version}-venv   (elsewhere: use python.org's Python)",
    )


def room_problem(root: Path, gigabytes: float, free: float | None = None) -> Problem | None:
    """A Problem when fewer than so many GB are free beside this file."""
    free = shutil.disk_usage(root).free / 1e9 if free is None else free
    if free >= gigabytes:
        return None
    return Unequipped(
        f"the disk has {free:.1f} GB left, and setting up needs {gigabytes:.0f} GB.",
        "the packages would not fit; nothing has been changed.",
        "make room, or move the workbook to a larger disk, then start again",
    )


def hindrances(root: Path, kind: str, gigabytes: float) -> Iterator[Problem]:
    """All that is known to be in the way of a set-up, before anything is begun."""
    found = (machine_problem(kind), modules_problem(), path_problem(root), index_problem(os.environ))
    yield from (problem for problem in (*found, room_problem(root, gigabytes), temporary_problem(root)) if problem)


def path_problem(root: Path, separator: str = os.pathsep) -> Problem | None:
    """A Problem when the path holds the character that separates the folders of PATH: venv refuses it."""
    if separator not in str(root):
        return None
    return Problem(
        f"the path {root} holds the character '{separator}'.",
        "Python makes no environment there, since this character separates folders in lists of them.",
        f"rename the folder, or move the workbook to a path without '{separator}', then start again",
    )


def index_problem(settings) -> Problem | None:
    """A Problem when pip was told to use no index, and no folder of packages in its place."""
    off = str(settings.get("PIP_NO_INDEX", "")).strip().lower()
    if off in ("", "0", "no", "false", "off") or settings.get("PIP_FIND_LINKS"):
        return None
    return Problem(
        "pip was told to use no package index (PIP_NO_INDEX is set).",
        "then there is no place from which the packages could come.",
        "unset PIP_NO_INDEX, or set PIP_FIND_LINKS to a folder with all the packages, then start again",
    )


TEMPORARY = 1.0  # GB that pip needs in the folder for temporary files; its largest package has 0.3


def temporary_problem(root: Path, free: float | None = None) -> Problem | None:
    """A Problem when the folder for temporary files, on a disk of its own, is full or cannot be written."""
    try:
        place = Path(tempfile.gettempdir())
        if free is None:
            if place.stat().st_dev == root.stat().st_dev:
                return None  # `room_problem` has looked there
            free = shutil.disk_usage(place).free / 1e9
    except OSError:  # Python has tried to write in all that there are
        place, free = Path(os.environ.get("TMPDIR") or "for temporary files"), 0.0
    if free >= TEMPORARY:
        return None
    return Unequipped(
        f"the folder for temporary files, {place}, has {free:.1f} GB left or cannot be written.",
        f"pip unpacks the packages there and needs {TEMPORARY:.0f} GB; nothing has been changed.",
        "make room there, or set TMPDIR to a folder on a larger disk, then start again",
    )


def venv_problem(code: int, said: str, gigabytes: float) -> Problem:
    """What it means that `python -m venv` ended with this code and these words."""
    if code == -9:
        return killed()
    known = explain(said, gigabytes)
    if not known.happened.startswith("pip could not install"):
        return known
    last = (said.strip().splitlines() or ["(nothing)"])[-1]
    return Problem(
        f"Python could not make an environment. It said: {last}",
        "its module venv, or the copy of pip that comes with it, does not work here.",
        "on Debian or Ubuntu: sudo apt install python3-venv   (elsewhere: python.org's Python has it)",
    )

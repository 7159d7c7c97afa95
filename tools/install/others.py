"""`test --python 3.10` and `test --with newest`: the tests under another Python, or with other versions.

`--python others` takes the oldest and the newest that this machine has, as far as they are not the one that asks.

Each has an environment of its own beside .venv, .venv-3.10 say, made by the same code and from the same lock; with
`newest` from the newest versions that pyproject.toml allows, with `colab` from those in tools/test/colab.txt.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.install.pip import Problem, Unequipped
from tools.lock import PYTHONS

# what `--with` knows -> the file that says the versions, the room in GB, what to expect
LOOSE = {
    "newest": ("pyproject.toml", 4.0, "600 MB to download, 2.5 GB on disk"),
    "colab": ("tools/test/colab.txt", 4.0, "600 MB to download, 2.5 GB on disk"),
}
ALL = "others"  # in the place of a version of Python


def wanted(arguments: Sequence[str]) -> tuple[str | None, str | None, list[str]]:
    """(version of Python, name of versions, the remaining arguments) of the arguments of `test`."""
    parser = argparse.ArgumentParser(prog="workbook.py test", add_help=False, allow_abbrev=False)
    parser.add_argument("--python", metavar="3.N")
    parser.add_argument("--with", dest="versions", choices=LOOSE)
    found, rest = parser.parse_known_args(list(arguments))
    return found.python, found.versions, rest


def other_python(version: str, own=sys.version_info, fetch: bool = True) -> list[str]:
    """The command that starts this version of Python ("3.10"). Raises Problem when this machine has none.

    fetch: uv, if there is one, may bring it.
    """
    if not re.fullmatch(r"3\.\d+", version):
        raise Problem(f"'{version}' is no version of Python.", "it is asked for as 3.N.", "for example: --python 3.10")
    if version == f"{own[0]}.{own[1]}":
        return [sys.executable]
    uv = shutil.which("uv")
    candidates = [["py", f"-{version}"]] if os.name == "nt" else [[f"python{version}"]]
    with contextlib.suppress(OSError, RuntimeError):  # a folder that may not be read, a user without a home
        kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
        candidates += [[str(path / "bin" / "python")] for path in sorted(kept.glob(f"{version}.*"), reverse=True)]
    brought = ["--no-project", "--quiet", *([] if fetch else ["--no-python-downloads"]), "--python", version]
    candidates += [[uv, "run", *brought, "python"]] if uv else []
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    for command in candidates:
        try:
            said = subprocess.run([*command, "-c", asked], capture_output=True, encoding="utf-8", errors="replace")
        except OSError:
            continue
        if said.returncode == 0 and said.stdout.strip() == version:
            return command
    raise Problem(
        f"this machine has no Python {version}.",
        "it was looked for on the PATH, in pyenv's folder and with uv.",
        f"install it (pyenv install {version}, or uv python install {version}), then start again",
    )


def ends(root: Path, versions: str | None, rest: Sequence[str], own=sys.version_info) -> int:
    """The tests under the oldest and the newest other Python of this machine, which may have none; 0 if all is well."""
    there, missing = [], []
    for version in PYTHONS:
        try:
            other_python(version, own, fetch=False)
            there.append(version)
        except Problem:
            missing.append(version)
    this = f"{own[0]}.{own[1]}"
    chosen = [version for version in dict.fromkeys([there[0], there[-1]]) if version != this]
    print(f"workbook: this is Python {this}; to try besides: {', '.join(chosen) or 'none, for there is no other'}.")
    if missing:
        print(f"workbook: not on this machine: Python {', '.join(missing)}.")
    failed = []
    for version in chosen:
        print(f"\n==== Python {version} ====", flush=True)
        code = under(root, version, versions, rest)
        if code == Unequipped.code:
            print(f"workbook: Python {version} was not tried, for its packages could not be had here.", flush=True)
        elif code:
            failed.append(version)
    if failed:
        print(f"workbook: not in order under Python {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def folder_name(python: str | None, versions: str | None) -> str:
    """The name of the environment beside .venv."""
    return "-".join([".venv", *filter(None, (python, versions))])


def under(root: Path, python: str, versions: str | None, rest: Sequence[str]) -> int:
    """Start the front door with another Python, which makes its environment and runs the tests; its exit code."""
    command = other_python(python)
    settings = {k: v for k, v in os.environ.items() if k not in ("WORKBOOK_PYTHON", "VIRTUAL_ENV", "PYTHONHOME")}
    settings["WORKBOOK_VENV"] = folder_name(python, versions)
    choice = ["--with", versions] if versions else []
    return subprocess.run([*command, root / "workbook.py", "test", "--some", *choice, *rest], env=settings).returncode


def wishes(text: str, ranges: bool) -> list[str]:
    """The packages that pyproject.toml asks for, those of its tests too: "numpy>=2.0,<3", or without ranges "numpy"."""
    found = []
    for start in ("dependencies", "test"):
        block = re.search(rf"^{start} = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
        for wish in re.findall(r'^\s*"([^"]+)",', block[1] if block else "", re.MULTILINE):
            name, limits, marker = re.fullmatch(r"([\w.\-]+)\s*([^;]*?)\s*(;.*)?", wish).groups()
            found.append(f"{name}{limits if ranges else ''} {marker or ''}".strip())
    return found


def what(root: Path, kind: str) -> list[str]:
    """What pip is asked to install for a name of `--with`."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    if kind == "colab":  # its versions lie outside of our ranges
        return [*wishes(text, ranges=False), "-c", str(root / LOOSE[kind][0])]
    return ["--upgrade", *wishes(text, ranges=True)]

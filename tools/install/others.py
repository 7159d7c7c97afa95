"""`test --python 3.10` and `test --with newest`: the tests under another Python, or with other versions.

Each has an environment of its own beside .venv, .venv-3.10 say, made by the same code and from the same lock; with
`newest` from the newest versions that there are, with `colab` from those in tools/test/colab.txt.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.install.pip import Problem

# what `--with` knows -> the file that says the versions, the room in GB, what to expect
LOOSE = {
    "newest": ("pyproject.toml", 4.0, "600 MB to download, 2.5 GB on disk"),
    "colab": ("tools/test/colab.txt", 4.0, "600 MB to download, 2.5 GB on disk"),
}


def wanted(arguments: Sequence[str]) -> tuple[str | None, str | None, list[str]]:
    """(version of Python, name of versions, the remaining arguments) of the arguments of `test`."""
    parser = argparse.ArgumentParser(prog="workbook.py test", add_help=False, allow_abbrev=False)
    parser.add_argument("--python", metavar="3.N")
    parser.add_argument("--with", dest="versions", choices=LOOSE)
    found, rest = parser.parse_known_args(list(arguments))
    return found.python, found.versions, rest


def other_python(version: str, own=sys.version_info) -> list[str]:
    """The command that starts this version of Python ("3.10"). Raises Problem when this machine has none."""
    if not re.fullmatch(r"3\.\d+", version):
        raise Problem(f"'{version}' is no version of Python.", "it is asked for as 3.N.", "for example: --python 3.10")
    if version == f"{own[0]}.{own[1]}":
        return [sys.executable]
    uv = shutil.which("uv")
    candidates = [["py", f"-{version}"]] if os.name == "nt" else [[f"python{version}"]]
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += [[str(path / "bin" / "python")] for path in sorted(kept.glob(f"{version}.*"), reverse=True)]
    candidates += [[uv, "run", "--no-project", "--quiet", "--python", version, "python"]] if uv else []
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


def names(text: str) -> list[str]:
    """The packages that pyproject.toml asks for, those of its tests too, without versions: "numpy", "x ; marker"."""
    found = []
    for start in ("dependencies", "test"):
        block = re.search(rf"^{start} = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
        for name, marker in re.findall(r'^\s*"([\w.\-]+)[^";]*(;[^"]*)?",', block[1] if block else "", re.MULTILINE):
            found.append(f"{name} {marker}".strip())
    return found


def what(root: Path, kind: str) -> list[str]:
    """What pip is asked to install for a name of `--with`."""
    asked = names((root / "pyproject.toml").read_text(encoding="utf-8"))
    return [*asked, "-c", str(root / LOOSE[kind][0])] if kind == "colab" else ["--upgrade", *asked]

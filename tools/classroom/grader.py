"""Whether nbgrader is installed beside the workbook, and how it comes there."""

import importlib.metadata
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.install.pip import Problem

WANTED = "nbgrader>=0.9.5,<0.10"  # the extra `classroom` of pyproject.toml


def version() -> str | None:
    """The version of nbgrader in this environment; None when there is none."""
    if importlib.util.find_spec("nbgrader") is None:
        return None
    return importlib.metadata.version("nbgrader")


def program() -> str:
    """What starts nbgrader of this environment, fit for a command line."""
    folder = Path(sys.executable).parent
    found = next((path for path in (folder / "nbgrader", folder / "nbgrader.exe") if path.exists()), None)
    words = [str(found)] if found else [sys.executable, "-m", "nbgrader"]
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def install() -> None:
    """Install nbgrader and what it needs; nothing that is there already changes. Raises Problem."""
    here = {d.name: d.version for d in importlib.metadata.distributions() if d.name and d.version}
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "constraints.txt"
        kept.write_text("".join(f"{name}=={number}\n" for name, number in sorted(here.items())), encoding="utf-8")
        options = ["--disable-pip-version-check", "--no-input", "--quiet", "-c", str(kept)]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *options, WANTED],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    if done.returncode:
        said = "\n      ".join((done.stderr.strip() or done.stdout.strip() or "(nothing)").splitlines()[-4:])
        raise Problem(
            f"pip could not install nbgrader. It said:\n      {said}",
            "the course can be written without it; whoever marks needs it.",
            f'connect to the internet and try again, or install it on the machine that marks: pip install "{WANTED}"',
        )

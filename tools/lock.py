"""`python3 workbook.py lock`: makes requirements.lock, those for graphics cards and for Binder, from pyproject.toml.

    lock              keep the versions that are locked and still fit; add or change only what must
    lock --upgrade    take the newest version of everything
    lock --check      write nothing; ask whether every supported system and Python finds all its packages

Needs `uv` on the PATH (pip install uv, in an environment of your own). Standard library only.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.install.pip import Problem

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made by `python3 workbook.py lock` from pyproject.toml. Do not edit by hand.\n"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
SYSTEMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux ARM64": "aarch64-manylinux_2_28",
    "macOS on Apple chips": "aarch64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}
# each lock, and the extras of pyproject.toml that it holds besides; the first sets the versions of the others
LOCKS = {
    "requirements.lock": ("test", "site"),
    "requirements-gpu.lock": ("test", "site", "gpu"),
    ".binder/requirements.txt": ("binder",),  # no tests run there, and every megabyte is waited for
}


@dataclass(frozen=True)
class Pin:
    """One entry of a lock: this version of this package, where the marker holds, with one of the hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(text: str) -> Iterator[Pin]:
    """The pins of a lock's text. Raises ValueError for a line that is neither pin, hash nor comment."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = re.fullmatch(r"([\w.\-]+)==(\S+)(?:\s+;\s+(.*?))?((?:\s+--hash=sha256:[0-9a-f]{64})*)\s*", line)
        if found is None:
            raise ValueError(f"not a pin: {line[:100]}")
        yield Pin(found[1], found[2], found[3] or "", tuple(re.findall(r"sha256:[0-9a-f]{64}", found[4])))


def uv() -> str:
    """The path of uv. Raises Problem when it is not there."""
    path = shutil.which("uv")
    if path is None:
        raise Problem(
            "uv is not on the PATH.",
            "the locks are made with it: it finds versions for all systems and Pythons at once.",
            "pip install uv in an environment of your own (not in .venv), then run this again",
        )
    return path


def call(*arguments: str) -> subprocess.CompletedProcess:
    """Run uv from the root, so that the names of files in its notes are short ones."""
    return subprocess.run([uv(), *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace")


def make(name: str, upgrade: bool) -> str:
    """The text of a new lock. Raises Problem with uv's words when there is no solution."""
    with tempfile.TemporaryDirectory() as scratch:
        draft, excluded = Path(scratch) / Path(name).name, Path(scratch) / "excluded.txt"
        if (ROOT / name).exists() and not upgrade:
            shutil.copy(ROOT / name, draft)  # uv keeps what it finds there
        options = [word for extra in LOCKS[name] for word in ("--extra", extra)]
        if "gpu" in LOCKS[name]:
            # The CUDA build takes the place of the CPU build; everything else is the same version.
            excluded.write_text("tensorflow-cpu\n", encoding="utf-8")
            options += ["--excludes", str(excluded)]
        if name != "requirements.lock":
            options += ["--constraints", "requirements.lock"]
        options += ["--upgrade"] if upgrade else []
        done = call(
            *("pip", "compile", "pyproject.toml", *options),
            *("--universal", "--python-version", PYTHONS[0], "--generate-hashes", "--quiet"),
            *("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--output-file", str(draft)),
        )
        if done.returncode:
            raise Problem(
                f"uv found no solution for {name}:\n{done.stderr.strip()}",
                "two packages of pyproject.toml want versions of a third that exclude each other.",
                "loosen or change the lines it names",
            )
        # Notes of what wants a package name files; none of those may be one of this machine's.
        text = re.sub(r"\n *# +(via )?-c requirements\.lock", "", draft.read_text(encoding="utf-8"))
    return HEADER + text


def holes(name: str) -> list[str]:
    """One line for each system and Python that does not find a wheel for each of its pins."""
    found = []
    for system, platform in SYSTEMS.items():
        for version in PYTHONS:
            if name != "requirements.lock" and system != "Linux x86-64":
                continue  # there is no other with a CUDA build, and Binder has no other
            with tempfile.TemporaryDirectory() as nowhere:
                done = call(
                    *("pip", "install", "--dry-run", "--only-binary", ":all:", "--require-hashes", "--no-deps"),
                    *("--target", nowhere, "--python-platform", platform, "--python-version", version),
                    *("-r", name),
                )
            print(f"  {name}: {system}, Python {version}: {'HOLE' if done.returncode else 'complete'}", flush=True)
            if done.returncode:
                found.append(f"{name}, {system}, Python {version}: {done.stderr.strip()}")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="workbook.py lock", description="Make the locks anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest version of everything")
    parser.add_argument("--check", action="store_true", help="only look for systems that miss a package")
    chosen = parser.parse_args(arguments)
    try:
        for name in () if chosen.check else LOCKS:
            text = make(name, chosen.upgrade)
            count = len(list(pins(text)))
            part = ROOT / f"{name}.part"
            part.write_text(text, encoding="utf-8", newline="\n")
            os.replace(part, ROOT / name)
            print(f"  {name}: {count} pins")
        missing = [hole for name in LOCKS for hole in holes(name)]
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    for hole in missing:
        print(hole, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

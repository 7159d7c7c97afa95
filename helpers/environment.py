"""Is everything here that the lessons need? One line for each thing, with the mend where something is missing."""

from __future__ import annotations

import html
import importlib.metadata
import os
import sys
from dataclasses import dataclass

from helpers import session

PACKAGES = {
    "tensorflow": ("tensorflow-cpu", "tensorflow"),
    "keras": ("keras",),
    "numpy": ("numpy",),
    "matplotlib": ("matplotlib",),
    "scikit-learn": ("scikit-learn",),
    "ipywidgets": ("ipywidgets",),
    "jupyterlab": ("jupyterlab",),
}
MEND = "start the workbook with `python3 workbook.py lab`, which installs what is missing"
OK, NOTE, PROBLEM = "OK", "note", "problem"


@dataclass(frozen=True)
class Finding:
    """One line: "OK", "note" or "problem", what it is about, what was found, and how to mend it."""

    state: str
    what: str
    found: str
    mend: str = ""


class Report(list):
    """Findings that show themselves as text and as an HTML table."""

    def __repr__(self):
        lines = [f"{item.state:<8} {item.what:<13} {item.found}" for item in self]
        mends = [f" → {item.mend}" if item.mend else "" for item in self]
        return "\n".join(line + mend for line, mend in zip(lines, mends, strict=True))

    def _repr_html_(self):
        # White on a dark ground of its own can be read on a light and on a dark page: 6.7 : 1 and more.
        colours = {OK: "#00664A", NOTE: "#7A5200", PROBLEM: "#A33C00"}
        word = "color:#fff;border-radius:3px;padding:0 5px;print-color-adjust:exact;background:"
        cell = '<td style="text-align:left">'
        rows = "".join(
            f'<tr>{cell}<b style="{word}{colours[item.state]}">{item.state}</b></td>{cell}{html.escape(item.what)}</td>'
            f"{cell}{html.escape(item.found)}</td>{cell}{html.escape(item.mend)}</td></tr>"
            for item in self
        )
        return f"<table><tbody>{rows}</tbody></table>"


def version(*names: str) -> str | None:
    """The version of the first of these distributions that is installed; None when none is."""
    for name in names:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def findings() -> list[Finding]:
    """Python, packages, widgets, data, memory and the folder of the student's own state."""
    found = [Finding(OK, "Python", ".".join(map(str, sys.version_info[:3])))]
    for name, distributions in PACKAGES.items():
        number = version(*distributions)
        found.append(Finding(OK, name, number) if number else Finding(PROBLEM, name, "not installed", MEND))
    return [*found, _widgets(), _data(), _machine(), _state()]


def _widgets() -> Finding:
    if version("jupyterlab_widgets") and version("ipywidgets"):
        return Finding(OK, "widgets", "sliders can be shown in JupyterLab")
    return Finding(NOTE, "widgets", "no sliders; every one has a picture instead", MEND)


def _data() -> Finding:
    from helpers.data import dataset

    try:
        return Finding(OK, "data", repr(dataset.load("fashion_mnist", quiet=True)))
    except (OSError, ValueError) as error:
        return Finding(PROBLEM, "data", str(error))


def _machine() -> Finding:
    import psutil

    free = psutil.virtual_memory().available / 2**30
    text = f"{os.cpu_count()} processors, {free:.0f} GiB of free memory"
    if free < 2:
        return Finding(NOTE, "machine", text, "close other programs: the lessons like 2 GiB or more")
    return Finding(OK, "machine", text)


def _state() -> Finding:
    try:
        probe = session.state_folder() / ".probe"
        try:
            probe.write_text("x" * 5_000, encoding="utf-8")  # an empty file fits on a full disk, too
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return Finding(NOTE, "your progress", "cannot be kept", str(error))
    return Finding(OK, "your progress", f"is kept in the folder {session.state_folder().name}")


def report() -> Report:
    """All findings, for the end of a cell."""
    return Report(findings())

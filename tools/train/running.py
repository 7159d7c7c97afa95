"""A lesson run as one program, cell after cell, as `train` and `train --restamp` do it."""

from __future__ import annotations

import json
import os
import runpy
import sys
import tempfile
from pathlib import Path

from tools.build import source


def run_lesson(path: Path) -> None:
    """Execute the solved cells of a lesson's source one after the other, as one program, from its own
    folder.
    """
    lesson = source.read(path)
    title, parts = lesson.front["title"], []
    code = [place for place, cell in enumerate(lesson.cells) if cell.cell_type == "code"]
    for place, cell in enumerate(lesson.cells):
        if cell.cell_type == "markdown":
            headings = [line.strip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            title = headings[-1] if headings else title
            continue
        parts.append(f"_cell({json.dumps(f'cell {code.index(place) + 1} of {len(code)} · {title}')})")
        parts.append(source.solved(cell.source))
    here, arguments = Path.cwd(), sys.argv
    # A real file, so that tracebacks show lines and the digest of a class can find its source.
    with tempfile.TemporaryDirectory(prefix="workbook-train-") as folder:
        program = Path(folder) / path.name
        program.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
        try:
            os.chdir(path.parent)
            sys.argv = [str(program)]
            runpy.run_path(str(program), {"_cell": next_cell}, "__main__")
        finally:
            os.chdir(here)
            sys.argv = arguments


def next_cell(text: str) -> None:
    """Say which cell begins, and close the figures of the last one: nobody looks at them here."""
    print(f"-- {text}", flush=True)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")

"""Runs a solved notebook as an instructor would, and keeps outputs that are small, clean and true without a kernel."""

import copy
import json
import os
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nbclient import NotebookClient

from helpers.files import atomic_write_json
from helpers.scoreboard import records
from helpers.widgets import display
from tools.build import notebooks

LARGEST_OUTPUT = 300_000  # characters of one cell's outputs as JSON
LARGEST_NOTEBOOK = 3_000_000


class ExecutionError(RuntimeError):
    """A solved notebook that does not run cleanly."""


def run(notebook, folder: Path) -> None:
    """Execute `notebook` in place: lecture profile, strict checks, shipped data; notes the digest and the minutes.

    Raises ExecutionError for a cell that fails, warns or leaves outputs too large; nothing is written then.
    """
    metadata = copy.deepcopy(notebook.metadata)  # the client adds the kernel's version, which is not ours to keep
    with tempfile.TemporaryDirectory() as folder_for_now, _environment(Path(folder_for_now) / ".workbook") as state:
        client = NotebookClient(
            notebook,
            timeout=600,
            record_timing=True,
            store_widget_state=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=40"],
        )
        client.execute()
        rows = _rows(state / "scoreboard.json")
    notebook.metadata = metadata
    seconds = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            seconds.append(_seconds(cell.metadata.pop("execution", {})))
            _tidy(cell)
    if sum(len(str(cell.get("outputs", ""))) for cell in notebook.cells) > LARGEST_NOTEBOOK:
        raise ExecutionError(f"The outputs exceed {LARGEST_NOTEBOOK:,} characters: smaller figures, or fewer.")
    notebook.metadata["workbook"]["executed"] = notebooks.code_digest(notebook)
    notebook.metadata["workbook"]["measured"] = {
        "minutes": round(sum(seconds) / 60, 2),
        "slowest_cell_seconds": round(max(seconds, default=0.0), 1),
    }
    notebooks.stamp(notebook)
    _ship(notebook.metadata["workbook"]["lesson"], rows)


def _rows(path: Path) -> list[dict]:
    """The scoreboard rows in a file; none when the lesson has recorded none."""
    return json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []


def _ship(number: str, rows: list[dict]) -> None:
    """Put this lesson's rows in the place of its old ones in the file that ships, except those of a full run."""
    old = _rows(records.SHIPPED_ROWS)
    full = {row["model"] for row in old if row["lesson"] == number and row["profile"] == "full"}
    kept = [row for row in old if row["lesson"] != number or row["model"] in full]
    new = [row for row in rows if row["lesson"] == number and row["model"] not in full]
    everything = sorted(kept + new, key=lambda row: (row["lesson"], row["model"]))
    atomic_write_json(records.SHIPPED_ROWS, {"version": 1, "rows": everything})


@contextmanager
def _environment(state: Path):
    """The profile and data of a machine without the full sets, and a state folder of its own."""
    wanted = {
        "WORKBOOK_PROFILE": "lecture",
        "WORKBOOK_STRICT": "1",
        "WORKBOOK_STATE": str(state),
        "WORKBOOK_DATA": None,
        "KERAS_HOME": str(state / "keras"),
    }
    before = {name: os.environ.get(name) for name in wanted}
    _set(wanted)
    try:
        yield state
    finally:
        _set(before)


def _set(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _seconds(times: dict) -> float:
    try:
        begin, end = (
            datetime.fromisoformat(times[key].replace("Z", "+00:00"))
            for key in ("iopub.status.busy", "iopub.status.idle")
        )
    except KeyError:
        return 0.0
    return (end - begin).total_seconds()


def _tidy(cell) -> None:
    """Drop widget views (dead without a kernel; their static twin is another output) and join split streams."""
    kept = []
    for output in cell.outputs:
        if output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr"):
            raise ExecutionError(f"Cell {cell.id} writes to stderr or fails: {str(output)[:500]}")
        data = output.get("data", {})
        if display.WIDGET in data or data.get("text/html") == display.RULES:
            continue
        output.pop("transient", None)
        same = kept and output.output_type == "stream" and kept[-1].output_type == "stream"
        if same:
            kept[-1]["text"] += output["text"]
        else:
            kept.append(output)
    cell.outputs = kept
    if len(str(kept)) > LARGEST_OUTPUT:
        raise ExecutionError(f"Cell {cell.id} leaves {len(str(kept)):,} characters of output: smaller figures, please.")

"""What the doctor looks at besides the packages: machine, Jupyter, data, weights, progress, browser.

Each check yields lines of the doctor's table. Standard library only; other packages may be missing.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.install import venv

ROOT = Path(__file__).resolve().parent.parent.parent
OK, NOTE, PROBLEM = "OK", "note", "PROBLEM"
AFRESH = "python3 workbook.py lab   (if that does not mend it: delete the folder .venv first)"
MANAGER = "@jupyter-widgets/jupyterlab-manager"


@dataclass(frozen=True)
class Line:
    """One line of the table: its state, what it is about, what was found, and how to mend it."""

    state: str
    what: str
    found: str
    mend: str = ""


def check_machine() -> Iterator[Line]:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Line(OK, "processor", f"{usable} cores")
    try:
        import psutil

        free = psutil.virtual_memory().available / 1e9
    except ImportError:
        free = None
    if free is not None:
        low = free < 2
        found = f"{free:.1f} GB free"
        yield Line(NOTE if low else OK, "memory", found, "close other programs: lessons like 2 GB" if low else "")
    disk = shutil.disk_usage(ROOT).free / 1e9
    need = 0.5 if venv.ready(ROOT) or os.environ.get("WORKBOOK_PYTHON") else venv.KINDS["cpu"][1]
    low = disk < need
    found = f"{disk:.1f} GB free"
    yield Line(PROBLEM if low else OK, "disk", found, f"make room: {need:g} GB are needed" if low else "")


def check_data() -> Iterator[Line]:
    try:
        from helpers.data import dataset

        yield Line(OK, "data", str(dataset.load("fashion_mnist", quiet=True)))
    except ImportError as error:
        yield Line(NOTE, "data", f"not looked at: {error}")
    except Exception as error:  # damaged, missing, unreadable: whatever it is, it is what to report
        yield Line(PROBLEM, "data", str(error), "git checkout -- helpers/data, or get the workbook anew")


def check_weights(folder: Path = ROOT / "helpers" / "weights" / "shipped") -> Iterator[Line]:
    """The shipped weights are there, and each NAME.npz is the one that NAME.json tells of."""
    again = "lessons train instead, which takes longer; git checkout -- helpers/weights/shipped brings them back"
    files = sorted(folder.glob("*.npz"))
    bad = []
    for path in files:
        try:
            manifest = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            if manifest["sha256"] != hashlib.sha256(path.read_bytes()).hexdigest():
                bad.append(f"{path.name} is not what its .json tells of")
        except (OSError, ValueError, KeyError, TypeError):
            bad.append(f"the .json of {path.name} is missing or damaged")
    if bad:
        yield Line(PROBLEM, "weights", ", ".join(bad), again)
    elif files:
        yield Line(OK, "weights", f"{len(files)} sets, as told in their .json files")
    else:
        yield Line(NOTE, "weights", "none are shipped", "lessons train instead, which takes longer")


def check_notebooks(root: Path = ROOT) -> Iterator[Line]:
    """All notebooks can be opened. Where git could not join two changes, it has written both, and its marks."""
    paths = [path for folder in ("notebooks", "solutions") for path in sorted((root / folder).glob("*.ipynb"))]
    well = True
    for path in paths:
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        if "\n<<<<<<< " in text:
            yours, newest = ("--theirs", "--ours") if "\n<<<<<<< Updated upstream" in text else ("--ours", "--theirs")
            mend = f"git checkout {yours} -- {name} keeps yours, {newest} the newest; then: git reset"
            yield Line(PROBLEM, "notebooks", f"{name} holds two versions, which git could not join", mend)
            well = False
        elif not is_notebook(text):
            mend = f"copy it elsewhere, then git checkout -- {name} brings the lesson back"
            yield Line(PROBLEM, "notebooks", f"{name} can no longer be opened: it is damaged", mend)
            well = False
    if paths and well:
        yield Line(OK, "notebooks", f"all {len(paths)} can be opened")


def is_notebook(text: str) -> bool:
    try:
        return isinstance(json.loads(text)["cells"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def check_jupyter() -> Iterator[Line]:
    if venv.find(ROOT) is None:
        return  # there is no environment yet, and so no Jupyter of it
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
        from jupyter_core.paths import jupyter_config_path, jupyter_path
    except ImportError:
        yield Line(PROBLEM, "kernel", "Jupyter is not installed for this Python", AFRESH)
        return
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
        program = shutil.which(spec.argv[0]) or spec.argv[0]
        if Path(program).is_absolute() and not Path(program).exists():
            yield Line(PROBLEM, "kernel", f"{spec.resource_dir} starts {program}, which is gone", "delete that folder")
        else:
            yield Line(OK, "kernel", f"python3, {spec.resource_dir}")
    except NoSuchKernel:
        yield Line(PROBLEM, "kernel", "Jupyter knows no kernel called python3", AFRESH)
    yield from check_widgets(jupyter_path("labextensions"), jupyter_config_path())


def check_widgets(extensions: list[str], settings: list[str]) -> Iterator[Line]:
    """Sliders need JupyterLab's widget manager, of the generation of ipywidgets, and not switched off."""
    mend = "nothing is lost but the sliders: each has a picture. " + AFRESH
    packages = [Path(place) / MANAGER / "package.json" for place in extensions]
    package = next((path for path in packages if path.is_file()), None)
    if package is None:
        yield Line(PROBLEM, "widgets", "JupyterLab's widget manager is missing", mend)
        return
    for place in settings:
        page = Path(place) / "labconfig" / "page_config.json"
        with_text = page.read_text(encoding="utf-8") if page.is_file() else "{}"
        off = json.loads(with_text).get("disabledExtensions", {})
        if MANAGER in off and (not isinstance(off, dict) or off[MANAGER]):
            yield Line(PROBLEM, "widgets", f"switched off in {page}", f"jupyter labextension enable {MANAGER}")
            return
    manager = json.loads(package.read_text(encoding="utf-8")).get("version", "0")
    widgets = importlib.metadata.version("ipywidgets")
    if (widgets.split(".")[0], manager.split(".")[0]) != ("8", "5"):
        yield Line(PROBLEM, "widgets", f"ipywidgets {widgets} and widget manager {manager} do not fit", mend)
    else:
        yield Line(OK, "widgets", f"ipywidgets {widgets}, widget manager {manager}")


def check_state() -> Iterator[Line]:
    folder = ROOT / os.path.expanduser(os.environ.get("WORKBOOK_STATE", "").strip() or ".workbook")
    # Asked, not tried: the doctor leaves nothing behind.
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        yield Line(OK, "progress", f"can be kept in {folder}")
    else:
        mend = "set WORKBOOK_STATE to a folder in which you may write"
        yield Line(PROBLEM, "progress", f"cannot be kept: {folder} cannot be written", mend)


def check_browser() -> Iterator[Line]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found:
        yield Line(OK, "browser", f"{found} (for the browser tests only)")
    else:
        yield Line(NOTE, "browser", "no Chromium or Chrome on the PATH: the browser tests may be skipped, nothing else")

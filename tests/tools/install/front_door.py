"""What the tests of the front door share: a copy of it to play with, and how a mishap must be told."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile

import pytest

from tools import front
from tools.install import venv

ROOT = front.ROOT


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A copy of the front door, in a folder with a space in its name, as (root, run)."""
    root = tmp_path / "a course" / "workbook"
    root.mkdir(parents=True)
    shutil.copy(ROOT / "workbook.py", root)
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for lock, *_ in venv.KINDS.values():
        (root / lock).write_text("# nothing\n", encoding="utf-8")
    monkeypatch.delenv("WORKBOOK_PYTHON", raising=False)

    def start(*arguments, **settings):
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"}
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "WORKBOOK_"))}
        return subprocess.Popen(
            [sys.executable, "-B", str(root / "workbook.py"), *arguments],
            env={**surroundings, **pip, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=tmp_path,
            start_new_session=True,
            # A test run in the background may have been told to ignore Ctrl-C; its children are not to.
            preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name == "posix" else None,
        )

    def run(*arguments, **settings):
        child = start(*arguments, **settings)
        out, err = child.communicate(timeout=1800)
        return child.returncode, out, err

    run.start = start
    return root, run


@pytest.fixture
def quick(house, monkeypatch):
    """The same folder for calls in this process: (root, calls), with pip replaced by a note in `calls`."""
    calls = []
    monkeypatch.setattr(venv, "install", lambda command, lock, *rest: calls.append(lock.name))
    monkeypatch.setattr(venv, "has_module", lambda name: name != "ensurepip")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 0, 10**12))
    return house[0], calls


def names(root):
    return sorted(path.name for path in root.iterdir() if path.name != "__pycache__")


def wheel(folder, name="tiny", version="1.0"):
    """A wheel with one module, and the lines of a lock that name it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "answer = 42\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def is_told(problem):
    """What happened, what it means, what to do: three parts, none of them empty."""
    text = str(problem)
    parts = ("workbook: ", "\n  That means: ", "\n  What to do: ")
    assert [text.count(part) for part in parts] == [1, 1, 1], text
    assert all(len(part.strip()) > 10 for part in (problem.happened, problem.meaning, problem.todo)), text
    assert "{" not in text and "None" not in text, text
    return text

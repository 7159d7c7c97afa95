"""Writing files so that nobody ever meets half a file, and moving damaged ones out of the way.

A file is first written under a temporary name in its own folder and then renamed (``os.replace``), which
every operating system does in one step: a reader sees the old file or the new one, never a mixture, also
when the power goes or the kernel is interrupted in between.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

try:  # Linux, macOS
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


@contextlib.contextmanager
def atomic_writer(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends well, and vanishes when it fails.

    The folder is made if it is missing. Raises OSError if the folder cannot be written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)  # opened again by name, so that `file.name` is one
    try:
        with open(name, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _usual_mode())
        os.replace(name, path)
    except BaseException:  # also an interrupted kernel: leave no rubbish behind
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _usual_mode() -> int:
    """Permissions of an ordinary new file (mkstemp makes private ones, and a class may share its folder)."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def atomic_write_bytes(path: str | Path, content: bytes) -> None:
    """Write `content` to `path` in one step."""
    with atomic_writer(path) as file:
        file.write(content)


def atomic_write_text(path: str | Path, text: str) -> None:
    """Write `text` to `path` in one step, as UTF-8 with its newlines as they are."""
    atomic_write_bytes(path, text.encode("utf-8"))


def atomic_write_json(path: str | Path, value: Any) -> None:
    """Write `value` to `path` in one step, as indented JSON.

    Raises ValueError for NaN or infinity, which JSON does not have, and TypeError for foreign objects.
    """
    atomic_write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: str | Path) -> Any:
    """What a JSON file holds. Raises OSError, and ValueError for all that is not JSON in UTF-8.

    Some editors begin a file with a mark of its encoding (BOM), which is passed over.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except RecursionError:  # a hundred thousand brackets
        raise ValueError("it is nested too deeply") from None


def set_aside(path: str | Path) -> Path | None:
    """Rename a damaged file to ``name.damaged`` (or ``name.damaged-2``, …), never over an older one.

    Returns the new path, or None if the folder does not allow it and everything is left as it was.
    """
    path = Path(path)
    number = 1
    while True:
        target = path.with_name(f"{path.name}.damaged" + (f"-{number}" if number > 1 else ""))
        if not os.path.lexists(target):
            break
        number += 1
    try:
        path.rename(target)
    except OSError:
        return None
    return target


@contextlib.contextmanager
def locked(path: str | Path, timeout: float = 10.0) -> Iterator[None]:
    """Hold ``path.lock`` while the block runs, so that two kernels do not change `path` at the same time.

    The operating system holds the lock and lets it go when a process ends, however it ends, so a crashed
    kernel never blocks the next one; the empty lock file stays where it is. Where the file system knows no
    locks, the block runs without one.
    Raises TimeoutError if somebody else holds the lock for longer than `timeout` seconds.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(f"{path.name}.lock"), "a+b") as file:
        release = _acquire(file, time.monotonic() + timeout)
        try:
            yield
        finally:
            release()


def _acquire(file: BinaryIO, deadline: float) -> Callable[[], None]:
    while True:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lambda: fcntl.flock(file, fcntl.LOCK_UN)
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return lambda: (file.seek(0), msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1))
        except (BlockingIOError, PermissionError):  # "taken", on Linux and macOS, and on Windows
            if time.monotonic() > deadline:
                raise TimeoutError(f"{file.name} has been held by another process for too long") from None
            time.sleep(0.02)
        except OSError:  # a file system without locks (some network drives)
            return lambda: None

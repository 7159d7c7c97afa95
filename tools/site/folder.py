"""Putting a finished site where it belongs: whole or not at all, and never over what somebody else has put there."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.files import atomic_write_json, read_json
from tools.site.parts import SiteError

MARK = ".workbook-site"  # tells a folder of ours, and what we wrote into it


def fit(target: Path) -> None:
    """Raise SiteError when no site may be written to `target`. Called before any work is done."""
    if os.path.lexists(target) and not target.is_dir():
        raise SiteError(f"{target} is a file, and a site is a folder.\n  What to do: name another with --to")
    if target.is_dir() and not (target / MARK).is_file() and any(target.iterdir()):
        raise SiteError(
            f"{target} holds something that is no site of this workbook, and stays as it is.\n"
            "  What to do: name a new or an empty folder with --to"
        )


@contextmanager
def in_place_of(target: Path) -> Iterator[Path]:
    """A new folder that takes the place of `target` when the block ends well, and vanishes when it does not.

    An old site goes; if somebody has changed or added files in it, it is kept beside the new one as NAME.kept, and a
    line says so. Raises SiteError as `fit` does, and OSError when the folder cannot be written.
    """
    fit(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        new, old = scratch / "new", scratch / "old"
        new.mkdir()
        yield new
        atomic_write_json(new / MARK, _written(new))
        fit(target)
        changed = target.is_dir() and (target / MARK).is_file() and not _as_written(target)
        if target.is_dir():
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            if old.is_dir():
                old.rename(target)
            raise
        if changed:
            kept = _free(target)
            old.rename(kept)
            print(f"Somebody has changed files of the old site: it is kept as {kept}.")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _written(folder: Path) -> dict[str, str]:
    """{path: digest} of all files of a folder but the mark."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MARK)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _as_written(folder: Path) -> bool:
    try:
        return read_json(folder / MARK) == _written(folder)
    except (OSError, ValueError):
        return False


def _free(target: Path) -> Path:
    number = 1
    while os.path.lexists(target.with_name(f"{target.name}.kept" + (f"-{number}" if number > 1 else ""))):
        number += 1
    return target.with_name(f"{target.name}.kept" + (f"-{number}" if number > 1 else ""))

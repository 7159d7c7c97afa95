"""What the last complete run of the tests proved, and of which commit: `workbook.py release` asks. Standard library."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

NOTE = ".pytest_cache/workbook.json"  # git ignores that folder, and whoever deletes it loses nothing else


def commit(root: Path) -> str | None:
    """The commit that the files are; None when something differs from it, or there is no git."""
    try:
        changes, head = (
            subprocess.run(["git", *words], cwd=root, capture_output=True, encoding="utf-8", check=True).stdout.strip()
            for words in (("status", "--porcelain"), ("rev-parse", "HEAD"))
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return None if changes else head


def note(root: Path, before: str | None, code: int) -> None:
    """Keep the outcome of a complete run. before: the commit when it began; nothing is kept when it is another now."""
    if before is None or commit(root) != before:
        return
    path = root / NOTE
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"commit": before, "code": code}), encoding="utf-8")
    part.replace(path)


def passed(root: Path) -> bool:
    """Whether the last complete run was of this very commit, and passed."""
    try:
        said = json.loads((root / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return said == {"commit": commit(root), "code": 0}

"""Which pages the guide consists of, and whether they are what they should be; `build` writes and compares them."""

from pathlib import Path

from helpers.files import atomic_write_text
from tools.guide import bibliography, glossary, pages, sources

TEACHING = Path("docs") / "teaching"


def wanted(workbook) -> dict[Path, str]:
    """{path: text} of every page; empty for a folder that has no tools/guide. Raises GuideError and ValueError."""
    if not (workbook.root / "tools" / "guide" / "lessons").is_dir():
        return {}
    lessons = sources.all_sources(workbook)
    root = workbook.root
    found = {root / TEACHING / "guide.md": pages.overview(root, lessons)}
    for source in lessons:
        found[root / TEACHING / "guide" / f"{source.number}.md"] = pages.lesson(source)
    found[root / "docs" / "glossary.md"] = glossary.page(root, workbook.lessons)
    found[root / "docs" / "bibliography.md"] = bibliography.page(workbook.lessons)
    return found


def problems(workbook) -> list[str]:
    """Every page that differs from what `build` would write, and every one without a lesson, as sentences."""
    said = []
    try:
        pages_now = wanted(workbook)
    except (sources.GuideError, ValueError) as error:
        return [str(error)]
    for path, text in pages_now.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            said.append(f"{_short(workbook, path)} is older than its sources: run `python3 workbook.py build`")
    folder = workbook.root / TEACHING / "guide"
    if pages_now:
        said += [f"{_short(workbook, p)} has no lesson" for p in sorted(folder.glob("*.md")) if p not in pages_now]
    return said


def write(workbook) -> list[str]:
    """Write what differs; a sentence for each page."""
    said = []
    for path, text in wanted(workbook).items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write_text(path, text)
            said.append(f"wrote   {_short(workbook, path)}")
    return said


def _short(workbook, path: Path) -> str:
    return path.relative_to(workbook.root).as_posix()

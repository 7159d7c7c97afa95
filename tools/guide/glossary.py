"""The glossary: every technical term of the course, one sentence each, and the lesson where it comes first."""

import re
from pathlib import Path

import yaml

from tools.guide.pages import MADE
from tools.guide.sources import GuideError

ENDINGS = r"(?:s|es|ies)?"


def terms(root: Path) -> dict[str, str]:
    """{term: one sentence}. Raises GuideError when the file cannot be used."""
    path = root / "tools" / "guide" / "glossary.yaml"
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    wrong = [term for term, sentence in found.items() if not isinstance(sentence, str) or not sentence.endswith(".")]
    if wrong:
        raise GuideError(f"tools/guide/glossary.yaml: {wrong[0]!r} needs one sentence, with a full stop at its end")
    return found


def page(root: Path, lessons) -> str:
    """docs/glossary.md."""
    texts = {lesson.number: _text(lesson) for lesson in lessons}
    stems = {lesson.number: lesson.stem for lesson in lessons}
    parts = [MADE, "# Glossary", "The technical terms of the course, and the lesson whose text has them first."]
    letter = ""
    for term, sentence in sorted(terms(root).items(), key=lambda pair: _key(pair[0])):
        if _key(term)[:1].upper() != letter:
            letter = _key(term)[:1].upper()
            parts.append(f"## {letter}")
        number = first_lesson(term, texts)
        link = f" ([lesson {number}](../solutions/{stems[number]}.ipynb))" if number else ""
        parts.append(f"**{term}** · {sentence}{link}")
    return "\n\n".join(parts) + "\n"


def first_lesson(term: str, texts: dict[str, str]) -> str:
    """The number of the first lesson whose text has the term, or its short form in brackets; "" if none."""
    names = [part.strip() for part in re.split(r"[(),]", term) if part.strip()]
    for number, text in texts.items():
        if any(re.search(rf"(?<!\w){_pattern(name)}(?!\w)", text, 0 if name.isupper() else re.I) for name in names):
            return number
    return ""


def _pattern(name: str) -> str:
    words = [re.escape(word) for word in name.split()]
    last = words[-1]
    words[-1] = rf"{last[:-1]}(?:y|ies)" if last.endswith("y") else last + ENDINGS
    return r"[\s-]+".join(words)


def _key(term: str) -> str:
    return term.lower().replace("β", "beta").replace("ℓ", "l").lstrip("(")


def _text(lesson) -> str:
    front = [str(lesson.front.get(key, "")) for key in ("title", "question", "idea", "objectives")]
    cells = [cell.source for cell in lesson.cells if cell.cell_type == "markdown"]
    return re.sub(r"[*_`]", "", "\n".join([*front, *cells]))

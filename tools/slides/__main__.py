"""`python3 workbook.py slides`: one HTML file of slides for each lesson, to be shown without a network.

    slides                all lessons, into the folder slides
    slides 01 02          only these
    slides 01 --open      and show the first of them in the browser
    slides 01 --no-code   without any code or answers: to be handed out
    slides 01 --pdf       as PDF beside it, one slide a page (needs Chromium or Chrome)
    slides 01 --handout   as PDF, four slides to a page

What is on the slides is what is in solutions/NN_slug.ipynb, with the outputs stored there; nothing is run.
`##` begins a slide, `###` another one, and what does not fit on one screen goes on on the next. Code that has
outputs is folded (key c): a lecture shows results first. Code without outputs is shown. Exercises show what
a student finds in the blank cell; the answer waits behind a button (key a). The cell that sets a lesson up is
left out. For the speaker's eyes (keys n and s) are the notes of the instructor's guide, such as where students fail
and the answer of a quiz, and cells of the slide type "notes". Press ? for all keys.
"""

import argparse
import sys
import webbrowser
from pathlib import Path

import jinja2
from pygments.formatters import HtmlFormatter

from helpers import session
from helpers.files import atomic_write_text
from tools.build import notebooks
from tools.build import workbook as build_workbook
from tools.guide.notes import Notes
from tools.guide.sources import Source
from tools.slides import pdf
from tools.slides.cells import Cells
from tools.slides.pages import pages
from tools.test.lab_page import NoBrowser, chromium

HERE = Path(__file__).resolve().parent
STYLES = {"light": "friendly", "dark": "github-dark"}


class SlidesError(RuntimeError):
    """Slides that cannot be made; the message says why and what to do."""


def html(notebook, title: str, cells: Cells, notes: Notes | None = None) -> tuple[str, int]:
    """The slides of a notebook as one HTML file, and their number. `cells` collects what went wrong.

    notes: the speaker's notes from the guide.

    Raises SlidesError when there is nothing to show.
    """
    found = pages(notebook, cells, notes)
    if not found:
        raise SlidesError(f"{title}: no cell of this notebook belongs on a slide.")
    surroundings = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    colours = "\n".join(
        HtmlFormatter(style=style).get_style_defs(f'[data-theme="{theme}"] .highlight')
        for theme, style in STYLES.items()
    )
    text = surroundings.get_template("page.html.j2").render(
        title=title,
        pages=found,
        style=colours + "\n" + (HERE / "page.css").read_text(encoding="utf-8"),
        script=(HERE / "page.js").read_text(encoding="utf-8"),
    )
    return text, len(found)


def make(workbook: build_workbook.Workbook, lesson, folder: Path, code: bool = True) -> tuple[Path, int, list[str]]:
    """Write the slides of a lesson: (the file, how many slides, warnings).

    Raises SlidesError when the notebook is missing or was never executed, and OSError when it cannot be written.
    """
    path = workbook.solved_path(lesson)
    name = path.relative_to(workbook.root).as_posix()
    run = f"python3 workbook.py build --execute {lesson.number}"
    notebook = notebooks.read(path)
    if notebook is None:
        raise SlidesError(f"{name} is missing or no notebook, so there is nothing to show.\n  What to do: {run}")
    with_outputs = [cell for cell in notebook.cells if cell.get("outputs")]
    if not with_outputs or "executed" not in notebook.metadata.get("workbook", {}):
        raise SlidesError(
            f"{name} has no outputs yet: its slides would lack every picture and every figure.\n  What to do: {run}"
        )
    blanks = {cell.id: cell.source for cell in workbook.blank(lesson).cells if cell.cell_type == "code"}
    cells = Cells(workbook.solutions, blanks, code)
    notes = Notes(Source(workbook.root, lesson))
    text, count = html(notebook, f"{lesson.number} · {lesson.front['title']}", cells, notes)
    target = folder / f"{lesson.stem}.html"
    atomic_write_text(target, text)
    return target, count, _stale(workbook, lesson, notebook, name, run) + [f"{name} {p}" for p in cells.problems]


def _stale(workbook, lesson, notebook, name, run) -> list[str]:
    """Whether the slides show another state than the source of the lesson has now."""
    now = workbook.solved(lesson)
    if notebook.metadata["workbook"]["executed"] != notebooks.code_digest(now):
        return [f"{name} has outputs of other code than {lesson.path.name} has now; to renew them: {run}"]
    if notebooks.text(notebooks.without_outputs(notebook)) != notebooks.text(notebooks.without_outputs(now)):
        return [f"{name} has other text than {lesson.path.name} has now; to renew it: python3 workbook.py build"]
    return []


def main(arguments=None) -> int:
    """The command; returns its exit code: 1 when slides of a lesson could not be made."""
    parser = argparse.ArgumentParser(
        prog="workbook.py slides", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", metavar="NN", help="lesson numbers; all when left out")
    parser.add_argument("--open", action="store_true", help="show the first of them in the browser")
    parser.add_argument("--no-code", action="store_true", help="leave all code and answers out of the file")
    parser.add_argument("--pdf", action="store_true", help="print them as PDF, too")
    parser.add_argument("--handout", action="store_true", help="print them as PDF, four to a page")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write, seen from the workbook (slides)")
    options = parser.parse_args(arguments)
    workbook = build_workbook.Workbook(session.root())
    folder = (options.output or workbook.root / "slides").absolute()
    problems, made = _unreadable(workbook, options.lessons), []
    chosen = _chosen(workbook, options.lessons, problems)
    if not options.pdf and not options.handout:
        _make_all(workbook, chosen, folder, options, problems, made)
    else:
        try:
            with chromium() as browser:  # before any work: without one there is no PDF
                _make_all(workbook, chosen, folder, options, problems, made, browser)
        except (NoBrowser, RuntimeError) as reason:
            problems.append(
                f"a PDF needs a browser to print it. {reason}\n  Or print the slides from a browser yourself."
            )
    for problem in problems:
        print(f"slides: {problem}", file=sys.stderr)
    if made and options.open and not webbrowser.open(made[0].as_uri()):
        print(f"No browser could be started: open {made[0]} in one yourself.")
    return 1 if problems else 0


def _make_all(workbook, chosen, folder, options, problems, made, browser=None) -> None:
    """The slides of the lessons, each with its line; with a browser their PDFs. `problems` and `made` are added to."""
    for lesson in chosen:
        try:
            path, count, warnings = make(workbook, lesson, folder, not options.no_code)
        except SlidesError as error:
            problems.append(str(error))
            continue
        except OSError as error:
            problems.append(f"{folder} cannot be written ({error.strerror or error}): name another with --output")
            break
        made.append(path)
        print(f"wrote {_short(path, workbook.root)}: {count} slides, {path.stat().st_size / 1e6:.1f} MB")
        for warning in warnings:
            print(f"  warning: {warning}", file=sys.stderr)
        for handout in [kind for kind, wanted in ((False, options.pdf), (True, options.handout)) if wanted]:
            printed = pdf.write(browser, path, handout)
            print(f"wrote {_short(printed, workbook.root)}: {printed.stat().st_size / 1e6:.1f} MB")


def _chosen(workbook, numbers, problems) -> list:
    """The lessons asked for; a sentence in `problems` for a number that does not exist."""
    wanted = [number.zfill(2) for number in numbers]
    known = [lesson.number for lesson in workbook.lessons]
    broken = {path.stem[:2] for path in _sources(workbook)} - set(known)
    for number in wanted:
        if number not in known and number not in broken:
            problems.append(f"there is no lesson {number}. There are: {', '.join(known) or 'none'}.")
    return [lesson for lesson in workbook.lessons if not wanted or lesson.number in wanted]


def _sources(workbook) -> list[Path]:
    return sorted(workbook.solutions.glob("[0-9][0-9]_*.py"))


def _unreadable(workbook, numbers) -> list[str]:
    """What is wrong with the sources of the lessons asked for (other lessons' mistakes do not matter here)."""
    wanted = {number.zfill(2) for number in numbers}
    return [problem for problem in workbook.problems if not wanted or problem[:2] in wanted]


def _short(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if root in path.parents else str(path)


if __name__ == "__main__":
    raise SystemExit(main())

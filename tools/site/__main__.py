"""`python3 workbook.py site`: the solved lessons, a first page and the guides as web pages that need no network.

    site                  everything, into the folder site
    site --to FOLDER      somewhere else
    site 01 02            only these lessons
    site --open           and show it in the browser

What is on the pages is what is in solutions/NN_slug.ipynb, with the outputs stored there; nothing is run. Answers,
hints and the answers of quizzes are folded. The pages work from a folder as well as from a server, search included.
An old site is replaced only when the new one is whole.
"""

import argparse
import importlib.util
import sys
import tempfile
import webbrowser
from pathlib import Path

from helpers import session
from helpers.exercises import registry
from tools.build import notebooks
from tools.build import workbook as build_workbook
from tools.site import documents, folder
from tools.site.lesson import LessonWriter
from tools.site.markdown import Writer
from tools.site.parts import Heading, Page, Pictures, Places, SiteError
from tools.site.proof import Proof

NEEDED = ("sphinx", "furo")
TITLE = "Representation learning and generative learning"


def collected(workbook: build_workbook.Workbook, lessons) -> tuple[list[Page], Pictures, list[str]]:
    """(pages, pictures, warnings) of these lessons, the first page and the documents.

    Raises SiteError when a lesson's notebook is missing or was never executed.
    """
    root, pictures, places, warnings = workbook.root, Pictures(), Places(), []
    solved = {lesson.stem: _solved(workbook, lesson, warnings) for lesson in lessons}
    first = Page("index", TITLE)
    pages = {lesson.stem: Page(f"lessons/{lesson.stem}", lesson.front["title"]) for lesson in lessons}
    texts = {path: documents.page_of(path, root) for path in documents.documents(root)}
    places.put(first, "README.md")
    for stem, page in pages.items():
        places.put(page, f"solutions/{stem}.ipynb", f"notebooks/{stem}.ipynb", f"solutions/{stem}.py")
    for path, page in texts.items():
        places.put(page, path.relative_to(root).as_posix())

    def hints(id):
        try:
            return registry.find(id).hints
        except KeyError:
            return ()

    writers = []
    for lesson in lessons:
        path, page = workbook.solved_path(lesson), pages[lesson.stem]
        blanks = {cell.id: cell.source for cell in workbook.blank(lesson).cells if cell.cell_type == "code"}
        writers.append(LessonWriter(page, path, root, pictures, places, blanks=blanks, hints=hints))
        writers[-1].notebook(solved[lesson.stem])
    for path, page in texts.items():
        writers.append(Writer(page, path, root, pictures, places))
        writers[-1].markdown(path.read_text(encoding="utf-8"), title=True)
    readme = root / "README.md"
    writers.append(Writer(first, readme, root, pictures, places))
    documents.first_page(writers[-1], readme.read_text(encoding="utf-8") if readme.is_file() else "", lessons)
    first.contents = documents.contents(lessons, texts, root)
    for page in (all_pages := [first, *pages.values(), *texts.values()]):
        page.blocks = [each if isinstance(each, Heading) else places.settled(each, page) for each in page.blocks]
    return all_pages, pictures, [*warnings, *(problem for writer in writers for problem in writer.problems)]


def _solved(workbook, lesson, warnings):
    """The executed notebook of a lesson; a warning when it is older than its source. Raises SiteError without one."""
    path = workbook.solved_path(lesson)
    name, run = path.relative_to(workbook.root).as_posix(), f"python3 workbook.py build --execute {lesson.number}"
    notebook = notebooks.read(path)
    if notebook is None:
        raise SiteError(f"{name} is missing or no notebook, so there is nothing to show.\n  What to do: {run}")
    executed = notebook.metadata.get("workbook", {}).get("executed")
    if executed is None or not any(cell.get("outputs") for cell in notebook.cells):
        raise SiteError(f"{name} has no outputs yet: its page would lack every picture.\n  What to do: {run}")
    if executed != notebooks.code_digest(workbook.solved(lesson)):
        warnings.append(f"{name} has outputs of other code than {lesson.path.name} has now; to renew them: {run}")
    return notebook


def make(workbook: build_workbook.Workbook, lessons, target: Path) -> tuple[Proof, list[str]]:
    """Write the site of these lessons to the folder `target`: (what was proved of it, warnings).

    Raises SiteError when it cannot be made or is not in order, and OSError when the folder cannot be written; an old
    site then stays as it was.
    """
    folder.fit(target)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SiteError(
            f"{' and '.join(missing)} cannot be imported, and the pages are laid out with it.\n"
            "  What to do: python3 workbook.py site without WORKBOOK_PYTHON, or install requirements.lock there"
        )
    from tools.site import book  # here: it imports Sphinx

    pages, pictures, warnings = collected(workbook, lessons)
    with folder.in_place_of(target) as new, tempfile.TemporaryDirectory(prefix="workbook-site-") as scratch:
        book.build(pages, pictures, TITLE, Path(scratch), new)
        proof = Proof(new)
        if proof.problems:
            raise SiteError("the new site is not in order, so it was not kept:\n" + "\n".join(proof.problems))
    return proof, warnings


def main(arguments=None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="workbook.py site", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", metavar="NN", help="lesson numbers; all when left out")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to write, seen from the workbook (site)")
    parser.add_argument("--open", action="store_true", help="show the first page in the browser")
    options = parser.parse_args(arguments)
    workbook = build_workbook.Workbook(session.root())
    target = (workbook.root / (options.to or "site")).absolute()
    try:
        proof, warnings = make(workbook, _chosen(workbook, options.lessons), target)
    except SiteError as error:
        print(f"site: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"site: {target} cannot be written ({error.strerror or error}): name another with --to", file=sys.stderr)
        return 1
    for warning in warnings:
        print(f"  warning: {warning}", file=sys.stderr)
    heaviest = max(proof.weights, key=proof.weights.get)
    print(f"wrote {target / 'index.html'}: {len(proof.weights)} pages; the heaviest is {heaviest}, ", end="")
    print(f"{proof.weights[heaviest] / 1e6:.2f} MB with its pictures")
    if options.open and not webbrowser.open((target / "index.html").as_uri()):
        print(f"No browser could be started: open {target / 'index.html'} in one yourself.")
    return 0


def _chosen(workbook, numbers) -> list:
    """The lessons asked for. Raises SiteError for a number that does not exist and for a source that cannot be read."""
    wanted = {number.zfill(2) for number in numbers}
    broken = [problem for problem in workbook.problems if not wanted or problem[:2] in wanted]
    if broken:
        raise SiteError("\n".join(broken))
    known = {lesson.number for lesson in workbook.lessons}
    if wanted - known:
        raise SiteError(
            f"there is no lesson {', '.join(sorted(wanted - known))}. There are: {', '.join(sorted(known))}."
        )
    if not known:
        raise SiteError(f"there are no lessons in {workbook.solutions}.")
    return [lesson for lesson in workbook.lessons if not wanted or lesson.number in wanted]


if __name__ == "__main__":
    raise SystemExit(main())

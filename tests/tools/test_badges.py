"""The badges, and the cell that fetches the workbook on Colab and Kaggle and does nothing elsewhere."""

import base64
import io
import subprocess
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

from tests.tools.test_build import README, code, freshly_built, git, pretend_executed, problems
from tools.build import __main__ as build
from tools.build import badges, notebooks
from tools.build import workbook as build_workbook
from tools.slides import pages
from tools.slides.cells import Cells

ADDRESS = "https://github.com/somebody/some-workbook"
URLS = f'[project.urls]\nRepository = "{ADDRESS}"\n'


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """A small workbook on disk, built and executed before it had an address."""
    freshly_built(tmp_path, monkeypatch)
    pretend_executed(tmp_path)
    return tmp_path


def give_address(root, text=URLS):
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    return build.write(build_workbook.Workbook(root))


def read(root, folder):
    return nbformat.read(root / folder / "01_lesson.ipynb", as_version=4)


@pytest.mark.parametrize("text", ["", "[project.urls]\n", '[project.urls]\nRepository = ""\n'])
def test_without_an_address_there_are_no_badges(workbook, text):
    assert give_address(workbook, text) == []
    assert "Colab" not in (workbook / "notebooks" / "01_lesson.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["github.com/a/b", "https://example.invalid/a/b", f"{ADDRESS}.git", f"{ADDRESS}/"])
def test_an_address_from_which_no_badge_can_be_made_is_told(workbook, wrong):
    (workbook / "pyproject.toml").write_text(URLS.replace(ADDRESS, wrong), encoding="utf-8")
    assert "should be https://github.com/OWNER/NAME" in problems(workbook)


@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
def test_with_an_address_every_notebook_can_be_opened_elsewhere(workbook, folder):
    give_address(workbook)
    assert problems(workbook) == "", "a lesson has to be executed anew because of its badges"
    title, open_elsewhere, fetch = read(workbook, folder).cells[:3]
    assert title.source.startswith("# 01")
    path, shown = f"{folder}/01_lesson.ipynb", open_elsewhere.attachments
    for name, link in badges.links(ADDRESS, path).items():
        assert f"[![Open in {name}](attachment:{name.lower()}.png)]({link})" in open_elsewhere.source
        with Image.open(io.BytesIO(base64.b64decode(shown[f"{name.lower()}.png"]["image/png"]))) as badge:
            assert badge.format == "PNG" and badge.height == 20  # JupyterLab shows no SVG that lies in a notebook
    assert badges.is_bootstrap(fetch) and fetch.metadata.jupyter.source_hidden
    assert fetch.source.endswith(f"fetch_workbook('{ADDRESS}', '{folder}')\ndel fetch_workbook")
    assert max(map(len, fetch.source.splitlines())) <= 100
    assert any(cell.get("outputs") for cell in read(workbook, "solutions").cells), "the outputs are gone"


def test_the_links_are_those_of_the_three_places():
    links = badges.links(ADDRESS, "notebooks/01_lesson.ipynb")
    page = "somebody/some-workbook/blob/main/notebooks/01_lesson.ipynb"
    assert links["Colab"] == f"https://colab.research.google.com/github/{page}"
    assert links["Kaggle"] == f"https://www.kaggle.com/kernels/welcome?src=https://github.com/{page}"
    binder = urlsplit(links["Binder"])
    assert binder.path == "/v2/gh/somebody/some-workbook/binder"  # the branch of the environment
    (inner,) = parse_qs(binder.query)["urlpath"]
    place, _, asked = inner.partition("?")
    wanted = {"repo": ADDRESS, "branch": "main", "urlpath": "lab/tree/some-workbook/notebooks/01_lesson.ipynb"}
    assert place == "git-pull" and parse_qs(asked) == {name: [value] for name, value in wanted.items()}


def test_the_digest_and_the_slides_do_not_know_the_cell(workbook):
    before = notebooks.code_digest(read(workbook, "solutions"))
    give_address(workbook)
    notebook = read(workbook, "solutions")
    assert any("fetch_workbook" in source for source in code(workbook / "solutions" / "01_lesson.ipynb"))
    assert notebooks.code_digest(notebook) == before
    cells = Cells(workbook, {})
    shown = "".join(page.html for page in pages.pages(notebook, cells))
    assert "double" in shown and "fetch_workbook" not in shown and "Colab" not in shown and cells.problems == []


def test_the_badges_of_the_readme(workbook):
    marked = "# Readme\n" + "".join(badges.MARKS) + README
    (workbook / "README.md").write_text(marked, encoding="utf-8")
    give_address(workbook)
    text = (workbook / "README.md").read_text(encoding="utf-8")
    assert f"[![Open in Colab](tools/build/badges/colab.png)]({badges.links(ADDRESS, badges.FIRST)['Colab']})" in text
    (workbook / "README.md").write_text(marked, encoding="utf-8")
    assert "README.md has an old lesson table or old badges" in problems(workbook)
    give_address(workbook, "")
    assert "Colab" not in (workbook / "README.md").read_text(encoding="utf-8")


# ----------------------------------------------------------------------------------------------- in a real kernel
SIGNS = {
    "Colab": "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')",
    "a Colab of its own": "import os; os.environ['COLAB_RELEASE_TAG'] = 'release-colab'",
    "Kaggle": "import os; os.environ['KAGGLE_KERNEL_RUN_TYPE'] = 'Interactive'",
}
WHERE = "import os; print(os.getcwd()); 'fetch_workbook' in globals()"
CLEAN = "import os; [os.environ.pop(name, None) for name in ('COLAB_RELEASE_TAG', 'KAGGLE_KERNEL_RUN_TYPE')];"


@pytest.mark.kernels
def test_in_a_kernel_it_fetches_once_where_it_must_and_does_nothing_elsewhere(tmp_path):
    origin, scratch = tmp_path / "origin" / "workbook", tmp_path / "content"
    for folder in (origin / "helpers", origin / "notebooks", origin / "solutions", scratch):
        folder.mkdir(parents=True)
    for name in ("helpers/here.py", "notebooks/a.ipynb", "solutions/a.ipynb"):
        (origin / name).write_text("", encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        git(origin, *words)
    fetch = badges.fetching(origin.as_uri(), "notebooks")
    elsewhere = badges.fetching((tmp_path / "nowhere").as_uri(), "solutions")
    cells = [f"{CLEAN} start = os.getcwd()", fetch, WHERE]
    for number, sign in enumerate(SIGNS.values()):
        own = f"os.makedirs(f'{{start}}/{number}'); os.chdir(f'{{start}}/{number}')"
        cells += [f"{own}\n{sign}", fetch, WHERE, fetch, WHERE]
        cells += [f"os.chdir(f'{{start}}/{number}')", fetch, WHERE]  # the kernel was started anew
    cells += ["os.chdir(start)", elsewhere]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    resources = {"metadata": {"path": str(scratch)}}
    NotebookClient(made, kernel_name="python3", timeout=600, resources=resources, allow_errors=True).execute()

    printed = ["".join(o.get("text", o.get("data", {}).get("text/plain", "")) for o in c.outputs) for c in made.cells]
    assert made.cells[1].outputs == [] and printed[2].split() == [str(scratch), "False"]
    for number in range(len(SIGNS)):
        there = scratch / str(number) / "workbook"
        first, where, second, still, third, again = (printed[4 + 8 * number + i] for i in (0, 1, 2, 3, 5, 6))
        assert str(there) in first and str(there) in third and second == ""
        assert where.split() == still.split() == again.split() == [str(there / "notebooks"), "False"]
        assert (there / "helpers" / "here.py").exists()
    (error,) = made.cells[-1].outputs
    assert "could not be fetched" in error.evalue and "Kaggle" in error.evalue
    done = subprocess.run(["git", "status", "--porcelain"], cwd=there, capture_output=True, text=True)
    assert done.stdout == ""

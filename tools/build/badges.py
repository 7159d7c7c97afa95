"""One click: the badges that open a notebook on Colab, Kaggle and Binder, and the cell that fetches the rest there.

All of them are made from one setting, the Repository of [project.urls] in pyproject.toml. Without it there are none:
a badge that leads nowhere is worse than no badge.
"""

import base64
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import nbformat

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BRANCH = "main"  # what the badges show
ENVIRONMENT = "binder"  # the branch that holds the folder .binder alone: Binder builds it anew only when it changes
TAG = "bootstrap"
FIRST = "notebooks/00_start_here.ipynb"  # where the badges of the README lead
MARKS = ("<!-- badges: made by workbook.py build -->\n", "<!-- end of badges -->\n")
FETCH = Path(__file__).with_name("fetch.py")
PICTURES = Path(__file__).with_name("badges")  # drawn by `python -m tools.gallery --badges`
NAMES = ("Colab", "Kaggle", "Binder")


def project(root: Path) -> dict:
    """The table [project] of pyproject.toml; empty when there is none."""
    path = root / "pyproject.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}) if path.exists() else {}


def address(root: Path) -> str | None:
    """The public address of the repository, from pyproject.toml; None when it names none.

    Raises ValueError, with what to write, for an address from which no badge can be made.
    """
    found = project(root).get("urls", {}).get("Repository", "").strip()
    if not found:
        return None
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", found) or found.endswith(".git"):
        raise ValueError(
            f"pyproject.toml: the Repository {found!r} should be https://github.com/OWNER/NAME. "
            "Colab and Kaggle open notebooks from there; without an address there are no badges."
        )
    return found


def picture(name: str) -> bytes:
    """The badge as PNG, which all notebook pages show; it lies in the notebook, so that none has to ask the network."""
    return (PICTURES / f"{name.lower()}.png").read_bytes()


def links(address: str, path: str) -> dict[str, str]:
    """{"Colab": where a click leads, …} for a file of the repository, named from its root."""
    owner, name = address.rsplit("/", 2)[1:]
    page = f"{owner}/{name}/blob/{BRANCH}/{quote(path)}"
    pull = urlencode({"repo": address, "branch": BRANCH, "urlpath": f"lab/tree/{name}/{path}"})
    image = f"{owner}/{name}/{ENVIRONMENT}"
    return {
        "Colab": f"https://colab.research.google.com/github/{page}",
        "Kaggle": f"https://www.kaggle.com/kernels/welcome?src=https://github.com/{page}",
        "Binder": f"https://mybinder.org/v2/gh/{image}?urlpath={quote(f'git-pull?{pull}', safe='')}",
    }


def fetching(address: str, folder: str) -> str:
    """The code of the cell that fetches the workbook on Colab and Kaggle and goes to `folder` in it."""
    head, _, code = FETCH.read_text(encoding="utf-8").partition("\n\n\n")
    title = re.search(r'"""(.+?)"""', head)[1]
    return f"# @title {title}\n{code.rstrip()}\n\n\nfetch_workbook({address!r}, {folder!r})\ndel fetch_workbook"


def line(address: str, path: str, picture_at: str) -> str:
    """The three badges in Markdown; picture_at: where the picture of "{name}" is, in small letters."""
    found = links(address, path)
    return " ".join(f"[![Open in {n}]({picture_at.format(name=n.lower())})]({link})" for n, link in found.items())


def cells(number: str, stem: str, folder: str, address: str) -> list:
    """The two cells below the title of lesson `number`: the badges, and the code that is needed behind the first two.

    folder: "notebooks" or "solutions", where the notebook `stem` lies.
    """
    words = line(address, f"{folder}/{stem}.ipynb", "attachment:{name}.png")
    skip = {"slideshow": {"slide_type": "skip"}}
    badges = nbformat.v4.new_markdown_cell(words, id=f"{number}-open", metadata=skip)
    pictures = {f"{n.lower()}.png": {"image/png": base64.b64encode(picture(n)).decode("ascii")} for n in NAMES}
    badges.attachments = nbformat.from_dict(pictures)
    # Folded in JupyterLab and on Colab, left out of web pages and slides.
    hidden = {"tags": [TAG, "remove-cell"], "jupyter": {"source_hidden": True}, "cellView": "form", **skip}
    fetch = nbformat.v4.new_code_cell(fetching(address, folder), id=f"{number}-fetch", metadata=hidden)
    return [badges, fetch]


def is_bootstrap(cell) -> bool:
    """Whether a cell is the one that fetches the workbook: it belongs to no lesson and computes nothing."""
    return TAG in cell.metadata.get("tags", [])

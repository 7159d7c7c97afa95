"""Sphinx with the theme Furo around pages that are HTML already: contents, search, next and before, light and dark.

A page goes to Sphinx as a file NAME.page, which holds JSON; `PageParser` turns it into Sphinx's own tree of sections,
so that the contents and the search know them. (MyST-NB would read notebooks by itself. Its parser for Markdown wants
another version of markdown-it-py than Jupytext does on Python 3.10, and its outputs know nothing of folded answers.)
"""

import io
import json
import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.parsers import Parser
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools.site.parts import Heading, Page, Pictures, SiteError

HERE = Path(__file__).resolve().parent
FIRST = "index"
COLOURS = {
    "light": {"workbook-passed": "#00664a", "workbook-not-yet": "#a33c00", "workbook-open": "#55606b"},
    "dark": {"workbook-passed": "#5fd3a9", "workbook-not-yet": "#ffa66b", "workbook-open": "#a9b4bf"},
}
COLOURS["light"] |= {"color-foreground-muted": "#5b626b"}
COLOURS["dark"] |= {"color-foreground-muted": "#a7b0ba"}
# What screen readers miss in the pages of Sphinx and Furo.
NAMED = {
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="all pages">',
    '<aside class="toc-drawer': '<aside aria-label="on this page" class="toc-drawer',
}


class PageParser(Parser):
    """Reads a NAME.page: sections with their titles, and raw HTML between them."""

    supported = ("page",)

    def parse(self, inputstring, document):
        page = json.loads(inputstring)
        top = _section(page["title"], "top")
        document += top
        stack = [(1, top)]
        for block in page["blocks"]:
            if isinstance(block, str):
                stack[-1][1].append(nodes.raw("", block, format="html"))
                continue
            while stack[-1][0] >= block["level"]:
                stack.pop()
            section = _section(block["text"], block["name"])
            stack[-1][1].append(section)
            stack.append((block["level"], section))
        for caption, names in page["contents"]:
            top.append(_contents(page["name"], caption, names))


def _section(title, name):
    section = nodes.section(ids=[name])
    section += nodes.title(title, title)
    return section


def _contents(docname, caption, names):
    tree = addnodes.toctree(parent=docname, caption=caption, rawcaption=caption, hidden=True, titlesonly=True)
    tree["entries"], tree["includefiles"] = [(None, name) for name in names], names
    tree["maxdepth"], tree["glob"], tree["includehidden"], tree["numbered"] = 1, False, False, 0
    return nodes.compound("", tree, classes=["toctree-wrapper"])


def setup(app):
    """Sphinx asks for this: a kind of source, and its parser."""
    app.setup_extension("furo")  # already here: it brings settings of its own
    app.add_source_suffix(".page", "page")
    app.add_source_parser(PageParser)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def build(pages: list[Page], pictures: Pictures, title: str, scratch: Path, target: Path) -> None:
    """Write the site into the folder `target`. scratch: an empty folder, for what Sphinx keeps between its steps.

    Raises SiteError with Sphinx's own words when it is not content.
    """
    sources, extra = scratch / "pages", scratch / "extra"
    for page in pages:
        path = sources / f"{page.name}.page"
        path.parent.mkdir(parents=True, exist_ok=True)
        blocks = [vars(block) if isinstance(block, Heading) else block for block in page.blocks]
        path.write_text(json.dumps({**vars(page), "blocks": blocks}), encoding="utf-8")
    extra.mkdir(exist_ok=True)
    for name, data in pictures.files.items():
        (extra / name).parent.mkdir(exist_ok=True)
        (extra / name).write_bytes(data)
    said = io.StringIO()
    with patch_docutils(), docutils_namespace():  # a second site in one process finds nothing of the first
        app = Sphinx(
            sources,
            None,
            target,
            scratch / "trees",
            "html",
            settings(title, extra),
            status=None,
            warning=said,
            freshenv=True,
        )
        app.build(force_all=True)
    if app.statuscode or said.getvalue().strip():
        words = re.sub(r"\x1b\[[\d;]*m", "", said.getvalue()).strip()
        raise SiteError(f"Sphinx is not content with the pages:\n{words}")
    for path in target.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for bare, named in NAMED.items():
            text = text.replace(bare, named)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name in (".buildinfo", "objects.inv"):
        (target / name).unlink(missing_ok=True)
    shutil.rmtree(target / "_sources", ignore_errors=True)


def settings(title: str, extra: Path) -> dict:
    """Sphinx's configuration. extra: the folder whose files go to the site as they are."""
    return {
        "project": title,
        "html_title": title,
        "extensions": [__name__],
        "root_doc": FIRST,
        "language": "en",
        "html_theme": "furo",
        "pygments_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
        "html_theme_options": {
            "light_css_variables": COLOURS["light"],
            "dark_css_variables": COLOURS["dark"],
            "top_of_page_buttons": [],
        },
        "html_static_path": [str(HERE / "static")],
        "html_css_files": ["workbook.css"],
        "html_extra_path": [str(extra)],
        # A summary would be fetched from each page, which a browser forbids on pages that lie in a folder.
        "html_show_search_summary": False,
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "html_domain_indices": False,
    }

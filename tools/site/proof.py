"""What a finished site must keep: links and pictures lead somewhere, words stand for pictures, nothing comes from afar."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

HEAVIEST = 2_000_000  # bytes of a page with its pictures
GENERIC = {"figure", "picture", "image", "a figure", "a picture", "an image", "a widget and its picture", "cover"}
RAW_MATH = re.compile(r"(?<![\\$\w])\$[^$\n]+?(?<![\\$\s])\$(?![\d$])")
LOADS = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "use": "href"}
NOT_LOADED = {"canonical", "index", "search", "next", "prev", "author", "copyright"}  # kinds of <link> that say, not load


class Proof:
    """All pages of a site, read once. `problems` lists what is wrong, a sentence each; `weights` is bytes by page."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self.pages = {
            path.relative_to(folder).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
            for path in sorted(self.folder.rglob("*.html"))
            if "_static" not in path.relative_to(folder).parts
        }
        self.anchors = {name: {each["id"] for each in page.find_all(id=True)} for name, page in self.pages.items()}
        self.weights: dict[str, int] = {}
        self.problems: list[str] = []
        for name, page in self.pages.items():
            self._links(name, page)
            self._pictures(name, page)
            self._formulas(name, page)
            self._weight(name, page)

    def _say(self, name, words) -> None:
        self.problems.append(f"{name} {words}")

    def _target(self, name, address) -> tuple[Path | None, str]:
        """(the file that an address leads to, its anchor); None for what lies elsewhere."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None, ""
        here = self.folder / name
        return (here.parent / unquote(parts.path)).resolve() if parts.path else here.resolve(), parts.fragment

    def _links(self, name, page) -> None:
        for link in page.find_all("a", href=True):
            path, anchor = self._target(name, link["href"])
            if path is None:
                continue
            if not path.is_file():
                self._say(name, f"links to {link['href']}, which is not there")
            elif anchor and path.suffix == ".html":
                other = path.relative_to(self.folder.resolve()).as_posix()
                if unquote(anchor) not in self.anchors.get(other, set()):
                    self._say(name, f"links to {link['href']}, and that place is not on that page")

    def _pictures(self, name, page) -> None:
        for tag, attribute in LOADS.items():
            for element in page.find_all(tag, attrs={attribute: True}):
                if tag == "link" and set(element.get("rel", ())) & NOT_LOADED:
                    continue
                address = element[attribute]
                path, _ = self._target(name, address)
                if path is None and not address.startswith("data:"):
                    self._say(name, f"loads {address} over the network")
                elif path is not None and not path.is_file():
                    self._say(name, f"shows {address}, which is not there")
        for image in page.find_all("img"):
            alt = " ".join((image.get("alt") or "").split())
            if not alt or alt.lower().strip(".") in GENERIC:
                self._say(name, f"describes the picture {image.get('src')} with {alt!r}")

    def _formulas(self, name, page) -> None:
        for text in page.find_all(string=RAW_MATH):
            if not text.find_parent(("code", "pre", "script", "style")):
                self._say(name, f"shows the source of a formula: {RAW_MATH.search(text)[0]}")
        for source in page.select(".tex code"):
            self._say(name, f"shows the source of a formula: {source.get_text()}")

    def _weight(self, name, page) -> None:
        files = {self.folder / name}
        for tag, attribute in LOADS.items():
            found = (self._target(name, each[attribute])[0] for each in page.find_all(tag, attrs={attribute: True}))
            files |= {path for path in found if path is not None and path.is_file()}
        self.weights[name] = sum(path.stat().st_size for path in files)
        if self.weights[name] > HEAVIEST:
            self._say(name, f"weighs {self.weights[name] / 1e6:.1f} MB with its pictures; {HEAVIEST / 1e6:g} are too many")

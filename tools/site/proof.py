"""What a finished site must keep: links lead somewhere, words stand for pictures, nothing comes over the network."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

HEAVIEST = 2_000_000  # bytes of a page with its pictures
GENERIC = {"figure", "picture", "image", "a figure", "a picture", "an image", "a widget and its picture", "cover"}
RAW_MATH = re.compile(r"(?<![\\$\w])\$[^$\n<>]+?(?<![\\$\s])\$(?![\d$])")
LOADS = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "use": "href"}
NOT_LOADED = {
    "canonical",
    "index",
    "search",
    "next",
    "prev",
    "author",
    "copyright",
}  # kinds of <link> that say, not load
# The pages are ours, with quoted attributes and escaped signs, so patterns will do; a parser takes ten times as long.
TAG = re.compile(r"<([a-z]\w*)((?:\s+[\w:-]+(?:=\"[^\"]*\"|='[^']*')?)*)\s*/?>")
ATTRIBUTE = re.compile(r"\s([\w:-]+)=(?:\"([^\"]*)\"|'([^']*)')")
NO_PROSE = re.compile(r"<(script|style|pre|code)\b.*?</\1>", re.DOTALL)
UNTRANSLATED = re.compile(r'class="tex"><code>(.*?)</code>', re.DOTALL)


class Proof:
    """All pages of a site, read once. `problems` lists what is wrong, a sentence each; `weights` is bytes by page."""

    def __init__(self, folder: Path):
        self.folder = Path(folder).resolve()
        self.weights: dict[str, int] = {}
        self.problems: list[str] = []
        self.tags: dict[str, list[tuple[str, dict]]] = {}
        for path in sorted(self.folder.rglob("*.html")):
            name = path.relative_to(self.folder).as_posix()
            text = path.read_text(encoding="utf-8")
            self.tags[name] = [(tag, _attributes(rest)) for tag, rest in TAG.findall(text)]
            self._formulas(name, text)
        self.anchors = {name: {a["id"] for _, a in tags if "id" in a} for name, tags in self.tags.items()}
        for name in self.tags:
            self._links(name)
            self._pictures(name)

    def _say(self, name, words) -> None:
        self.problems.append(f"{name} {words}")

    def _target(self, name, address) -> tuple[Path | None, str]:
        """(the file that an address leads to, its anchor); None for what lies elsewhere."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None, ""
        here = self.folder / name
        return ((here.parent / unquote(parts.path)).resolve() if parts.path else here), unquote(parts.fragment)

    def _links(self, name) -> None:
        for address in (each["href"] for tag, each in self.tags[name] if tag == "a" and "href" in each):
            path, anchor = self._target(name, address)
            if path is None:
                continue
            if not path.is_file() or self.folder not in path.parents:
                self._say(name, f"links to {address}, which is not there")
            elif anchor and anchor not in self.anchors.get(path.relative_to(self.folder).as_posix(), set()):
                self._say(name, f"links to {address}, and that place is not on that page")

    def _pictures(self, name) -> None:
        files = {self.folder / name}
        for tag, each in self.tags[name]:
            address = each.get(LOADS.get(tag, ""))
            if tag == "img":
                alt = " ".join(each.get("alt", "").split())
                if not alt or alt.lower().strip(".") in GENERIC:
                    self._say(name, f"describes the picture {address} with {alt!r}")
            if not address or (tag == "link" and set(each.get("rel", "").split()) & NOT_LOADED):
                continue
            path, _ = self._target(name, address)
            if path is None:
                if not address.startswith("data:"):
                    self._say(name, f"loads {address} over the network")
            elif path.is_file():
                files.add(path)
            else:
                self._say(name, f"shows {address}, which is not there")
        self.weights[name] = sum(path.stat().st_size for path in files)
        if self.weights[name] > HEAVIEST:
            self._say(
                name, f"weighs {self.weights[name] / 1e6:.1f} MB with its pictures; {HEAVIEST / 1e6:g} are too many"
            )

    def _formulas(self, name, text) -> None:
        for source in UNTRANSLATED.findall(text):
            self._say(name, f"shows the source of a formula: {unescape(source)}")
        for source in RAW_MATH.findall(TAG.sub("", NO_PROSE.sub("", text))):
            self._say(name, f"shows the source of a formula: {unescape(source)}")


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(double or single) for name, double, single in ATTRIBUTE.findall(text)}

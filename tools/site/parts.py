"""What a page of the site is made of, where pages and pictures lie, and how a link finds its page."""

import hashlib
import io
import posixpath
import re
from dataclasses import dataclass, field

from PIL import Image, features

MARK = "page:"  # what the address of a link to a page begins with until all pages are written


class SiteError(RuntimeError):
    """A site that cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Heading:
    """A heading inside a page. level: 2 to 6; name: what a link to it is called, unique on its page."""

    level: int
    text: str
    name: str


@dataclass
class Page:
    """One page. name: its address without ".html"; blocks: headings, and pieces of HTML between them.

    contents: [(caption, [names of pages])], on the first page alone.
    """

    name: str
    title: str
    blocks: list = field(default_factory=list)
    contents: list = field(default_factory=list)

    @property
    def up(self) -> str:
        """From this page to the folder of the site: "../" for each folder it lies in."""
        return "../" * self.name.count("/")

    def add(self, html: str) -> None:
        """Put a piece of HTML at the end."""
        if html.strip():
            self.blocks.append(html)

    def head(self, level: int, text: str) -> None:
        """Begin a section at the end. Its name is made as GitHub makes one; a second of that name is numbered."""
        taken = {block.name for block in self.blocks if isinstance(block, Heading)}
        plain = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-") or "section"
        name, number = plain, 1
        while name in taken:
            name, number = f"{plain}-{number}", number + 1
        self.blocks.append(Heading(max(level, 2), text, name))


class Pictures:
    """The files of all pictures: {path inside the site: bytes}. Equal pictures are one file."""

    def __init__(self):
        self.files: dict[str, bytes] = {}

    def add(self, data: bytes, kind: str) -> tuple[str, tuple[int, int] | None]:
        """Keep a picture: (its path, its size in pixels; None for a drawing). kind: "image/png" and the like.

        PNG becomes lossless WebP where that is smaller. Raises SiteError for what is no picture.
        """
        if kind == "image/svg+xml":
            size, ending = None, "svg"
        else:
            data, size, ending = _smallest(data)
        path = f"pictures/{hashlib.sha256(data).hexdigest()[:16]}.{ending}"
        self.files[path] = data
        return path, size


def _smallest(data: bytes) -> tuple[bytes, tuple[int, int], str]:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            size, ending = picture.size, (picture.format or "").lower().replace("jpeg", "jpg")
            if ending == "png" and not getattr(picture, "is_animated", False) and features.check("webp"):
                with io.BytesIO() as file:
                    picture.convert("RGBA" if "transparency" in picture.info else "RGB").save(
                        file, "webp", lossless=True, quality=20, method=2
                    )
                    if len(file.getvalue()) < len(data):
                        data, ending = file.getvalue(), "webp"
    except (OSError, ValueError, SyntaxError) as error:  # SyntaxError: Pillow's word for a broken PNG
        raise SiteError(f"a picture cannot be read ({error})") from error
    return data, size, ending


class Places:
    """Which file of the repository became which page, so that links between files become links between pages."""

    def __init__(self):
        self.pages: dict[str, Page] = {}

    def put(self, page: Page, *paths: str) -> None:
        """Say that a page stands for these files (paths from the root of the repository, with /)."""
        for path in paths:
            self.pages[path] = page

    def find(self, link: str, source: str) -> str | None:
        """A link in the file `source` as a mark for `settled`; None when no page shows what it leads to."""
        path, _, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
        return f"{MARK}{target}#{anchor}" if target in self.pages else None

    def settled(self, html: str, page: Page) -> str:
        """A piece of a page with addresses in place of the marks. All pages must have been written."""
        return re.sub(rf'"{MARK}([^"#]*)#([^"]*)"', lambda match: f'"{self._address(match[1], match[2], page)}"', html)

    def _address(self, path: str, anchor: str, page: Page) -> str:
        other, name = self.pages[path], ""
        if anchor:  # be it spelt as GitHub or as Jupyter spells it
            names = [block.name for block in other.blocks if isinstance(block, Heading)]
            name = next((each for each in names if _bare(each) == _bare(anchor)), "")
        address = "" if other is page and name else f"{page.up}{other.name}.html"
        return address + (f"#{name}" if name else "")


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()

"""Formulas as MathML, which browsers of today draw by themselves: no script, no font, no network.

latex2mathml does the translation. Around it stands what it leaves out: a few commands are put into words that
it knows, and its result is brought to what browsers draw (MathML Core, W3C 2023: of `mathvariant` only
"normal", no `columnalign`, no `menclose`). What cannot be translated is never dropped: its source is shown.
"""

import re
import unicodedata
from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# Functions whose subscript a display sets below them, and all functions that are set upright.
UNDER = {"lim", "min", "max", "sup", "inf", "arg min", "arg max", "argmin", "argmax"}
FUNCTIONS = UNDER | {"log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det", "tr", "Pr"}
FUNCTIONS |= {"arg", "sign", "diag", "dim", "ker", "softmax", "sigmoid", "Var", "Cov", "KL"}
OPERATORS = "⌊⌋⌈⌉‖∥{}:∼~⟹⟺⇒⇔¬"  # latex2mathml gives some of them as identifiers
SUMS = "∑∏⋃⋂⨁"
SCRIPTS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
ACCENTS = "^~˙¨ˇ→¯―"
VARIANTS = {
    "bold-italic": "BOLD ITALIC",
    "bold": "BOLD",
    "double-struck": "DOUBLE-STRUCK",
    "sans-serif": "SANS-SERIF",
    "monospace": "MONOSPACE",
    "script": "SCRIPT",
    "fraktur": "FRAKTUR",
}
# (what stands in a lesson, what latex2mathml understands)
WORDS = [
    (r"\\arg\s*\\(min|max)(?![a-zA-Z])", r"\\text{arg \1}"),
    (r"\\(?:mathrm|operatorname)\s*\*?\s*\{((?:[A-Za-z0-9 .,:-]|\\[,; ])+)\}", lambda m: _words(m[1])),
    (r"\\mathrm\s+([A-Za-z])", r"\\text{\1}"),
    (r"\\arg(?![a-zA-Z])", r"\\text{arg}"),
    (r"\\(begin|end)\{aligned\}", r"\\\1{split}"),
    (r"\\(begin|end)\{(align|gather|equation)\}", r"\\\1{\2*}"),
    (r"\\(begin|end)\{(?:gathered|gather\*)\}", r"\\\1{matrix}"),
    (r"\\(begin|end)\{equation\*\}", ""),
    (r"\\tag\{([^{}]*)\}", r"\\qquad\\text{(\1)}"),
    (r"\\label\{[^{}]*\}|\\(?:nonumber|notag|limits|hfill|displaylimits)(?![a-zA-Z])", ""),
    (r"\\math(?:op|bin|rel|ord|open|close)\s*(?=\{)", ""),
]


class FormulaError(ValueError):
    """A formula that cannot be translated; the message says why."""


def to_html(tex: str, display: bool = False, problems: list | None = None) -> str:
    """A formula as HTML. One that cannot be translated is shown as its source and noted in `problems`.

    tex: the formula without its dollars; display: whether it stands on a line of its own.
    """
    try:
        return mathml(tex, display)
    except FormulaError as error:
        if problems is not None:
            problems.append(f"shows the source of a formula, since {error}: {' '.join(tex.split())}")
        tag = "div" if display else "span"
        return f'<{tag} class="tex"><code>{escape(tex.strip())}</code></{tag}>'


def mathml(tex: str, display: bool = False) -> str:
    """A formula as a <math> element. Raises FormulaError for what cannot be translated."""
    bare = re.sub(r"\\[\\{}]", "", tex)
    if bare.count("{") != bare.count("}"):
        raise FormulaError("its braces do not match")
    prepared = re.sub(r"(?<!\\)%.*", "", tex)
    for pattern, replacement in WORDS:
        prepared = re.sub(pattern, replacement, prepared)
    try:
        tree = ElementTree.fromstring(convert(prepared.strip(), display="block" if display else "inline"))
    except ElementTree.ParseError as error:
        raise FormulaError("it holds something unknown to the translator") from error
    except Exception as error:  # latex2mathml lets many kinds through, StopIteration among them
        raise FormulaError(f"the translator stops with {type(error).__name__}") from error
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    unknown = [text for text in tree.itertext() if "\\" in text]
    if unknown:
        raise FormulaError(f"{unknown[0].strip()} is unknown to the translator")
    if not "".join(tree.itertext()).strip():
        raise FormulaError("nothing came out")
    _mend(tree, display)
    if display:
        tree.set("displaystyle", "true")
    tree.set("aria-label", " ".join(tex.split()))
    return ElementTree.tostring(tree, encoding="unicode").replace("<math ", f'<math xmlns="{NAMESPACE}" ', 1)


def _words(name: str) -> str:
    return r"\text{" + re.sub(r"\\[,; ]", " ", name).strip() + "}"


def _mend(element, display: bool) -> None:
    """Bring an element and all below it to what browsers draw."""
    for child in element:
        _mend(child, display)
    mend = {
        "mi": _mend_token,
        "mn": _mend_token,
        "mtext": _mend_token,
        "mo": _mend_operator,
        "mspace": _mend_space,
        "mtable": _mend_table,
        "menclose": _mend_box,
        "mover": _mend_accent,
    }.get(element.tag)
    if mend is not None:
        mend(element)
    if element.tag in SCRIPTS:
        # Limits of sums may always stand below: browsers move them to the side in a line of text.
        is_sum = element[0].tag == "mo" and (element[0].text or "").strip() in SUMS
        if is_sum or (display and _name(element[0]) in UNDER):
            element.tag = SCRIPTS[element.tag]
    _space_functions(element)


def _mend_token(element) -> None:
    text = (element.text or "").strip() if element.tag != "mtext" else element.text or ""
    variant = element.get("mathvariant")
    if element.tag == "mi" and text and text in OPERATORS:
        element.tag, element.text = "mo", "∼" if text == "~" else text
        element.set("stretchy", "false")
        _mend_operator(element)
    elif element.tag == "mtext" and variant:
        # Words keep their letters, so that they can be read aloud and copied; only their look changes.
        looks = {"bold": "font-weight:bold", "italic": "font-style:italic"}
        element.set("style", looks.get(variant, f"font-family:{variant}"))
        del element.attrib["mathvariant"]
    elif variant and variant != "normal":
        element.text = "".join(_letter(character, VARIANTS.get(variant, "")) for character in text)
        del element.attrib["mathvariant"]


def _letter(character: str, variant: str) -> str:
    """The character of Unicode's mathematical alphabets; the character itself where they have none."""
    name = unicodedata.name(character, "")
    name = name.replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "").replace("LUNATE ", "")
    if character.isdigit():
        variant = variant.removesuffix(" ITALIC")
    for start in ("MATHEMATICAL ", ""):
        try:
            return unicodedata.lookup(f"{start}{variant} {name}")
        except KeyError:
            continue
    return character


def _mend_operator(element) -> None:
    text = (element.text or "").strip()
    if text in FUNCTIONS:
        element.tag = "mi"
        element.attrib.clear()
    elif text in ("|", "‖", "∥") and element.get("stretchy") != "true":
        # A browser takes them for relations, with room on both sides, and stretches them.
        element.attrib.update(stretchy="false", lspace="0", rspace="0")


def _mend_space(element) -> None:
    if element.get("width") == "negativethinmathspace":
        element.set("width", "-0.167em")


def _mend_box(element) -> None:
    element.tag = "mrow"
    element.attrib = {"style": "border:0.06em solid;padding:0.25em"}


def _mend_accent(element) -> None:
    if element[1].tag == "mo" and (element[1].text or "").strip() in ACCENTS:
        element.set("accent", "true")
        if element[1].text == "―":  # does not stretch; a macron does
            element[1].text = "¯"
            element[1].attrib = {"stretchy": "true"}


def _mend_table(table) -> None:
    """Alignment as CSS, since browsers have no `columnalign`; no room beside the `&` of aligned equations."""
    aligned = table.get("columnspacing", "").startswith("0em")
    for row in table:
        for place, cell in enumerate(row):
            side = cell.get("columnalign")
            # The second spelling is Chromium's and WebKit's: in formulas they take no notice of the first.
            rules = [f"text-align:{side};text-align:-webkit-{side}"] if side else []
            if aligned:
                rules.append("padding-right:0" if place % 2 == 0 else "padding-left:0")
            if rules:
                cell.set("style", ";".join(rules))


def _name(element) -> str:
    return (element.text or "").strip().replace("\xa0", " ") if element.tag in ("mi", "mtext") else ""


def _space_functions(row) -> None:
    """A thin space between a function's name and its neighbours: log p(x), not logp(x); but log(x)."""
    if row.tag not in ("math", "mrow", "mtd", "mstyle"):
        return
    children, out = list(row), []
    for place, child in enumerate(children):
        scripts = child.tag in SCRIPTS or child.tag in SCRIPTS.values()
        is_function = _name(child[0] if scripts and len(child) else child) in FUNCTIONS
        after = children[place + 1] if place + 1 < len(children) else None
        if is_function and out and out[-1].tag not in ("mo", "mspace"):
            out.append(_thin())
        out.append(child)
        if is_function and after is not None and after.tag not in ("mo", "mspace"):
            out.append(_thin())
    row[:] = out


def _thin():
    return ElementTree.Element("mspace", {"width": "0.167em"})

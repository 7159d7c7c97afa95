"""Makes texts of machines fit to be read: no escape codes, no paths, no dumps, no notes that libraries write for
themselves. Every text of a verdict passes through `clean`."""

import re
from pathlib import Path

LONGEST = 1200  # characters of one part of a verdict
_LONGEST_READ = 8_000  # what follows is not even looked at: a message can hold a whole array
_LONGEST_DUMP = 60
_ROOT = str(Path(__file__).resolve().parent.parent.parent)

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.?|\\x1b\[[\d;]*m")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# Each pattern, and what takes its place.
_NOISE = [
    # Keras: all arguments of the call, weights and all, follow to the end.
    (r"\s*Arguments received by [\s\S]*\Z", ""),
    (r"Exception encountered when calling [^\n]*\.\s*(?=\S)", ""),
    (r"\s*\(?The error is likely due to [^.]*\.\)?", ""),
    # TensorFlow: nodes, operations, devices, and where in its graph something is.
    (r"\[\[\{\{[^{}]*\}\}\]\]|\{\{[^{}]*node [^{}]*\}\}", ""),
    (r"\[\[\s*\]\]", ""),
    (r"\s*\[Op:[^\]]*\](?:[ \t]+name:[^\n]*)?", ""),
    (r"(?:\s*\bdevice:?\s*)?/job:\w+(?:/\w+:[\w:]+)+", ""),
    (r"\bGraph execution error:\s*", ""),
    (r"Detected at node[^\n]*(?:\n<stack traces unavailable>)?", ""),
    (r"\b\d+ root error\(s\) found\.\s*|\b\d+ (?:successful|derived) (?:operations|errors)[^\n]*", ""),
    (r"Original stack trace for [\s\S]*\Z", ""),
    (r"\bin user code:\s*", ""),
    (r"Traceback \(most recent call last\):\s*|Stack trace[^\n]*\(most recent call last\):\s*", ""),
    # A place in a file, with the line of code under it.
    (r'(?m)^[ \t]*File "[^"\n]*", line \d+(?:, in [^\n]*)?(?:\n[ \t]+(?![ \t]*File ")[^\n]*)?\n?', ""),
    # Where something lies in memory or among our folders.
    (r"\s+at 0x[0-9a-fA-F]+", ""),
    (r"(?:\w+\.)*<locals>\.", ""),
    (r"(<(?:function |class '|bound method |module '))(?:\w+\.)+", r"\1"),
    (r"<(?:\w+\.)+(\w+ object)", r"<\1"),
    (r"\b(?:keras\.src|tensorflow\.python|helpers)\.(?:\w+\.)+(?=\w)", ""),
    (r"(?:[A-Za-z]:)?[\\/][^\s'\"<>|,;()]*ipykernel_\d+[\\/]\d+\.py", "your cell"),
    (r"(?:[A-Za-z]:)?[\w.\-]*[\\/][^\s'\"<>|,;()]*[\\/](?:site|dist)-packages[\\/][^\s'\"<>|,;()]*", "a library"),
    (r"(?:(?:[A-Za-z]:)?[\w.\-]*[\\/][^\s'\"<>|,;()]*?|\.\.)?\bhelpers[\\/][^\s'\"<>|,;()]*", "the workbook"),
    (r"[^\s'\"<>|,;()]*__autograph_generated_file\w*\.py", "your cell"),
]
_NOISE = [(re.compile(pattern), place) for pattern, place in _NOISE]
_DUMP = re.compile(r"\[(?:[\[\]\d\s,.+\-…]|nan|inf|e(?=[+\-]?\d)|True|False|j)*\]")
_COMES_TO = re.compile(r"-?(?:\d+\.?\d*(?:e[+\-]?\d+)?|\.\d+|nan|inf)|True|False")


def clean(text) -> str:
    """`text` without the noise of machines, in at most `LONGEST` characters; line breaks between sentences stay."""
    text = as_text(text)[:_LONGEST_READ].encode("utf-8", "replace").decode("utf-8")  # a notebook cannot hold halves
    text = _ESCAPES.sub("", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text).replace(_ROOT, "..")
    for pattern, place in _NOISE:
        text = pattern.sub(place, text)
    text = _DUMP.sub(_shortened, text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def one_line(text, longest: int = 300) -> str:
    """`text`, clean, in one line of at most `longest` characters."""
    text = " ".join(clean(text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def as_text(thing, by=str) -> str:
    """str(thing) or repr(thing), also of an object whose own method fails."""
    try:
        return str(by(thing))
    except Exception:
        return f"{type(thing).__name__} (which cannot be shown)"


def _shortened(match) -> str:
    dump = match.group()
    if len(dump) <= _LONGEST_DUMP and "\n" not in dump:
        return dump
    return "[" + " ".join([*(_COMES_TO.findall(dump)[:3]), "…]"])

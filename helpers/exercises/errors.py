"""What went wrong in an answer, told by the student's own line and without a traceback into our code."""

import linecache
import os
import re
import sysconfig
import traceback
from pathlib import Path

from helpers.exercises.wording import as_text, one_line

_HELPERS = Path(__file__).resolve().parent.parent
_OURS = (_HELPERS, _HELPERS.parent / "tools")
_LIBRARIES = tuple(
    {Path(folder).resolve() for folder in map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib"))}
)
# Code that libraries write while the program runs.
_GENERATED = re.compile(r"<(__array_function__|decorator-gen|attrs generated|lambdify|unknown>)")

ADVICE = {
    "UnboundLocalError": "a variable is read before it is given a value",
    "NameError": "a name is misspelt, or not defined inside the function",
    "IndexError": "an index is past the end: print the shape",
    "MemoryError": "an array far larger than needed: print the shapes that go into it",
    "RecursionError": "the function calls itself without end",
    "ZeroDivisionError": "a division by 0",
    "SystemExit": "exit(), quit() and sys.exit() end a whole program; a function ends with return",
    "GeneratorExit": "leave this exception to Python; a function ends with return",
}
DOUBLE = re.compile(r"\b(float tensor\b.*\bdouble|double tensor\b.*\bfloat) tensor\b")
AS_FLOAT = (
    "64 bits met 32: `np.sqrt(…)` of a number and most NumPy arrays have 64; `** 0.5` and float(…) fit any tensor"
)

# How Keras says that a network was given what it cannot take: (what it takes, what came).
MISFITS = (
    re.compile(r"expected (axis -?\d+ of input shape to have value \d+), but received input with shape (\(.*?\))"),
    re.compile(r"Expected shape (\(.*?\)), but input has incompatible shape (\(.*?\))"),
    re.compile(r"expected shape=(\(.*?\)), found shape=(\(.*?\))"),
    re.compile(r"expected ((?:min_|max_)?ndim=\d+), found ndim=\d+\. Full shape received: (\(.*?\))"),
)


def is_student_file(filename: str) -> bool:
    """Whether a frame's file is a notebook cell or a module of the student's own: not ours, not a library's.

    Libraries compiled from Cython name files that do not exist here; those are nobody's.
    """
    if filename.startswith("<"):
        if filename.startswith("<frozen ") or filename == "<string>":  # Python 3.13 shows the lines of `python -c` so
            return False
        return not _GENERATED.match(filename) or bool(linecache.getlines(filename))
    path = Path(filename)
    if path.parent.name.startswith(("ipykernel_", "xpython_")):  # a cell; there is no such file
        return True
    if path.suffix != ".py" or path.name.startswith("__autograph_generated_file"):
        return False
    try:
        path = path.resolve(strict=True)  # a notebook finds the helpers by "..", so nothing is where it seems
    except (OSError, RuntimeError, ValueError):
        return False
    if {"site-packages", "dist-packages"} & set(path.parts):
        return False
    return not any(folder in path.parents for folder in (*_OURS, *_LIBRARIES))


def is_blank(error: BaseException) -> bool:
    """Whether this is the `raise NotImplementedError` of a blank (and not one that Keras raises itself)."""
    if not isinstance(error, NotImplementedError):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    # AutoGraph raises a copy of its own, whose text quotes the student's lines.
    return bool(frames and is_student_file(frames[-1].filename)) or "raise NotImplementedError" in as_text(error)


def describe(error: BaseException) -> tuple[str, str]:
    """(got, look): the exception in one line, and the student's line where it happened."""
    name = type(error).__name__
    text = one_line(error)
    if text.startswith(f"{name}: "):  # AutoGraph quotes the exception inside its copy
        text = text[len(name) + 2 :]
    advice = next((ADVICE[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in ADVICE), "")
    if DOUBLE.search(text):
        advice = AS_FLOAT
    got = f"{name}: {text}" if text not in ("", "None") else name
    place = where(error)
    misfit = next((found for found in (kind.search(text) for kind in MISFITS) if found), None)
    if misfit and not place:
        return f"a network that cannot take an input of shape {misfit[2]} (it wants {misfit[1]})", (
            "the check may call your network on other sizes than the lesson does: which layer has its size from a "
            "number in your code, and not from an argument or from the input? And are the parts in their order?"
        )
    if not place:
        return f"something the check could not use ({got})", (
            "is it the kind of object that the docstring describes? try it yourself, on inputs of two sizes, and look "
            "at the order of its parts"
        )
    return f"your code stopped with {got}", place + (f"\n({advice})" if advice else "")


def where(error: BaseException) -> str:
    """The student's line in which an exception arose, "line 3 of your cell, in pca: …"; empty if none was met."""
    frames = [(frame.filename, frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__)]
    # AutoGraph runs a translation of the student's code and tells only in words which line it was.
    quoted = re.findall(r'File "([^"\n]+)", line (\d+), in (\S+)', as_text(error)[:20_000])
    for file, number, name in [*((file, int(number), name) for file, number, name in reversed(quoted)), *frames[::-1]]:
        if is_student_file(file):
            return in_words(file, number, name)
    return ""


def where_now(frame) -> str:
    """The same for code that is still running: the innermost line of the student's in this frame or above it."""
    while frame is not None:
        if is_student_file(frame.f_code.co_filename):
            return in_words(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back
    return ""


def in_words(file: str, number: int, name: str) -> str:
    """ "line 3 of your cell, in pca: …"; a module of the student's goes by its name."""
    whose = os.path.basename(file) if os.path.exists(file) else "your cell"
    inside = f", in {name}" if name not in ("<module>", "<lambda>") else ""
    return f"line {number} of {whose}{inside}: {linecache.getline(file, number).strip()}".rstrip(": ")

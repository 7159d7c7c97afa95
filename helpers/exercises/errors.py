"""What went wrong in an answer, told by the student's own line and without a traceback into our code."""

import linecache
import sysconfig
import traceback
from pathlib import Path

_OURS = Path(__file__).resolve().parent.parent
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})

ADVICE = {
    "UnboundLocalError": "a variable is read before it is given a value",
    "NameError": "a name is misspelt, or not defined inside the function",
    "IndexError": "an index is past the end: print the shape",
    "MemoryError": "an array far larger than needed: print the shapes that go into it",
    "RecursionError": "the function calls itself without end",
    "ZeroDivisionError": "a division by 0",
}


def is_student_file(filename: str) -> bool:
    """Whether a frame's file is a notebook cell or the student's own module: not ours, not a library's."""
    if filename.startswith("<frozen") or "site-packages" in filename or "dist-packages" in filename:
        return False
    if filename.startswith("<") or "ipykernel_" in filename:
        return True
    path = Path(filename)
    if _OURS in path.parents:
        return False
    return not any(folder and Path(folder) in path.parents for folder in _LIBRARIES)


def is_blank(error: BaseException) -> bool:
    """Whether this is the `raise NotImplementedError` of a blank (and not one that Keras raises itself)."""
    if not isinstance(error, NotImplementedError):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    # AutoGraph raises a copy of its own, whose text quotes the student's lines.
    return bool(frames and is_student_file(frames[-1].filename)) or "raise NotImplementedError" in str(error)


def describe(error: BaseException) -> tuple[str, str]:
    """(got, look): the exception in one line, and the student's line where it happened."""
    name = type(error).__name__
    text = " ".join(str(error).split())
    advice = next((ADVICE[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in ADVICE), "")
    mine = [frame for frame in traceback.extract_tb(error.__traceback__) if is_student_file(frame.filename)]
    got = f"{name}: {text[:300] + '…' if len(text) > 300 else text}" if text else name
    if not mine:
        return f"something the check could not use ({got})", "is it the kind of object that the docstring describes?"
    frame = mine[-1]
    line = (frame.line or linecache.getline(frame.filename, frame.lineno)).strip()
    place = f"line {frame.lineno} of your cell" + (f", in {frame.name}" if frame.name != "<module>" else "")
    return f"your code stopped with {got}", f"{place}: {line}" + (f"\n({advice})" if advice else "")

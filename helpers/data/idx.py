"""The idx format of MNIST and Fashion-MNIST: reading it with every doubt answered, and writing it.

An idx file is four bytes (0, 0, the code of the number type, the number of axes), then one big-endian 32-bit
length per axis, then the numbers, row by row. Here it is always gzipped and always of bytes (type code 8).
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from helpers.files import atomic_write_bytes

UNSIGNED_BYTE = 0x08
MOST_AXES = 8
MOST_BYTES = 2**30  # a header that promises more is nonsense, not a data set of this course


class DamagedFile(Exception):
    """A data file that must not be used. `path` says which, `reason` says why in words."""

    def __init__(self, path: str | Path, reason: str):
        self.path, self.reason = Path(path), reason
        super().__init__(f"{self.path.name}: {reason}")


def read_idx(path: str | Path) -> np.ndarray:
    """Read a gzipped idx file of unsigned bytes.

    Returns a read-only uint8 array of the shape in the file's header.
    Raises FileNotFoundError if there is no such file, and DamagedFile, with the reason, if it is a folder,
    empty, not gzip (a web page, say), cut short, of the wrong checksum, not idx, or of another length than
    its header says.
    """
    path = Path(path)
    if path.is_dir():
        raise DamagedFile(path, "is a folder, not a file")
    with open(path, "rb") as file:
        start = file.read(64)
    if not start:
        raise DamagedFile(path, "is empty")
    if start[:2] != b"\x1f\x8b":
        if start.lstrip()[:1] == b"<":
            raise DamagedFile(path, "is a web page, not data (a server's error page under this name)")
        raise DamagedFile(path, "is not a gzip file")
    try:
        with gzip.open(path, "rb") as file:
            return _parse(path, file)
    except EOFError:
        raise DamagedFile(path, "ends too early (an interrupted download?)") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile(path, f"does not unpack: its contents or its checksum are wrong: {error}") from None


def _parse(path: Path, file: gzip.GzipFile) -> np.ndarray:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[3] == 0:
        raise DamagedFile(path, "does not start like an idx file")
    if head[2] != UNSIGNED_BYTE:
        raise DamagedFile(path, f"holds numbers of type code 0x{head[2]:02x}, not unsigned bytes (0x08)")
    axes = head[3]
    lengths = file.read(4 * axes)
    if len(lengths) < 4 * axes:
        raise DamagedFile(path, "ends inside its header")
    shape = struct.unpack(f">{axes}I", lengths)
    size = math.prod(shape)
    if size > MOST_BYTES or axes > MOST_AXES or max(shape) > MOST_BYTES:
        raise DamagedFile(path, f"promises {size:,} values on {axes} axes in its header, which cannot be")
    content = file.read(size + 1)  # one too many: gzip checks its checksum at the end
    if len(content) != size:
        found = f"{len(content):,}" if len(content) < size else "more"
        raise DamagedFile(path, f"promises {size:,} values in its header and holds {found}")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def pack_idx(array: np.ndarray) -> bytes:
    """The bytes of a gzipped idx file of `array` (uint8, at least one axis).

    No time and no file name go into it, so that equal arrays give equal bytes (with one zlib).
    Raises ValueError for other number types.
    """
    array = np.asarray(array)
    if array.dtype != np.uint8 or not 1 <= array.ndim <= 255:
        raise ValueError(f"idx files here hold uint8 arrays, got {array.dtype} with {array.ndim} axes")
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, UNSIGNED_BYTE, array.ndim, *array.shape)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(head + array.tobytes())
    return buffer.getvalue()


def write_idx(path: str | Path, array: np.ndarray) -> None:
    """Write `array` (uint8) to `path` as a gzipped idx file, in one step. Raises ValueError as `pack_idx`."""
    atomic_write_bytes(path, pack_idx(array))

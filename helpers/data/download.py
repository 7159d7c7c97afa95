"""Downloading a full data set into Keras' own cache, where other programs find it too.

Called only when the user allows it: with WORKBOOK_DOWNLOAD=1 or by ``python -m helpers.data fashion_mnist``.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import urllib.error
import urllib.request
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from helpers.data.idx import DamagedFile, read_idx
from helpers.data.sources import FILES, Arrays, DamagedSet, Say, Spec, keras_datasets, put_aside, read_set
from helpers.files import atomic_writer

SECONDS_TO_WAIT = 20
MOST_BYTES = 200_000_000  # the largest file has 26 MB: more means that this is something else


class DownloadFailed(Exception):
    """A download that did not give a proven file; the text says why and what to do."""


def download(spec: Spec, say: Say, *, progress: bool = True) -> Arrays | None:
    """Fetch what is missing of a set into Keras' cache, prove all four files and return them.

    A file counts only when it is complete and its checksum is right; until then it has a temporary name, so
    an interrupted download leaves nothing behind, and the next try goes on with the next missing file.
    Returns None, saying why, if it fails (no network, wrong contents, a folder that cannot be written).
    """
    folder = keras_datasets() / spec.folders[0]
    try:
        for file in FILES:
            path = folder / file
            if path.exists() or path.is_symlink():
                reason = _fault(path, spec)
                if reason is None:
                    continue
                say(f"{path} {reason}. {put_aside(path)}")
            _fetch(spec.url + file, path, spec, progress)
        return read_set(folder, spec, spec.n_train, spec.n_test)
    except DamagedSet as error:
        for fault in error.faults:
            say(f"{fault.path} {fault.reason}. {put_aside(fault.path)}")
    except DownloadFailed as error:
        say(f"{spec.title} was not downloaded: {error}")
    except OSError as error:
        say(
            f"{spec.title} was not downloaded: {folder} cannot be written ({error}). "
            "KERAS_HOME can name another folder."
        )
    return None


def _fault(path: Path, spec: Spec, name: str | None = None) -> str | None:
    """Why `path` is not the official file `name`, in words; None if it is, as far as that can be known."""
    name = name or path.name
    try:
        read_idx(path)
    except DamagedFile as fault:
        return fault.reason
    except FileNotFoundError:  # a link that leads nowhere
        return "leads to a file that does not exist"
    if name in spec.md5:
        digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        if digest != spec.md5[name]:
            return f"is not the official file (its MD5 is {digest}, and should be {spec.md5[name]})"
    if name in spec.unpacked_sha256:
        digest = hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
        if digest != spec.unpacked_sha256[name]:
            return f"does not hold the official images (the SHA-256 of the unpacked file is {digest})"
    return None


def _fetch(url: str, path: Path, spec: Spec, progress: bool) -> None:
    """One file from `url` to `path`, in one step; raises DownloadFailed, or OSError if the disk refuses."""
    try:
        response = urllib.request.urlopen(url, timeout=SECONDS_TO_WAIT)  # an address from SPECS
    except urllib.error.HTTPError as error:
        raise DownloadFailed(f"the server answers {error.code} ({error.reason}) to {url}.") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise DownloadFailed(f"no answer from {url} ({reason}). Is there a network?") from None
    with response, atomic_writer(path) as file:
        _copy(response, file, path.name, progress)
        file.flush()  # so that the proof below reads all of it
        reason = _fault(Path(file.name), spec, path.name)
        if reason:
            raise DownloadFailed(f"what came from {url} {reason}. Nothing of it was kept; try again later.")


def _copy(response: http.client.HTTPResponse, file: BinaryIO, name: str, progress: bool) -> None:
    """Copy the answer to `file` with a progress line; raises DownloadFailed if it is cut off or endless."""
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() else None
    received = 0
    with tqdm(total=total, desc=name, unit="B", unit_scale=True, disable=not progress) as line:
        while True:
            try:
                piece = response.read(1 << 16)
            except (OSError, http.client.HTTPException) as error:
                raise DownloadFailed(f"the connection broke off in {name} ({error}). Try again.") from None
            if not piece:
                break
            file.write(piece)
            received += len(piece)
            line.update(len(piece))
            if received > MOST_BYTES:
                raise DownloadFailed(f"{name} does not end; it should have 26 MB at most.")
    if total is not None and received != total:
        raise DownloadFailed(f"{name} was cut off after {received:,} of {total:,} bytes. Try again.")

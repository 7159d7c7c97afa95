"""``python -m helpers.data fashion_mnist``: fetch a full data set once, into Keras' own cache."""

from __future__ import annotations

import argparse
import sys

from helpers.data.download import download
from helpers.data.sources import SPECS, from_keras_cache, keras_datasets


def main(arguments: list[str] | None = None) -> int:
    """Fetch the named set unless it is there already. Returns 0 if it is there in the end, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.data",
        description="Download a full data set (fashion_mnist: 30 MB, mnist: 11 MB) into Keras' own cache, "
        "where every lesson and every other Keras program finds it.",
    )
    parser.add_argument("name", nargs="?", default="fashion_mnist", choices=sorted(SPECS))
    spec = SPECS[parser.parse_args(arguments).name]
    if from_keras_cache(spec, print) is not None:
        print(f"{spec.title} is there already, whole, in {keras_datasets()}.")
        return 0
    if download(spec, print) is None:
        return 1
    print(f"{spec.title} is now in {keras_datasets() / spec.folders[0]}, checked and whole.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

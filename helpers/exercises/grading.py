"""What a cell that is marked does before its check, in lines that students do not see (`workbook.py classroom`)."""

import os


def begin(name: str, namespace: dict) -> None:
    """Make the check that follows strict, whatever the cells above have made of the settings.

    name, namespace: of the answer, and where it should be. One that was never defined, since its cell stopped with an
    error or is gone, is None from here: a check can say so, and its points are all that is lost.
    """
    os.environ["WORKBOOK_STRICT"] = "1"
    namespace.setdefault(name, None)

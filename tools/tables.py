"""Tables for the terminal."""

from __future__ import annotations

import helpers  # noqa: F401  (quietens TensorFlow and chooses Keras' backend before either is imported)


def table(rows: list[tuple], head: tuple) -> str:
    """Columns of text, the first to the left and the others to the right."""
    cells = [tuple(str(cell) for cell in row) for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = []
    for row in cells:
        padded = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        padded[0] = row[0].ljust(widths[0])
        lines.append("  ".join(padded).rstrip())
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])

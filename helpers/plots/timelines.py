"""Two drawings for orientation: a tree of ideas and a timeline."""

from __future__ import annotations

from helpers.plots.style import COLOURS, new_figure, text_width

ROW = 0.42  # inches of height for one leaf of the tree
LAST = 2.4  # width of the last column, in widths of the others


def tree(root: tuple, *, width: float = 10.0):
    """A tree drawn from left to right.

    root: (label, [children]) with children of the same form; a leaf is (label, note), where note is text
    shown beside it in colour (such as the lessons that treat it) or "".
    Returns a Figure.
    """
    leaves = _leaves(root)
    levels = _depth(root)
    figure = new_figure(width, ROW * leaves + 0.3, alt=f"a tree with the root {root[0]} and {leaves} leaves")
    axes = figure.add_subplot()
    across = levels - 1 + LAST  # the last column also holds the notes
    axes.set(xlim=(-0.02, across), ylim=(leaves - 0.4, -0.6))
    axes.axis("off")
    _draw(axes, root, 0, 0, inch=across / width)
    return figure


def _leaves(node) -> int:
    return 1 if isinstance(node[1], str) else sum(_leaves(child) for child in node[1])


def _depth(node) -> int:
    return 1 if isinstance(node[1], str) else 1 + max(_depth(child) for child in node[1])


def _draw(axes, node, level, top, inch):
    """Draw a node and what hangs on it below row `top`; the row of the node itself."""
    label, rest = node
    if isinstance(rest, str):
        row = top
        axes.text(level, row, label, va="center", fontsize=11, fontweight="bold")
        if rest:
            axes.annotate(
                rest, (1, row), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=11,
                color=COLOURS["blue"],
            )  # fmt: skip
        return row
    rows, place = [], top
    for child in rest:
        rows.append(_draw(axes, child, level + 1, place, inch))
        place += _leaves(child)
    row = (rows[0] + rows[-1]) / 2
    end = min(level + (text_width(label, 11) + 0.1) * inch, level + 0.88)
    for child_row in rows:
        axes.plot([end, level + 0.9, level + 0.9, level + 0.97], [row, row, child_row, child_row],
                  color="#888888", linewidth=1.2, linestyle="-")  # fmt: skip
    axes.text(level, row, label, va="center", fontsize=11)
    return row


def timeline(events: list[tuple], *, width: float = 10.0):
    """Events on a line of years, oldest first.

    events: (year, name, kind); each kind has a colour and a row of its own, in order of first appearance.
    Returns a Figure.
    """
    kinds = list(dict.fromkeys(kind for _, _, kind in events))
    colours = list(COLOURS.values())
    figure = new_figure(width, 1.25 * len(kinds) + 0.7, alt="; ".join(f"{year} {name}" for year, name, _ in events))
    axes = figure.add_subplot()
    stacked: dict[tuple, int] = {}
    for year, name, kind in sorted(events):
        row = kinds.index(kind)
        position = _stretch(year)
        # Names on three heights in turn, so that neighbouring years do not overlap.
        step = stacked[kind] = (stacked.get(kind, -1) + 1) % 3
        height = row + (0.18, 0.42, -0.24)[step]
        axes.plot([position, position], [row, height], color=colours[row], linewidth=1, linestyle="-")
        axes.plot(position, row, "o", color=colours[row])
        axes.text(position, height, f"{name} {year}", fontsize=10, ha="center", va="bottom" if height > row else "top")
    for row in range(len(kinds)):
        axes.axhline(row, color=colours[row], linewidth=1, linestyle="-", zorder=0)
    axes.set_yticks(range(len(kinds)), kinds)
    axes.set_ylim(-0.6, len(kinds) - 0.2)
    years = [1986, 2000, 2006, 2012, 2014, 2016, 2018, 2020, 2022]
    axes.set_xticks([_stretch(year) for year in years], [str(year) for year in years])
    axes.set_xlim(_stretch(1983), _stretch(2023))
    axes.set_xlabel("year (the years before 2012 are drawn closer together)")
    axes.grid(False)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def _stretch(year: float) -> float:
    """Years before 2012 take a sixth of the room of later ones."""
    return year - 2012 if year >= 2012 else (year - 2012) / 6

"""How the rows of the scoreboard look: as tables (HTML and text) and as dots beside PCA.

Figures that answer one question stand in one table, so that none is wider than a page. In each table the rows are
grouped by what they were trained on and by what they were measured on: only rows of one group compare like with like.
"""

from __future__ import annotations

import re
from html import escape

# name of a figure → (title in plain words, which way is better, format, short title for the head of a column).
# Others show under their own name.
FIGURES = {
    "mse": ("MSE", "↓", ".4f", "MSE"),
    "probe_accuracy": ("Probe accuracy", "↑", ".3f", "Probe"),
    "knn_accuracy": ("Neighbours' accuracy", "↑", ".3f", "Neighbours"),
    "accuracy": ("Accuracy", "↑", ".3f", "Accuracy"),
    "trustworthiness": ("Trustworthiness", "↑", ".3f", "Trust"),
    "angle": ("Largest angle to PCA in degrees", "↓", ".4f", "Angle in °"),
    "psnr_noisy": ("PSNR at σ = .5 in dB", "↑", ".1f", "PSNR"),
    "mean_activation": ("Mean activation", "", ".3f", "Activation"),
    "hoyer": ("Hoyer sparsity", "", ".3f", "Hoyer"),
    "dead_units": ("Dead units", "↓", ".0f", "Dead units"),
    "elbo": ("ELBO in nats", "↑", ".1f", "ELBO"),
    "reconstruction": ("Reconstruction in nats", "↓", ".1f", "Rec. in nats"),
    "kl": ("KL in nats", "", ".2f", "KL in nats"),
    "frechet": ("Fréchet distance", "↓", ".2f", "Fréchet"),
    "inception_score": ("Inception score", "↑", ".2f", "IS"),
    "precision": ("Precision", "↑", ".3f", "Precision"),
    "recall": ("Recall", "↑", ".3f", "Recall"),
    "coverage": ("Class coverage", "↑", ".3f", "Classes"),
    "class_agreement": ("Class as ordered", "↑", ".3f", "As ordered"),
    "sliced_wasserstein": ("Sliced Wasserstein", "↓", ".2f", "Sliced W."),
    "sliced_wasserstein_32": ("Sliced Wasserstein, 32 × 32", "↓", ".2f", "… 32 × 32"),
    "sliced_wasserstein_16": ("Sliced Wasserstein, 16 × 16", "↓", ".2f", "… 16 × 16"),
    "sliced_wasserstein_8": ("Sliced Wasserstein, 8 × 8", "↓", ".2f", "… 8 × 8"),
    "nearest_ratio": ("Nearest training image", "≈ 1", ".3f", "Nearest"),
    "copies": ("Copies", "≈ .01", ".3f", "Copies"),
    "path_length": ("Path length in W", "↓", ",.0f", "Path, W"),
}
# the question of each table → its figures; what is named nowhere comes last
TABLES = {
    "Rebuild and use": ("mse", "probe_accuracy", "knn_accuracy", "accuracy", "trustworthiness", "psnr_noisy"),
    "Likelihood": ("elbo", "reconstruction", "kl"),
    "Sparse codings": ("mean_activation", "hoyer", "dead_units"),
    "New images": ("frechet", "inception_score", "precision", "recall", "coverage"),
    "New images, pixel by pixel": (
        *("sliced_wasserstein", "sliced_wasserstein_32", "sliced_wasserstein_16", "sliced_wasserstein_8"),
        *("nearest_ratio", "copies"),
    ),
}
OTHERS = "Other figures"
OF_NEW_IMAGES = {*TABLES["New images"], *TABLES["New images, pixel by pixel"]}
LEFT = {"Lesson", "Model", "Run"}  # words; numbers stand to the right
LEGEND = (
    "↓ lower is better, ↑ higher is better, ≈ what real images have, – not measured; "
    "[labels]: was told the class of each image, the others were not"
)
EMPTY = "The scoreboard has no rows yet: run the last section of a lesson."


def _title(name: str) -> str:
    title, better, *_ = FIGURES.get(name, (name.replace("_", " ").capitalize(), ""))
    return f"{title} {better}".strip()


def _short(name: str) -> str:
    return f"{FIGURES[name][3]} {FIGURES[name][1]}".strip() if name in FIGURES else _title(name)


def _text(name: str, value: float | None) -> str:
    return "–" if value is None else format(value, FIGURES[name][2] if name in FIGURES else ".4g")


def described(row: dict) -> str:
    """The figures of a row in one phrase, such as "MSE 0.0131, Probe accuracy 0.812"."""
    parts = (
        f"{FIGURES.get(name, (name.replace('_', ' '),))[0]} {_text(name, value)}"
        for name, value in row["figures"].items()
    )
    return ", ".join(parts) or "no figures"


def trained_on(row: dict) -> tuple[int, str]:
    """(number of training images, the set in words) of a row; (0, the text) where the text names no number.

    Fashion-MNIST, the set of the course, is not named.
    """
    text = row["data"].partition(" (")[0].removeprefix("Fashion-MNIST, ")
    found = re.fullmatch(r"(.*?), ([\d,]+)(?: training)? images", text)
    if found is None:
        return 0, text or "a set that was not noted"
    return int(found[2].replace(",", "")), f"{found[2]} images ({found[1]})"


def judged_on(row: dict, figures=()) -> str:
    """The images that these figures of a row were measured on.

    Figures of new images are always taken beside the test images that ship. The others say so themselves
    (`judged` of `records.record`); a row that does not was measured on validation images.
    """
    if OF_NEW_IMAGES.intersection(figures):
        return "test images" if row["profile"] == "smoke" else "2,000 test images"
    if row.get("judged"):
        return row["judged"]
    count = {9_000: "1,000 ", 55_000: "5,000 "}.get(trained_on(row)[0], "")
    return f"{count}validation images"


def has_labels(row: dict) -> bool:
    """Whether the model was told the class of each image; an older row says so by its name only."""
    return bool(row.get("labels", "conditional" in row["model"].lower().split()))


class Table:
    """Rows of the scoreboard as tables, one for each question; a notebook shows HTML, print() text."""

    def __init__(self, rows: list[dict]):
        self.rows = rows
        known = {name for names in TABLES.values() for name in names}
        others = sorted({name for row in rows for name in row["figures"]} - known)
        asked = {**TABLES, OTHERS: others}
        self.parts = [_Part(title, names, rows) for title, names in asked.items()]
        self.parts = [part for part in self.parts if part.groups]
        unmeasured = [row for row in rows if not row["figures"]]
        if unmeasured:
            self.parts.append(_Part("Without figures", None, unmeasured))

    def __repr__(self) -> str:
        return "\n\n".join([*map(repr, self.parts), LEGEND]) if self.parts else EMPTY

    def _repr_html_(self) -> str:
        if not self.parts:
            return f"<p>{escape(EMPTY)}</p>"
        return "\n".join([*(part.html() for part in self.parts), f"<p><small>{escape(LEGEND)}</small></p>"])


class _Part:
    """One table: the rows that have any of these figures, or all of them for None.

    head: titles of the columns.   groups: {what the rows were trained and measured on: lines of cells}.
    """

    def __init__(self, title: str, figures, rows: list[dict]):
        if figures is not None:
            rows = [row for row in rows if any(name in row["figures"] for name in figures)]
        self.title = title
        self.names = [name for name in figures or () if any(name in row["figures"] for row in rows)]
        self.head = ["Lesson", "Model", "Codings", *map(_short, self.names), "Weights", "Seconds", "Run"]
        self.groups: dict[str, list[list[str]]] = {}
        for row in sorted(rows, key=lambda row: trained_on(row)[0]):
            images = judged_on(row, self.names)
            group = f"Trained on {trained_on(row)[1]}" + f", measured on {images}" * (title != OTHERS)
            self.groups.setdefault(group, []).append([
                row["lesson"],
                row["model"] + " [labels]" * has_labels(row),
                _count(row["codings"]),
                *(_text(name, row["figures"].get(name)) for name in self.names),
                _count(row["parameters"]),
                _seconds(row["seconds"]),
                _run(row),
            ])  # fmt: skip

    def __repr__(self) -> str:
        lines = [self.head, *(cells for group in self.groups.values() for cells in group)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        rule = ["─" * width for width in widths]
        text = [self.title, self._line(self.head, widths), self._line(rule, widths)]
        for group, cells in self.groups.items():
            text += [f"{group}:", *(self._line(line, widths) for line in cells)]
        return "\n".join(text)

    def _line(self, texts: list[str], widths: list[int]) -> str:
        padded = (
            text.ljust(width) if title in LEFT else text.rjust(width)
            for title, text, width in zip(self.head, texts, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    def html(self) -> str:
        sides = ["left" if title in LEFT else "right" for title in self.head]
        words = ["", "", "", *map(_title, self.names), "", "", ""]
        head = "".join(
            f'<th scope="col" style="text-align:{side}; white-space:normal; padding:2px 5px"{_hint(word, title)}>'
            f"{escape(title).replace(' ↓', '&nbsp;↓').replace(' ↑', '&nbsp;↑')}</th>"
            for side, title, word in zip(sides, self.head, words, strict=True)
        )
        body = "\n".join(
            f'<tr><th scope="rowgroup" colspan="{len(self.head)}" style="text-align:left; padding:7px 5px 2px">'
            f"{escape(group)}</th></tr>\n" + "\n".join(_html_row(sides, cells) for cells in lines)
            for group, lines in self.groups.items()
        )
        # JupyterLab gives all columns the same width and cuts off what does not fit.
        return (
            '<div style="overflow-x:auto; max-width:960px"><table style="table-layout:auto; font-size:12px">\n'
            f'<caption style="text-align:left; font-weight:bold">{escape(self.title)}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
        )


def _hint(words: str, title: str) -> str:
    """The whole title as a tooltip, where the head of the column is shorter."""
    return f' title="{escape(words)}"' if words and words != title else ""


def _html_row(sides: list[str], cells: list[str]) -> str:
    whole = "white-space:nowrap"  # only the name of the model may be broken
    wraps = (whole, "min-width:140px", *[whole] * len(cells))
    return (
        "<tr>"
        + "".join(
            f'<td style="text-align:{side}; padding:2px 5px; {wrap}">{escape(text)}</td>'
            for side, wrap, text in zip(sides, wraps, cells, strict=False)
        )
        + "</tr>"
    )


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}" if seconds < 100 else f"{seconds:,.0f}"


def _run(row: dict) -> str:
    """Whose run it was, and over how many seeds it is the mean: "shipped", "yours ×3", "yours, smoke"."""
    whose = "yours" if row.get("where", "here") == "here" else "shipped"
    return whose + (", smoke" if row["profile"] == "smoke" else "") + f" ×{len(row['seeds'])}" * (len(row["seeds"]) > 1)


def dots(rows: list[dict], references: list[dict]):
    """One line per row with an MSE: a dot for the model, a diamond for PCA with as many codings.

    references: rows among which the PCA rows are looked up: those whose model begins with "PCA". In `rows`
    they get lines of their own only if there is nothing else.
    Returns a matplotlib Figure. A hollow diamond is a PCA measured on other data than the model.
    """
    from helpers.plots.style import COLOURS, new_figure  # here, since matplotlib is slow to import

    measured = [row for row in rows if row["figures"].get("mse") is not None]
    models = [row for row in measured if not _is_pca(row)] or measured
    references = [row for row in references if _is_pca(row) and row["figures"].get("mse") is not None]
    figure = new_figure(8, 1.2 + 0.32 * max(1, len(models)), alt=_alt(models))
    axes = figure.subplots()
    axes.set_xlabel("MSE of the reconstruction, per pixel (lower is better)")
    if not models:
        axes.text(0.5, 0.5, "No row has an MSE yet", ha="center", va="center", transform=axes.transAxes)
        axes.set_yticks([])
        return figure
    colour, other_colour = COLOURS["blue"], COLOURS["vermillion"]
    places = range(len(models))
    for place, row in zip(places, models, strict=True):
        reference = _reference(row, references)
        if reference is None or _is_pca(row):
            continue
        same = reference["data"] == row["data"]
        axes.plot([reference["figures"]["mse"], row["figures"]["mse"]], [place, place], "-", color="0.75", zorder=1)
        axes.plot(
            reference["figures"]["mse"],
            place,
            "D",
            color=other_colour,
            zorder=2,
            fillstyle="full" if same else "none",
            label="PCA, as many codings" + ("" if same else ", other data"),
        )
    errors = [row["figures"]["mse"] for row in models]
    axes.plot(errors, list(places), "o", color=colour, zorder=3, label="the model")
    axes.set_yticks(list(places), [_label(row) for row in models])
    axes.invert_yaxis()
    axes.margins(y=0.5 / max(1, len(models)))
    axes.set_xlim(left=0)
    handles = {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), ncols=3, loc="outside upper center")
    return figure


def _is_pca(row: dict) -> bool:
    return row["model"].startswith("PCA")


def _label(row: dict) -> str:
    return f"{row['lesson']} {row['model']}" + (f" ({row['codings']})" if row["codings"] else "")


def _reference(row: dict, references: list[dict]) -> dict | None:
    """The PCA row with as many codings, on the same data if there is one."""
    fitting = [each for each in references if row["codings"] and each["codings"] == row["codings"]]
    return min(fitting, key=lambda each: each["data"] != row["data"], default=None)


def _alt(models: list[dict]) -> str:
    if not models:
        return "An empty scoreboard: no row has an MSE yet."
    best = min(models, key=lambda row: row["figures"]["mse"])
    return (
        f"Reconstruction errors of {len(models)} models; the lowest is {best['model']} of lesson "
        f"{best['lesson']} with an MSE of {best['figures']['mse']:.4f}."
    )

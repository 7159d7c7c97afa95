"""How the rows of the scoreboard look: as a table (HTML and text) and as dots beside PCA."""

from __future__ import annotations

from html import escape

# name of a figure → (title in plain words, which way is better, format). Others show under their own name.
FIGURES = {
    "mse": ("MSE", "↓", ".4f"),
    "probe_accuracy": ("Probe accuracy", "↑", ".3f"),
    "knn_accuracy": ("Neighbours' accuracy", "↑", ".3f"),
    "accuracy": ("Accuracy", "↑", ".3f"),
    "trustworthiness": ("Trustworthiness", "↑", ".3f"),
    "psnr_noisy": ("PSNR at σ = .5 in dB", "↑", ".1f"),
    "mean_activation": ("Mean activation", "", ".3f"),
    "hoyer": ("Hoyer sparsity", "", ".3f"),
    "dead_units": ("Dead units", "↓", ".0f"),
    "elbo": ("ELBO in nats", "↑", ".1f"),
    "reconstruction": ("Reconstruction in nats", "↓", ".1f"),
    "kl": ("KL in nats", "", ".2f"),
    "frechet": ("Fréchet distance", "↓", ".2f"),
    "inception_score": ("Inception score", "↑", ".2f"),
    "precision": ("Precision", "↑", ".3f"),
    "recall": ("Recall", "↑", ".3f"),
    "coverage": ("Class coverage", "↑", ".3f"),
    "sliced_wasserstein": ("Sliced Wasserstein", "↓", ".2f"),
    "sliced_wasserstein_32": ("… of 32 × 32", "↓", ".2f"),
    "sliced_wasserstein_16": ("… of 16 × 16", "↓", ".2f"),
    "sliced_wasserstein_8": ("… of 8 × 8", "↓", ".2f"),
    "nearest_ratio": ("Nearest training image", "≈ 1", ".3f"),
    "copies": ("Copies", "≈ .01", ".3f"),
}
LEGEND = "↓ lower is better, ↑ higher is better, ≈ what real images have, – not measured"
USUAL_DATA = "Fashion-MNIST, "
EMPTY = "The scoreboard has no rows yet: run the last section of a lesson."


def _title(name: str) -> str:
    title, better, _ = FIGURES.get(name, (name.replace("_", " ").capitalize(), "", ""))
    return f"{title} {better}".strip()


def _text(name: str, value: float | None) -> str:
    return "–" if value is None else format(value, FIGURES.get(name, ("", "", ".4g"))[2])


def described(row: dict) -> str:
    """The figures of a row in one phrase, such as "MSE 0.0131, Probe accuracy 0.812"."""
    parts = (
        f"{FIGURES.get(name, (name.replace('_', ' '),))[0]} {_text(name, value)}"
        for name, value in row["figures"].items()
    )
    return ", ".join(parts) or "no figures"


class Table:
    """Rows of the scoreboard as a table; a notebook shows it as HTML, print() as text."""

    def __init__(self, rows: list[dict]):
        self.rows = rows
        present = {name for row in rows for name in row["figures"]}
        names = [name for name in FIGURES if name in present] + sorted(present - set(FIGURES))
        self.head = ["Lesson", "Model", "Codings", *map(_title, names), "Parameters", "Seconds", "Data", "Measured"]
        self.left = {"Lesson", "Model", "Data", "Measured"}  # words; numbers stand to the right
        self.cells = [
            [
                row["lesson"],
                row["model"],
                _count(row["codings"]),
                *(_text(name, row["figures"].get(name)) for name in names),
                _count(row["parameters"]),
                _seconds(row["seconds"]),
                row["data"] or "–",
                _measured(row),
            ]
            for row in rows
        ]

    def __repr__(self) -> str:
        if not self.rows:
            return EMPTY
        widths = [max(map(len, column)) for column in zip(self.head, *self.cells, strict=True)]
        rule = ["─" * width for width in widths]
        return "\n".join([*(self._line(line, widths) for line in (self.head, rule, *self.cells)), LEGEND])

    def _line(self, texts: list[str], widths: list[int]) -> str:
        padded = (
            text.ljust(width) if title in self.left else text.rjust(width)
            for title, text, width in zip(self.head, texts, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(EMPTY)}</p>"
        sides = ["left" if title in self.left else "right" for title in self.head]
        head = "".join(
            f'<th scope="col" style="text-align:{side}">{escape(title)}</th>'
            for side, title in zip(sides, self.head, strict=True)
        )
        body = "\n".join("<tr>" + "".join(map(_cell, self.head, sides, cells)) + "</tr>" for cells in self.cells)
        # JupyterLab gives all columns the same width and cuts off what does not fit.
        return (
            '<div style="overflow-x:auto"><table style="table-layout:auto; font-size:85%">\n'
            f"<caption>{escape(LEGEND)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
        )


def _cell(title: str, side: str, text: str) -> str:
    """A cell of the HTML table; of the words on the data only the most important ones, the rest as a tooltip."""
    short, tooltip = text, ""
    if title == "Data" and text.startswith(USUAL_DATA):
        short = text.removeprefix(USUAL_DATA).partition(" (")[0].removesuffix(" images").removesuffix(" training")
        tooltip = f' title="{escape(text)}"'
    return f'<td style="text-align:{side}"{tooltip}>{escape(short)}</td>'


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}" if seconds < 100 else f"{seconds:,.0f}"


def _measured(row: dict) -> str:
    """Where and how a row was measured: "here, lecture, 3 seeds"."""
    seeds = len(row["seeds"])
    return f"{row.get('where', 'here')}, {row['profile']}" + (f", {seeds} seeds" if seeds > 1 else "")


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

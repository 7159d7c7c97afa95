"""Pictures of lesson 10: the gap under the evidence, the parts of the loss, clouds of codings, a bound by hand.

The drawing of the model itself is in `diagram`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.autoencoders.vae.exact import GridModel, log_normal
from helpers.plots.style import COLOURS, as_images, new_figure, to_unit
from helpers.widgets.display import error_area, shows_errors, with_twin

SEEN = 3.2  # codings are drawn from −SEEN to SEEN
INKS = (COLOURS["vermillion"], COLOURS["green"], COLOURS["purple"])
STYLES = ("--", "-.", "-")


def gap_figure(model: GridModel, x: float, guesses: Mapping[str, tuple[float, float]]):
    """The true posterior of x beside guesses q, and how far each one's ELBO stays below log p(x).

    guesses: up to three, {"a name": (mean, log_var)}. Returns a matplotlib Figure.
    """
    figure = new_figure(
        10,
        3.9,
        alt=f"Left: the posterior of the coding for x = {x:g} and guesses at it. Right: "
        "the ELBO of each guess, and the gap up to the evidence",
    )
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    z = model.grid
    seen = np.abs(z) <= SEEN
    left.fill_between(
        z[seen], model.posterior(x)[seen], color=COLOURS["blue"], alpha=0.25, label="true posterior p(z|x)"
    )
    left.plot(z[seen], np.exp(log_normal(z[seen], 0, 1)), color="0.45", linestyle=":", label="prior p(z)")
    evidence = model.log_evidence(x)
    right.axvline(evidence, color=COLOURS["blue"], label="log p(x)")
    for place, ((name, (mean, log_var)), ink, style) in enumerate(zip(guesses.items(), INKS, STYLES, strict=False)):
        left.plot(
            z[seen],
            np.exp(log_normal(z[seen], mean, np.exp(log_var / 2))),
            color=ink,
            linestyle=style,
            label=f"q: {name}",
        )
        elbo, gap = model.elbo(x, mean, log_var), model.kl_to_posterior(x, mean, log_var)
        right.plot([elbo, evidence], [place, place], color=ink, linestyle=style)
        right.plot(elbo, place, "o", color=ink)
        right.text(evidence - 0.1, place - 0.2, f"gap {gap:.2f}", color=ink, ha="right")
    left.set(xlabel="coding z", ylabel="density", title=f"What z could have made x = {x:g}?")
    left.legend(loc="upper left", fontsize=9)
    right.set(
        xlabel="nats",
        yticks=range(len(guesses)),
        yticklabels=list(guesses),
        title="ELBO (dots) and log p(x) (line)",
        ylim=(len(guesses) - 0.5, -0.6),
    )
    right.locator_params(axis="x", nbins=5)
    return figure


def clouds(panels: Mapping[str, tuple[np.ndarray, np.ndarray]]):
    """Two codings of many images beside draws of new codings, one panel for each model, all on one scale.

    panels: {"a name": (codings of images (n, 2), drawn codings (m, 2))}. Returns a matplotlib Figure.
    """
    figure = new_figure(4.6 * len(panels), 4.9, alt=f"Codings of images and drawn codings: {', '.join(panels)}")
    every = np.concatenate([np.concatenate(pair) for pair in panels.values()])
    far = float(np.percentile(np.abs(every), 99.5))  # a few strays may lie outside
    places = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (name, (Z, drawn)) in zip(places, panels.items(), strict=True):
        for points, ink, label in ((drawn, "orange", "drawn codings"), (Z, "blue", "codings of images")):
            axes.plot(*np.asarray(points).T, ".", color=COLOURS[ink], markersize=3.5, alpha=0.6, label=label)
        axes.set(title=name, xlabel="one coding", xlim=(-far, far), ylim=(-far, far), aspect="equal")
    places[0].set_ylabel("another coding")
    figure.legend(*places[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, markerscale=3)
    return figure


def parts_figure(history: Mapping[str, Sequence[float]], floor: float):
    """Reconstruction and KL over the epochs, side by side; training dashed, validation solid.

    history: of a VAE's fit, with reconstruction, val_reconstruction, kl and val_kl, in nats.
    floor: the smallest cross-entropy that any reconstruction can have. Returns a matplotlib Figure.
    """
    figure = new_figure(10, 3.9, alt="Reconstruction and KL over the epochs, in nats per image")
    for axes, key, title in zip(
        figure.subplots(1, 2), ("reconstruction", "kl"), ("Reconstruction", "KL to the prior"), strict=True
    ):
        for name, label, style in ((key, "training", "--"), (f"val_{key}", "validation", "-")):
            epochs = np.arange(1, len(history[name]) + 1)
            axes.plot(epochs, history[name], style, color=COLOURS["blue"], label=label, marker="." * (len(epochs) < 3))
        axes.set(xlabel="epoch", ylabel="nats per image", title=title)
        if key == "reconstruction":
            axes.axhline(floor, color="0.35", linestyle=":", label=f"floor: a perfect copy, {floor:.1f}")
        axes.legend()
    return figure


def attribute_rows(rows: Mapping[str, np.ndarray], amounts: Sequence[float], title: str = ""):
    """Rows of images, each with its name at the left; above each column stands how much of an attribute was added.

    rows: {"a name": images (n, h, w)}, one image for each of the `amounts`. Returns a matplotlib Figure.
    Raises ValueError when a row has another number of images.
    """
    alt = f"{title}: a column for each amount, a row for each of {', '.join(rows)}"
    figure = new_figure(len(amounts) + 1.3, len(rows) + 0.7, alt=alt)
    grid = figure.subplots(len(rows), len(amounts), squeeze=False)
    for row, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(row, to_unit(as_images(images, name)), strict=True):
            axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set(xticks=[], yticks=[])
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for axes, amount in zip(grid[0], amounts, strict=True):
        axes.set_title(f"{amount:+g}".replace("-", "−") if amount else "0", loc="center")
    figure.suptitle(title)
    return figure


def elbo_explorer(model: GridModel, x: float = 1.5) -> None:
    """Move the Gaussian q by hand, and see the ELBO rise towards log p(x) as q comes to fit the true posterior."""
    best = model.best_gaussian(x)
    figure = gap_figure(model, x, {"the prior": (0.0, 0.0), "too sure": (0.4, -4.0), "best Gaussian": best})
    with_twin(
        lambda: build_elbo_explorer(model, x), figure, f"A Gaussian q moved by hand towards the posterior of x = {x:g}"
    )


def build_elbo_explorer(model: GridModel, x: float):
    import ipywidgets as w

    look = {"style": {"description_width": "150px"}, "layout": w.Layout(width="460px"), "readout_format": ".2f"}
    at = w.FloatSlider(x, min=-3, max=3, step=0.1, description="observed x", **look)
    mean = w.FloatSlider(0, min=-3, max=3, step=0.05, description="mean μ of q", **look)
    log_var = w.FloatSlider(0, min=-5, max=1, step=0.05, description="log-variance γ of q", **look)
    best = w.Button(description="Best Gaussian", tooltip="Move q to where the ELBO is largest")
    picture, words, errors = w.HTML(), w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        q = mean.value, log_var.value
        picture.value = _svg(model, at.value, *q)
        r, kl, evidence = model.reconstruction(at.value, *q), model.kl_to_prior(*q), model.log_evidence(at.value)
        words.value = (
            f"ELBO = −reconstruction − KL to the prior = −{r:.2f} − {kl:.2f} = <b>{-r - kl:.2f}</b> nats<br>"
            f"log p(x) = {evidence:.2f}, so the gap is <b>{evidence + r + kl:.2f}</b>; "
            f"KL(q ‖ true posterior), by its definition: <b>{model.kl_to_posterior(at.value, *q):.2f}</b>"
        )

    @shows_errors(errors)
    def jump(_) -> None:
        mean.value, log_var.value = model.best_gaussian(at.value)

    for slider in (at, mean, log_var):
        slider.observe(redraw, "value")
    best.on_click(jump)
    redraw()
    box = w.VBox([at, mean, log_var, best, picture, words, errors])
    box.at, box.mean, box.log_var, box.best, box.words, box.errors = at, mean, log_var, best, words, errors
    return box


def _svg(model: GridModel, x: float, mean: float, log_var: float, width: int = 560, height: int = 230) -> str:
    """The prior, the true posterior (filled) and q as one SVG picture on white paper."""
    z = np.linspace(-SEEN, SEEN, 321)
    posterior = np.interp(z, model.grid, model.posterior(x))
    q = np.exp(log_normal(z, mean, np.exp(log_var / 2)))
    top = max(1.0, float(posterior.max()), min(float(q.max()), 3.0)) * 1.08

    def line(values):
        xs = (z + SEEN) / (2 * SEEN) * width
        ys = height - 22 - np.clip(values / top, 0, 1) * (height - 30)
        return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(xs, ys, strict=True))

    base = height - 22
    ticks = "".join(
        f'<text x="{(t + SEEN) / (2 * SEEN) * width:.0f}" y="{height - 6}" font-size="12" '
        f'text-anchor="middle">{t}</text>'
        for t in range(-3, 4)
    )
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="Densities of the coding: prior, true '
        f'posterior, q" '
        f'style="background:#fff;color:#000"><polygon points="0,{base} {line(posterior)} {width},{base}" '
        f'fill="{COLOURS["blue"]}" fill-opacity=".25"/><polyline points="{line(np.exp(log_normal(z, 0, 1)))}" '
        f'fill="none" '
        f'stroke="#777" stroke-dasharray="2 4" stroke-width="1.5"/><polyline points="{line(q)}" fill="none" '
        f'stroke="{INKS[0]}" stroke-width="2.5"/><line x1="0" x2="{width}" y1="{base}" y2="{base}" '
        f'stroke="#000"/>{ticks}'
        f'<text x="8" y="18" font-size="13">filled: true posterior · orange-red: q · dotted: prior</text></svg>'
    )

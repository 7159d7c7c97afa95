"""How quickly a picture follows a slider: the code explorer of lesson 10 against the obvious way to write it.

The obvious way calls `model.predict` and draws a new matplotlib figure at every move; ours calls the decoder
itself, in one batch shape, and writes its pixels straight into a small PNG. Both have the same decoder, the same
sliders and the same image widget, and take turns in one kernel, so that a busy machine slows both alike.

Measured twice: in a Jupyter kernel (a slider's value is set, and all callbacks have returned), and in a headless
browser (a key is pressed on a slider, and the new picture has been painted). Run alone: `bench sliders`.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np

from tools.tables import table

ROOT = Path(__file__).resolve().parent.parent.parent
MOVES, PRESSES, WARM_UP = 300, 60, 5  # for each side; the warm-up is not counted
GOALS = {"kernel": 16, "browser": 100}  # milliseconds, the median of ours
SET_UP = f"""import sys
sys.path.insert(0, {str(ROOT)!r})
from tools.benches import latency
ours, naive = latency.boxes()
print(ours.lively)"""
SIDES = {"predict and matplotlib": "naive", "ours": "ours"}

# From the key to the frame after the one that has the new picture. The second frame begins when the first is painted.
WATCH = """image => {
    window.answer = new Promise((resolve, reject) => {
        let began;
        document.addEventListener("keydown", () => { began = performance.now(); }, { capture: true, once: true });
        const watch = new MutationObserver(async () => {
            watch.disconnect();
            await image.decode();
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
        });
        watch.observe(image, { attributes: true, attributeFilter: ["src"] });
        setTimeout(() => reject(new Error("no new picture for 30 s")), 30000);
    });
}"""


# ------------------------------------------------------------------------------------------------- in the kernel
def boxes():
    """Both widgets on the decoder and the 1,000 validation images of lesson 10, as (ours, naive)."""
    import helpers.backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)
    from helpers.autoencoders.vae import measures
    from helpers.autoencoders.vae import model as vae_model
    from helpers.codings import explorer
    from helpers.data import dataset
    from helpers.weights import store

    garments = dataset.load("fashion_mnist", source="shipped", quiet=True)
    model = vae_model.VAE(
        *vae_model.dense_halves(10), vae_model.Sampling(), vae_model.kl_to_standard_normal, vae_model.cross_entropy
    )
    source = (
        vae_model.dense_halves,
        vae_model.below_two,
        vae_model.BaseVAE,
        vae_model.VAE,
        vae_model.Sampling,
        vae_model.kl_to_standard_normal,
    )
    store.load(model, "vae_10", source=(*source, vae_model.cross_entropy), otherwise="the decoder stays untrained")
    V = garments.X_valid
    cloud = explorer.Cloud(measures.posterior(model, V)[0], V, garments.y_valid, garments.class_names)
    ours = explorer.build_code_explorer(lambda Z: measures.decode(model, Z), cloud, V.shape[1:])
    # A coding that has collapsed moves no pixel, so there would be nothing to wait for.
    ours.lively = np.argsort(-cloud.Z.var(axis=0))[:5].tolist()
    return ours, obvious_explorer(model.decoder, ours.sliders)


def obvious_explorer(decoder, like):
    """Sliders as `like`, and at every move `predict` and a new figure, as one would write it at first."""
    import ipywidgets as w
    from matplotlib import pyplot as plt

    same = ("value", "min", "max", "step", "description")
    sliders = [w.FloatSlider(**{name: getattr(each, name) for name in same}) for each in like]
    panel = w.Image(format="png", width=200)

    def redraw(_=None) -> None:
        image = decoder.predict(np.array([[slider.value for slider in sliders]]), verbose=0)[0]
        figure, axes = plt.subplots(figsize=(2, 2))
        axes.imshow(image, cmap="gray")
        axes.axis("off")
        with io.BytesIO() as buffer:
            figure.savefig(buffer, format="png")
            panel.value = buffer.getvalue()
        plt.close(figure)

    for slider in sliders:
        slider.observe(redraw, "value")
    redraw()
    box = w.VBox([panel, *sliders])
    box.panel, box.sliders = panel, sliders
    return box


def move_both(ours, naive, moves: int) -> None:
    """Move sliders of both in turns and print {side: milliseconds of each move} as JSON. For the kernel."""
    rng, found = np.random.default_rng(0), {"naive": [], "ours": []}
    for i in range(moves + WARM_UP):
        share = rng.random()
        for name, box in (("naive", naive), ("ours", ours)):
            slider, before = box.sliders[ours.lively[i % len(ours.lively)]], box.panel.value
            value = slider.min + share * (slider.max - slider.min)
            start = time.perf_counter()
            slider.value = value
            spent = 1000 * (time.perf_counter() - start)
            if box.panel.value == before:
                raise RuntimeError(f"A slider of {name!r} was moved, and its picture stayed as it was.")
            found[name].append(spent)
    print(json.dumps({name: times[WARM_UP:] for name, times in found.items()}))


def in_kernel(moves: int) -> dict[str, list[float]]:
    """{side: milliseconds} of moves in a Jupyter kernel of its own."""
    from nbclient import NotebookClient

    sources = [SET_UP, f"latency.move_both(ours, naive, {moves})"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            book,
            timeout=900,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=40"],  # the kernel's own remarks are nobody's here
        ).execute()
    printed = "".join(output.text for output in book.cells[1].outputs if output.get("name") == "stdout")
    return json.loads(printed.splitlines()[-1])


# ------------------------------------------------------------------------------------------------ in the browser
def in_browser(presses: int) -> dict[str, list[float]]:
    """{side: milliseconds} of key presses in JupyterLab. Raises lab_page.NoBrowser where there is none."""
    from tools.test.lab_page import LabPage, chromium, lab

    sources = [SET_UP, *SIDES.values()]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, chromium() as browser:
        course, scratch = Path(folder, "course"), Path(folder, "lab")
        course.mkdir()
        scratch.mkdir()
        nbformat.write(book, course / "sliders.ipynb")
        with lab(course, scratch, profile="lecture") as address:
            page = LabPage(browser, address)
            page.open("sliders.ipynb")
            if (state := page.run_all())["errors"]:
                raise RuntimeError(f"The notebook with the sliders failed: {state}")
            return press_keys(page, presses)


def press_keys(page, presses: int) -> dict[str, list[float]]:
    """Press arrow keys on the sliders of both sides in turns; {side: milliseconds until the picture is painted}."""
    found, sides = {name: [] for name in SIDES.values()}, {}
    lively = json.loads(page.page.locator(".jp-OutputArea-output").first.inner_text().splitlines()[-1])
    for place, name in enumerate(found, start=1):
        cell = page.page.locator(".jp-CodeCell").nth(place)
        cell.locator("img").first.wait_for()
        sides[name] = cell.locator("img").first.element_handle(), cell.locator("[role=slider]").element_handles()
    for i in range(presses + WARM_UP):
        for name, (image, handles) in sides.items():
            image.scroll_into_view_if_needed()
            handles[lively[i % len(lively)]].focus()
            page.settle()
            page.page.evaluate(WATCH, image)
            page.page.keyboard.press("ArrowRight")
            found[name].append(page.page.evaluate("() => window.answer"))
    return {name: times[WARM_UP:] for name, times in found.items()}


# ---------------------------------------------------------------------------------------------------- the report
def run(data, args) -> None:
    """Measure both ways and print medians, 95th percentiles and ratios. `data` is not used: the data are shipped."""
    from tools.test.lab_page import NoBrowser

    moves, presses = (20, 10) if args.quick else (MOVES, PRESSES)
    print(
        "\nLesson 10 · how quickly the picture follows a slider of the code explorer, in milliseconds\n"
        f"The two take turns: {moves} moves each in one kernel, {presses} key presses each on one page.\n"
    )
    report("kernel", "In the kernel: from a slider's new value until all callbacks have returned", in_kernel(moves))
    try:
        times = in_browser(presses)
    except NoBrowser as reason:
        print(f"\nIn the browser: not measured. {reason}")
        return
    report("browser", "In the browser: from the key until the new picture is painted", times)


def report(where: str, title: str, times: dict[str, list[float]]) -> None:
    """Print one table, and whether ours reaches its goal."""
    middle, high = ({name: np.percentile(values, q) for name, values in times.items()} for q in (50, 95))
    rows = [
        (words, len(times[name]), f"{middle[name]:.1f}", f"{high[name]:.1f}", f"{middle['naive'] / middle[name]:.1f}")
        for words, name in SIDES.items()
    ]
    print(title)
    print(table(rows, ("", "moves", "median", "95th percentile", "times as quick")))
    said = "reached" if middle["ours"] <= GOALS[where] else "missed"
    print(f"Goal for ours: a median of at most {GOALS[where]} ms: {said}.\n", flush=True)

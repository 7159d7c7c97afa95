"""A widget and its static twin.

The twin comes first, as an output of its own: it is all that a saved notebook has when its kernel is gone, and all
that GitHub and a printed page can show. The widget comes second. Where it is alive, the page hides the twin.
"""

from __future__ import annotations

import functools
import html
import importlib.util
import sys
import traceback
from collections.abc import Callable

from helpers import session
from helpers.plots import style

WIDGET = "application/vnd.jupyter.widget-view+json"
LIVE = "workbook-live"  # the class of a widget on the page
# For JupyterLab 4 and Notebook 7. A view whose kernel is gone has no element inside, only an error message.
_DEAD = ".jp-OutputArea-output.jupyter-widgets:not(:has(*))"
RULES = (
    f"<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child .{LIVE}), "
    f".jp-OutputArea-child:has(.workbook-rules) {{ display: none; }} {_DEAD} {{ font-size: 0; }} "
    f"{_DEAD}::after {{ content: 'Run this cell to use its controls.'; font-size: var(--jp-ui-font-size1, 13px); }}"
    "</style><span class='workbook-rules'></span>"
)


def widgets_work() -> bool:
    """True where a widget can be shown: inside a Jupyter kernel that has ipywidgets."""
    return session.live() and importlib.util.find_spec("ipywidgets") is not None


def with_twin(widget, figure, text: str = "") -> None:
    """Display `figure` as PNG, with `text` as its description, and `widget` in its place where widgets work.

    widget: an ipywidgets widget, or a function without arguments that makes one (called only where widgets work).
    figure: a matplotlib Figure; it is closed, so that it is not shown a second time.
    text: one sentence; default the figure's own description. Outside a notebook only this line is printed.
    """
    text = text or getattr(figure, "alt", "") or "A widget and its picture"
    picture = style.png_bytes(figure) if session.live() else b""
    style.close(figure)
    show(widget, {"image/png": picture, "text/plain": f"[widget] {text}"}, alt=text)


def show(widget, twin: dict, alt: str = "") -> None:
    """Display the forms of a twin, {"image/png": bytes, …}, then its widget (or what a function makes)."""
    if not session.live():
        print(twin["text/plain"])
        return
    from IPython.display import display

    metadata = {"image/png": {"alt": alt}} if "image/png" in twin else None
    if not widgets_work():
        display(twin, raw=True, metadata=metadata)
        return
    widget = widget() if callable(widget) else widget
    widget.add_class(LIVE)
    display(twin, raw=True, metadata=metadata)
    display({WIDGET: _view(widget), "text/plain": twin["text/plain"]}, raw=True)
    display({"text/html": RULES, "text/plain": ""}, raw=True)


def _view(widget) -> dict:
    """How a page finds the widget. ipywidgets 7, as on Colab, has no method that tells it."""
    if hasattr(widget, "_repr_mimebundle_"):
        return widget._repr_mimebundle_()[WIDGET]
    return {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}


def error_area():
    """An empty piece of page in which `shows_errors` puts what went wrong."""
    import ipywidgets

    return ipywidgets.HTML()


def shows_errors(area) -> Callable:
    """Decorator for a widget's callback: an exception is shown in `area` instead of vanishing.

    Without it Jupyter writes the errors of callbacks to a log that hardly anybody opens.
    """

    def wrap(callback: Callable) -> Callable:
        @functools.wraps(callback)
        def safe(*args, **kwargs):
            if area.value:
                area.value = ""  # before, not after: one guarded callback may set off another, whose message stays
            try:
                return callback(*args, **kwargs)
            except Exception:  # whatever it is, the student must see it
                lines = traceback.format_exception(*sys.exc_info())
                area.value = (
                    '<pre role="alert" style="color: var(--jp-error-color1, #c62828); white-space: pre-wrap">'
                    f"This control failed. The last line says why.\n\n{html.escape(''.join(lines[-4:]))}</pre>"
                )
                return None

        return safe

    return wrap

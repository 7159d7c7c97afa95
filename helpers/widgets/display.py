"""A widget and its static twin in one output.

A notebook output may hold the same thing in several forms, and every viewer takes the richest it can show:
a live JupyterLab the widget; GitHub, a printed page and a notebook without a kernel the picture or the text.
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


def widgets_work() -> bool:
    """True where a widget can be shown: inside a Jupyter kernel that has ipywidgets."""
    return session.live() and importlib.util.find_spec("ipywidgets") is not None


def with_twin(widget, figure, text: str = "") -> None:
    """Display `widget` and, in the same output, `figure` as PNG and `text` for where no widget can be shown.

    widget: an ipywidgets widget, or a function without arguments that makes one (called only where widgets
        work), or None.   figure: a matplotlib Figure; it is closed, so that it is not shown a second time.
    text: one sentence; default the figure's own description. Outside a notebook only this line is printed.
    """
    text = text or getattr(figure, "alt", "") or "A widget and its picture"
    picture = style.png_bytes(figure) if session.live() else b""
    style.close(figure)
    show(widget, {"image/png": picture, "text/plain": f"[widget] {text}"}, alt=text)


def show(widget, twin: dict, alt: str = "") -> None:
    """Display a widget (or a function that makes it) with the forms of its twin: {"image/png": bytes, …}."""
    if not session.live():
        print(twin["text/plain"])
        return
    from IPython.display import display

    bundle = dict(twin)
    if widgets_work():
        widget = widget() if callable(widget) else widget
        if hasattr(widget, "_repr_mimebundle_"):
            view = widget._repr_mimebundle_()
        else:  # ipywidgets 7, as on Colab: it displays itself and has no such method
            view = {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
        bundle |= {kind: value for kind, value in view.items() if kind == WIDGET}
    display(bundle, raw=True, metadata={"image/png": {"alt": alt}} if "image/png" in bundle else None)


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

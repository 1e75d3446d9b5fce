"""The widgets of ipywidgets; within one panel, widgets with the same style options share one style model.

Every style is another model that the browser creates, in one or two milliseconds: without sharing, styles take a fifth
of the time to show a studio. What is typed is not sent back to the field that it came from: that would be a third of
the messages of a keystroke.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ipywidgets
import traitlets
from IPython.core.getipython import get_ipython

Styles = dict[tuple[str, str], Any]
"""Style models by widget class and style options."""

_AT_ONCE = 50  # widgets that are closed without a pause
_PAUSE = 0.01  # seconds

_styles: ContextVar[Styles | None] = ContextVar("styles", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """Let widgets created in this context share their styles; they must be closed together."""
    token = _styles.set({})
    try:
        yield
    finally:
        _styles.reset(token)


class _SharesStyle:
    def __init__(self, *given: Any, **options: Any) -> None:
        styles, look = _styles.get(), options.pop("style", {})
        known = styles.get((type(self).__name__, repr(look))) if styles is not None and isinstance(look, dict) else None
        super().__init__(*given, **options, style=look if known is None else known)  # type: ignore[call-arg]
        if styles is not None and isinstance(look, dict):
            styles[type(self).__name__, repr(look)] = self.style  # type: ignore[attr-defined]


class HTML(_SharesStyle, ipywidgets.HTML):  # type: ignore[misc]
    """HTML content."""


class Button(_SharesStyle, ipywidgets.Button):  # type: ignore[misc]
    """A button."""


class Text(_SharesStyle, ipywidgets.Text):  # type: ignore[misc]
    """A one-line text field."""

    value = traitlets.Unicode("").tag(sync=True, echo_update=False)


class Textarea(_SharesStyle, ipywidgets.Textarea):  # type: ignore[misc]
    """A text field of several lines."""

    value = traitlets.Unicode("").tag(sync=True, echo_update=False)


class Dropdown(_SharesStyle, ipywidgets.Dropdown):  # type: ignore[misc]
    """A list from which one option is chosen."""


class IntText(_SharesStyle, ipywidgets.IntText):  # type: ignore[misc]
    """An integer field."""


class BoundedIntText(_SharesStyle, ipywidgets.BoundedIntText):  # type: ignore[misc]
    """An integer field with bounds."""


def close_deeply(widget: ipywidgets.Widget) -> None:
    """Close a widget with its children, layouts and styles, which ipywidgets' own `close` leaves open.

    A kernel drops messages that nobody has read in time, over a thousand of them at once with sockets that are files,
    and then a new widget has no model in the page. So it pauses after some.

    See https://github.com/jupyter-widgets/ipywidgets/issues/1345.
    """
    in_kernel = getattr(get_ipython(), "kernel", None) is not None
    for number, part in enumerate(list(_parts(widget)), 1):
        part.close()
        if in_kernel and number % _AT_ONCE == 0:
            time.sleep(_PAUSE)


def _parts(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """What a widget consists of, itself last."""
    for child in getattr(widget, "children", ()):
        yield from _parts(child)
    for name in ("layout", "style"):
        inner = getattr(widget, name, None)
        if isinstance(inner, ipywidgets.Widget):
            yield inner
    yield widget


def __getattr__(name: str) -> Any:
    """Any other name of ipywidgets."""
    return getattr(ipywidgets, name)

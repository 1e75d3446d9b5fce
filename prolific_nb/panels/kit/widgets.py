"""The widgets of ipywidgets; within one panel those that look alike share one style.

Every widget brings a style, and every style is one more model that the browser has to make, at a millisecond or two: a
fifth of the time until a studio is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ipywidgets

Styles = dict[tuple[str, str], Any]
"""By the kind of widget and what was asked of its style."""

_styles: ContextVar[Styles | None] = ContextVar("styles", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """Let the widgets that are made meanwhile share their styles; they have to be closed together."""
    before = _styles.set({})
    try:
        yield
    finally:
        _styles.reset(before)


class _Shares:
    def __init__(self, *given: Any, **options: Any) -> None:
        styles, look = _styles.get(), options.pop("style", {})
        known = styles.get((type(self).__name__, repr(look))) if styles is not None and isinstance(look, dict) else None
        super().__init__(*given, **options, style=look if known is None else known)  # type: ignore[call-arg]
        if styles is not None and isinstance(look, dict):
            styles[type(self).__name__, repr(look)] = self.style  # type: ignore[attr-defined]


class HTML(_Shares, ipywidgets.HTML):  # type: ignore[misc]
    """Words and what stands among them."""


class Button(_Shares, ipywidgets.Button):  # type: ignore[misc]
    """Something to click."""


class Text(_Shares, ipywidgets.Text):  # type: ignore[misc]
    """A line to type."""


class Textarea(_Shares, ipywidgets.Textarea):  # type: ignore[misc]
    """Lines to type."""


class Dropdown(_Shares, ipywidgets.Dropdown):  # type: ignore[misc]
    """A choice of one."""


class IntText(_Shares, ipywidgets.IntText):  # type: ignore[misc]
    """A whole number."""


class BoundedIntText(_Shares, ipywidgets.BoundedIntText):  # type: ignore[misc]
    """A whole number within bounds."""


def __getattr__(name: str) -> Any:
    """Everything else as ipywidgets has it."""
    return getattr(ipywidgets, name)

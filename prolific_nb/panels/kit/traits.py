"""Setting traits only if they change: each assignment sends a message to the browser."""

from __future__ import annotations

from typing import Any

import ipywidgets as w


def set_if_changed(widget: Any, trait: str, value: Any) -> None:
    """Set a trait unless it already has the value."""
    if getattr(widget, trait) != value:
        setattr(widget, trait, value)


def set_visible(widget: w.DOMWidget, shown: bool = True) -> None:
    """Show a widget, or hide it and keep the keyboard focus out of it."""
    set_if_changed(widget.layout, "display", None if shown else "none")

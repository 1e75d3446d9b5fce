"""Setting traits only where they change: each set is a message to the browser."""

from __future__ import annotations

from typing import Any

import ipywidgets as w


def set_if_changed(widget: Any, trait: str, value: Any) -> None:
    """Set a trait unless it has the value already."""
    if getattr(widget, trait) != value:
        setattr(widget, trait, value)


def set_visible(widget: w.DOMWidget, shown: bool = True) -> None:
    """Show a widget, or take it out of sight and out of the way of the keyboard."""
    set_if_changed(widget.layout, "display", None if shown else "none")

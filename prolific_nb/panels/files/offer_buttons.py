"""A row of buttons for what one click can change; created once, and labelled anew for other offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..kit import widgets as w
from ..kit.controls import Guard, button, row
from ..kit.traits import set_if_changed, set_visible
from .offers import Offer

_MOST = 6


class OfferButtons:
    """The buttons, after a word that says what they do.

    Parameters
    ----------
    act : callable
        Called with the offer whose button was clicked.
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    box : ipywidgets.Box
    """

    def __init__(self, act: Callable[[Offer], Any], guard: Guard) -> None:
        self._act = act
        self._offers: Sequence[Offer] = ()
        self._label = w.HTML()
        self._buttons = [button("", partial(self._clicked, place), guard) for place in range(_MOST)]
        self.box = row(self._label, *self._buttons)
        set_visible(self.box, False)

    def show(self, words: str, offers: Sequence[Offer]) -> None:
        """Show the first six offers."""
        self._offers = offers[:_MOST]
        set_if_changed(self._label, "value", f'<span class="pnb-muted">{words}</span>')
        for place, each in enumerate(self._buttons):
            label = self._offers[place].label if place < len(self._offers) else ""
            set_if_changed(each, "description", label)
            set_if_changed(each, "tooltip", label)
            set_visible(each, place < len(self._offers))
        set_visible(self.box, bool(self._offers))

    def _clicked(self, place: int) -> None:
        if place < len(self._offers):
            self._act(self._offers[place])

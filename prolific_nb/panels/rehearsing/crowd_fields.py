"""The fields of what is rehearsed with: crowd, scenario, intended answers, times, and the shares in a fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

from ..kit import widgets as w
from ..kit.controls import Fold, Guard, row, stack
from ..kit.html_table import shorten
from ..kit.traits import set_if_changed
from .rehearsal_choice import CROWDS, KINDS, OWN, SEVERAL, Choice

_USUAL = "Nothing unusual"
_MADE_UP = "made up from the rows"
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}}


class CrowdFields:
    """The fields of a `Choice`.

    Parameters
    ----------
    changed : callable
        Called with a function that changes a choice, and a name for changes that are undone together.
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, changed: Callable[[Callable[[Choice], Choice], str], Any], guard: Guard) -> None:
        from ...workflow.rehearsal.scenario import SCENARIOS  # with the sandbox

        self._changed, self._guard, self._filling = changed, guard, False
        self._happens = {each.name: each.words for each in SCENARIOS} | {"": "Nothing unusual happens."}
        names = [(_USUAL, ""), *((name.capitalize(), name) for name in self._happens if name)]
        self.crowd = self._field("Crowd", [*CROWDS, OWN], lambda choice, name: choice.with_crowd(name), "1 1 200px")
        self.scenario = self._field("What happens", names, lambda choice, name: replace(choice, scenario=name))
        self.truth = self._field(
            "Intended answers", [(_MADE_UP, "")], lambda choice, name: replace(choice, truth=name), "1 1 180px"
        )
        often = [("once", 1), (f"{SEVERAL} times", SEVERAL)]
        self.times = self._field("Rehearse", often, lambda choice, times: replace(choice, times=times), "1 1 90px")
        self.shares: dict[str, w.BoundedIntText] = {}
        self._about = w.HTML()
        self._fold = Fold("Change the shares", self._build_shares, guard)
        fields = row(self.crowd, self.scenario, self.truth, self.times, grid_gap="6px 12px")
        fields.add_class("pnb-rehearse-fields")
        self.box = stack(fields, self._about, self._fold.box)
        self._choice = Choice()

    def _field(
        self, label: str, options: Any, change: Callable[[Choice, Any], Choice], flex: str = "1 1 200px"
    ) -> w.Dropdown:
        layout = {"width": "auto", "flex": flex, "min_width": "0"}
        made = w.Dropdown(description=label, options=options, layout=layout, **_LOOK)
        made.observe(self._guard(lambda news: self._chosen(lambda now: change(now, news["new"]))), names=["value"])
        return made

    def _build_shares(self) -> w.Widget:
        # Not sliders: their handles have no name for screen readers.
        with w.sharing():
            for kind, named in KINDS.items():
                layout = {"width": "auto", "flex": "1 1 110px", "min_width": "0"}
                field = w.BoundedIntText(description=f"{named.capitalize()}, %", max=100, layout=layout, **_LOOK)
                change = partial(self._share_typed, kind)
                field.observe(self._guard(lambda news, change=change: change(news["new"])), names=["value"])
                self.shares[kind] = field
            made = row(*self.shares.values(), grid_gap="6px 12px")
            made.add_class("pnb-rehearse-fields")
        self.fill(self._choice)
        return made

    def _share_typed(self, kind: str, share: int) -> None:
        self._chosen(lambda now: now.shared(kind, share), kind)

    def _chosen(self, change: Callable[[Choice], Choice], merge: str = "") -> None:
        if not self._filling:
            self._changed(change, merge)

    def offer(self, columns: tuple[str, ...], choice: Choice) -> None:
        """Offer the columns of the data as intended answers; one that is chosen stays, whatever the data are."""
        names = [*columns, *([choice.truth] if choice.truth and choice.truth not in columns else [])]
        options = [(_MADE_UP, ""), *((shorten(name, 40), name) for name in names)]
        if list(self.truth.options) != options:
            self._filling = True
            self.truth.options = options
            self._filling = False

    def fill(self, choice: Choice) -> None:
        """Show a choice."""
        self._choice, self._filling = choice, True
        try:
            fields = ((self.crowd, choice.crowd), (self.scenario, choice.scenario))
            for field, value in (*fields, (self.truth, choice.truth), (self.times, choice.times)):
                set_if_changed(field, "value", value)
            for share_field, share in zip(self.shares.values(), choice.shares, strict=False):
                set_if_changed(share_field, "value", share)
        finally:
            self._filling = False
        happens = self._happens.get(choice.scenario, "")
        words = f"<b>Crowd:</b> {escape(choice.words)}. <b>What happens:</b> {escape(happens)}"
        set_if_changed(self._about, "value", f'<span role="status">{words}</span>')

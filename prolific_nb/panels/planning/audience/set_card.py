"""The card in which a saved filter set is chosen: to use it, or to copy its filters."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ....api import Record
from ....study import Filter
from ...kit import widgets as w
from ...kit.controls import Guard, button, row, stack
from ...kit.html_table import shorten
from ...kit.traits import set_if_changed, set_visible
from .audience_tree import Filters
from .audience_words import sentence
from .filter_library import Known

_NONE = "choose one"
_TITLE = '<h5 class="pnb-heading">Saved filter set</h5>'
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "auto", "min_width": "0"}}


class SetCard:
    """The widgets of the card.

    Parameters
    ----------
    guard : callable
        Wraps callbacks.
    use : callable
        Called with the id of the set and its version, or None for the newest one.
    copy : callable
        Called with the filters of the set.
    cancel : callable
        Closes the card.
    """

    def __init__(
        self,
        guard: Guard,
        use: Callable[[str, int | None], None],
        copy: Callable[[Filters], None],
        cancel: Callable[[], None],
    ) -> None:
        self._known = Known()
        self.about = w.HTML()
        self.chosen = w.Dropdown(description="Set", options=[(_NONE, "")], **_LOOK)
        self.ident = w.Text(description="Set ID", **_LOOK)
        self.pinned = w.Checkbox(description="Keep this version if the set changes", indent=False, **_LOOK)
        self.keep = button("Use this set", lambda: use(self.set_id, self._version()), guard)
        self.copy = button(
            "Copy its filters", lambda: copy(self._filters()), guard, "Add the filters of the set one by one"
        )
        self.leave = button("Cancel", cancel, guard, "Close without a change")
        self.box = stack(
            w.HTML(_TITLE), row(self.chosen, self.ident, self.pinned), self.about, row(self.keep, self.copy, self.leave)
        )
        self.box.add_class("pnb-plan-card")
        for field in (self.chosen, self.ident):
            field.observe(guard(lambda _: self._describe()), names=["value"])
        set_visible(self.box, False)

    @property
    def set_id(self) -> str:
        """The set that was chosen, or whose ID was entered; empty if there is none."""
        return str(self.ident.value.strip() if self.ident.layout.display != "none" else self.chosen.value or "")

    def show(self, known: Known, reading: bool = False) -> None:
        """Show the sets that are known by now."""
        self._known = known
        before = self.chosen.value
        names = {ident: _name(found) for ident, found in known.sets.items()}
        first = "reading…" if reading else _NONE if names else "none saved in this workspace"
        options = [(first, ""), *((name, ident) for ident, name in names.items())]
        if list(self.chosen.options) != options:
            self.chosen.options = options
            self.chosen.value = before if before in names else ""
        set_visible(self.ident, "sets" in known.gaps)
        set_visible(self.chosen, "sets" not in known.gaps)
        self._describe()

    def _describe(self) -> None:
        found = self._found()
        words = "; ".join(sentence(each, self._known) for each in self._filters()) if found else ""
        gap = self._known.gaps.get("sets", "")
        set_if_changed(self.about, "value", f'<div class="pnb-muted">{escape(shorten(words or gap, 400))}</div>')
        set_if_changed(self.keep, "disabled", not self.set_id)
        set_if_changed(self.copy, "disabled", not self._filters())
        set_visible(self.pinned, found is not None and isinstance(found.get("version"), int))

    def _found(self) -> Record | None:
        return self._known.sets.get(self.set_id)

    def _filters(self) -> Filters:
        found = self._found()
        return tuple(Filter.from_api(each) for each in found.get("filters") or ()) if found else ()

    def _version(self) -> int | None:
        found = self._found()
        version = found.get("version") if found else None
        return version if self.pinned.value and isinstance(version, int) else None


def _name(found: Record) -> str:
    name = shorten(str(found.get("name") or found.id), 80)
    return f"{name} (version {found.get('version')}) · {found.id[-6:]}"

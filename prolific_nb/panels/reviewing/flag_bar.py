"""Buttons that select submissions by their flags, and what was seen in the selected ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from ...common.display import visible
from ...common.plurals import counted
from ..kit import widgets as w
from ..kit.controls import Guard, button, row, stack
from ..kit.html_table import shorten
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .found_flags import FoundFlags

_HINT = "Reads the answers again, and names people whose answers show little care; nothing is decided"
_LOOK = "max-height:168px;overflow:auto"
_MOST = 3  # submissions whose sentences are shown


class FlagBar:
    """The flags of a study.

    Parameters
    ----------
    look : callable
        Called to look for flags.
    select : callable
        Called with the submissions of a flag.
    surface : Surface
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    look : ipywidgets.Button
    box : ipywidgets.VBox
        A button for each flag that somebody has, and a line about all of them.
    seen : ipywidgets.HTML
        What was seen in the selected submissions.
    """

    def __init__(
        self, look: Callable[[], Any], select: Callable[[Sequence[str]], Any], surface: Surface, guard: Guard
    ) -> None:
        self._select, self._guard = select, guard
        self._found: FoundFlags | None = None
        self._buttons: dict[str, w.Button] = {}
        self.look = button("Look for flags", look, guard, _HINT)
        self._row = row(w.HTML('<span class="pnb-muted">Select by flag:</span>'))
        surface.name(self._row, "Select by flag")
        self._about = w.HTML()
        self.seen = w.HTML()
        self.box = stack(self._row, self._about)

    def show(self, found: FoundFlags | None, *, busy: bool) -> None:
        """Update the buttons; `found` is None before anybody has looked for flags."""
        set_if_changed(self.look, "disabled", busy)
        set_if_changed(self.look, "description", "Look for flags again" if found is not None else "Look for flags")
        words = "Looking for flags…" if busy else " ".join(found.words) if found is not None else ""
        set_if_changed(self._about, "value", f'<p class="pnb-muted" role="status">{escape(words)}</p>' if words else "")
        set_visible(self._row, found is not None and bool(found.flagged))
        set_visible(self.box, bool(words))
        if found is not self._found:
            self._found = found
            self._offer(found.flagged if found is not None else {})

    def _offer(self, flagged: Mapping[str, Sequence[str]]) -> None:
        for flag in flagged:
            if flag not in self._buttons:
                self._buttons[flag] = button(flag, self._selector(flag), self._guard, f"Select those flagged: {flag}")
                self._row.children = (*self._row.children, self._buttons[flag])
        for flag, each in self._buttons.items():
            set_if_changed(each, "description", f"{flag} ({len(flagged.get(flag, ())):,})")
            set_visible(each, flag in flagged)

    def _selector(self, flag: str) -> Callable[[], None]:
        return lambda: self._select(self._found.flagged.get(flag, ()) if self._found is not None else ())

    def tell(self, ids: Sequence[str]) -> None:
        """Say what was seen in the selected submissions."""
        found = self._found
        named = [] if found is None else [each for each in ids if each in found.sentences]
        parts = [_sentences(found.people[each], found.sentences[each]) for each in named[:_MOST] if found is not None]
        if len(named) > _MOST:
            parts.append(f'<p class="pnb-muted">and {counted(len(named) - _MOST, "more flagged submission")}</p>')
        box = f'<div tabindex="0" role="region" aria-label="What was seen" style="{_LOOK}">{"".join(parts)}</div>'
        set_if_changed(self.seen, "value", f'<div role="status">{box}</div>' if parts else "")


def _sentences(person: str, found: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f"<li><b>{escape(flag)}:</b> <bdi>{escape(visible(sentence))}</bdi></li>" for flag, sentence in found
    )
    return f'<p><bdi>{escape(shorten(visible(person), 40))}</bdi></p><ul class="pnb-findings">{lines}</ul>'

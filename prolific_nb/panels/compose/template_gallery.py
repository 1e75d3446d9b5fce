"""The gallery of templates: a picture of what each makes, and one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from ...data import Dataset
from ...design import TEMPLATES, Design, delete_template, save_template, template, templates
from ...errors import DesignError
from ..kit import widgets as w
from ..kit.controls import Fold, Guard, button, row, stack
from ..kit.surface import Surface


class TemplateGallery:
    """Templates to start from, built when the gallery is opened.

    Parameters
    ----------
    use : callable
        Called with the design that was chosen.
    current : callable
        Returns the design that would be saved, and the data that fills the pictures.

    Attributes
    ----------
    fold : Fold
        The button that opens it, and its content.
    """

    def __init__(
        self,
        use: Callable[[Design], None],
        current: Callable[[], tuple[Design, Dataset | None]],
        guard: Guard,
        surface: Surface,
    ) -> None:
        self._use, self._current, self._guard, self._surface = use, current, guard, surface
        self._first: w.Button | None = None
        self.fold = Fold("Start from a template", self._build, guard)

    @property
    def following(self) -> w.Widget:
        """The button that comes next for who wants a template."""
        return self._first if self._first is not None and self.fold.open else self.fold.button

    def _build(self) -> w.Widget:
        self._cards = w.Box([], layout={"flex_flow": "row wrap", "width": "100%", "grid_gap": "12px"})
        self._name = w.Text(placeholder="Name of the template", layout={"flex": "1 1 180px", "min_width": "0"})
        save = button("Save this task as a template", self._save, self._guard, "For all notebooks on this machine")
        self._surface.name(self._name, "Name of the template", role="")
        self._surface.enter(self._name, save)
        self._refill()
        return stack(self._cards, row(self._name, save))

    def _refill(self) -> None:
        older, self._first = self._cards.children, None
        self._cards.children = tuple(self._card(name, about) for name, about in templates().items())
        for card in older:
            w.close_deeply(card)

    def _card(self, name: str, about: str) -> w.Widget:
        words = f'<div class="pnb-template-about"><b>{escape(name)}</b><br>{escape(about)}</div>'
        acts = [button(f"Use {name}", lambda: self._start(name), self._guard, "Replaces the task; Undo restores it")]
        self._first = self._first or acts[0]
        if name not in TEMPLATES:
            acts.append(button("Delete", lambda: self._delete(name), self._guard, f"Delete the template {name}"))
        card = stack(w.HTML(self._picture(name) + words), row(*acts), width="190px")
        card.add_class("pnb-template")
        return card

    def _picture(self, name: str) -> str:
        """The template's page, scaled down in a frame that can be neither read, focused nor run."""
        data = self._current()[1]
        try:
            # Without its header, which is alike in all of them.
            asked = replace(template(name, data), name="", introduction="", steps="")
            page = asked.preview(data if data is not None and len(data) else None).html
        except DesignError:
            page = ""
        frame = f'<iframe sandbox title="Picture of {escape(name)}" srcdoc="{escape(page)}"></iframe>'
        return f'<div class="pnb-template-picture" aria-hidden="true" inert>{frame}</div>'

    def _start(self, name: str) -> None:
        self._use(template(name, self._current()[1]))
        self.fold.open = False

    def _save(self) -> None:
        save_template(self._current()[0], self._name.value)
        self._name.value = ""
        self._refill()

    def _delete(self, name: str) -> None:
        delete_template(name)
        self._refill()

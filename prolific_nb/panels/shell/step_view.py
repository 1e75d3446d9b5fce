"""StepView: one step of the studio: its line, its panel once it is needed, and the way to the next step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..kit import widgets as w
from ..kit.controls import Guard, button, row
from ..kit.panel import Panel
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .step_header import StepHeader
from .steps import Go, Step
from .studio_state import StudioState


class StepView:
    """One step, folded to its line or open.

    Parameters
    ----------
    step : Step
        What it is.
    number : int
        Its place, from 1.
    desk : StudioState
        The shared values.
    guard : callable
        `Panel.guard` of the studio.
    changed : callable
        Called without arguments when the step was opened or folded, or its panel was created or has news.
    go : callable
        Goes to a step by its key.
    following : Step or None
        The next step that has to be done; None after the last one.
    offered : Step or None
        An optional step before that.
    """

    def __init__(
        self,
        step: Step,
        number: int,
        desk: StudioState,
        guard: Guard,
        changed: Callable[[], None],
        go: Go,
        following: Step | None = None,
        offered: Step | None = None,
    ) -> None:
        self.step, self._desk, self._guard, self._changed = step, desk, guard, changed
        self._panel: Panel | None = None
        self.header = StepHeader(number=number, title=step.title, words=step.waiting(desk).words)
        self.header.observe(guard(lambda _: self._opened()), names=["shown"])
        self._body = w.VBox([], layout={"display": "none", "width": "100%"}, _dom_classes=("pnb-step-body",))
        self._go_to, self._following, self._offered = go, following, offered
        self._continue: w.Button | None = None
        shown_as = ("pnb-step", "pnb-folded")
        self.box = w.VBox([self.header, self._body], layout={"width": "100%"}, _dom_classes=shown_as)

    @property
    def panel(self) -> Panel:
        """The panel of the step, created when it is first asked for."""
        if self._panel is None:
            panel = self._panel = self.step.make(self._desk, self._go_to)
            self._body.children = (panel.box, row(panel.embed(), *self._way_on(), justify_content="flex-end"))
            for source in (panel.news, panel.highlighted):
                panel.watch(source, lambda _: self._changed())
            self._changed()
        return self._panel

    def _way_on(self) -> list[w.Widget]:
        following, offered = self._following, self._offered
        found: list[w.Widget] = []
        if offered is not None:
            hint = f"Optional: fold this step and open {offered.title}"
            found.append(button(offered.offer, partial(self._go_to, offered.key), self._guard, hint))
        if following is not None:
            hint = f"Fold this step and open {following.title}"
            label = f"Continue to {following.title}"
            self._continue = button(label, partial(self._go_to, following.key), self._guard, hint)
            found.append(self._continue)
        return found

    @property
    def built(self) -> Panel | None:
        """The panel, or None if it has not been needed yet."""
        return self._panel

    @property
    def open(self) -> bool:
        """Whether the step is shown."""
        return bool(self.header.shown)

    @open.setter
    def open(self, shown: bool) -> None:
        self.header.shown = shown

    @property
    def status(self) -> StepStatus:
        """How far the step is."""
        return self._panel.step() if self._panel is not None else self.step.waiting(self._desk)

    def focus(self) -> None:
        """Move the keyboard's focus to the line of the step."""
        self.header.asked += 1

    def show(self, current: bool) -> None:
        """Renew the line; the buttons of the `current` step are highlighted, those of others are not."""
        status = self.status
        set_if_changed(self.header, "state", status.state)
        set_if_changed(self.header, "words", status.words)
        if current != ("pnb-current" in self.box._dom_classes):
            (self.box.add_class if current else self.box.remove_class)("pnb-current")
        if self._continue is not None:
            done = status.state in ("done", "running", "optional")
            free = self._panel is not None and not self._panel.highlighted.value
            set_if_changed(self._continue, "button_style", "primary" if current and done and free else "")

    def _opened(self) -> None:
        if self.open:
            _ = self.panel
        set_visible(self._body, self.open)
        if self.open == ("pnb-folded" in self.box._dom_classes):
            (self.box.remove_class if self.open else self.box.add_class)("pnb-folded")
        self._changed()

    def close(self) -> None:
        """Close the panel, if there is one."""
        if self._panel is not None:
            self._panel.close()

"""The bench: what is chosen above, the desk below, and every decision stored at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from ...common.plurals import counted
from ...errors import ProlificError
from ...workflow.run import Run
from ..kit import widgets as w
from ..kit.controls import stack, toggle
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from .choice_bar import ChoiceBar
from .chosen_disputes import chosen
from .decisions_made import Decided, Key, decisions_in, program
from .dispute_desk import DisputeDesk
from .disputes import Dispute, Disputes
from .shown_dispute import Pages, progress_words, shown_dispute

_AROUND = (-1, 0, 1, 2, 3)  # places around the shown one that the browser holds
_BLIND = "Answers without names, each once and in random order, so that they do not lead you"


class Bench:
    """Chooses disputes, shows them one at a time, and stores decisions.

    Parameters
    ----------
    panel : Panel
        Shows the errors.
    ask : bool
        Whether the question is chosen here.

    Attributes
    ----------
    box : ipywidgets.VBox
    desk : DisputeDesk
    decisions : dict
        By row and question, those of the run.
    """

    def __init__(self, panel: Panel, *, ask: bool) -> None:
        self._panel = panel
        self._run: Run | None = None
        self._disputes = Disputes()
        self._list: list[Dispute] = []
        self.decisions: dict[Key, Decided] = {}
        self.desk, self._words = DisputeDesk(), w.HTML()
        self._blind = toggle("Blind", lambda _: self._draw(), panel.guard, _BLIND)
        self._blind.value = True
        self._bar = ChoiceBar(panel, self._choose, ask, self._blind)
        self.desk.observe(panel.guard(lambda _: self._act()), names=["acts"])
        set_visible(self.desk, False)
        self.box = stack(self._bar.box, self._words, self.desk, grid_gap="10px")

    # --- what is shown -------------------------------------------------------------------------------------------

    def show(self, run: Run, disputes: Disputes, question: str = "") -> None:
        """Show the disputes of a run, from the first that was not decided; one that is shown already stays."""
        if run is not self._run:
            self._list = []
        if run is not self._run or disputes is not self._disputes:
            self._pages = Pages(run, disputes.cells)
        self._run, self._disputes = run, disputes
        self._store = run.adjudications
        self.decisions = decisions_in(self._store.frame())
        self._bar.offer(disputes, question)
        self._choose()

    def _choose(self) -> None:
        """Choose again, and go on where the judge was, or at the first that is not decided."""
        before = self._list[self.desk.at].key if self._list else None
        self._list = chosen(self._disputes, self._bar.value, self.decisions)
        keys = [each.key for each in self._list]
        undecided = next((place for place, key in enumerate(keys) if key not in self.decisions), 0)
        self._draw(keys.index(before) if before in keys else undecided)

    def _draw(self, at: int | None = None) -> None:
        """Send the disputes around a place, as one message."""
        if self._run is None:
            return
        at = self.desk.at if at is None else at
        at = max(0, min(at, len(self._list) - 1))
        places = [at + by for by in _AROUND if 0 <= at + by < len(self._list)]
        decided = self.decided
        with self.desk.hold_sync():
            self.desk.items = [self._shown(place) for place in places]
            self.desk.at, self.desk.total = at, len(self._list)
            self.desk.decided = decided
            self.desk.progress = progress_words(decided, len(self._list))
        set_visible(self.desk, bool(self._list))
        set_if_changed(self._words, "value", f"<p>{escape(self._sentence())}</p>" if self._sentence() else "")

    def _shown(self, place: int) -> dict[str, Any]:
        dispute = self._list[place]
        decided = self.decisions.get(dispute.key)
        return shown_dispute(dispute, place, self._pages, decided, blind=bool(self._blind.value))

    @property
    def decided(self) -> int:
        """The number of decisions about what is chosen."""
        return sum(each.key in self.decisions for each in self._list)

    @property
    def total(self) -> int:
        """The number of disputes that are chosen."""
        return len(self._list)

    def _sentence(self) -> str:
        """Why there is nothing to decide, or what is not shown."""
        without = self._disputes.without_row
        lost = f"{counted(without, 'answer')} belong to no known row and are left out." if without else ""
        if self._list:
            return lost
        wanted = self._bar.value
        if wanted.undecided and chosen(self._disputes, replace(wanted, undecided=False), ()):
            return "Everything that is chosen here is decided."
        if self._disputes.about(wanted.question):
            return "No row is left by what is chosen here."
        return f"People disagree on no row. {lost}".strip()

    # --- what the judge does ---------------------------------------------------------------------------------------

    def _act(self) -> None:
        at, before = self.desk.at, self.decisions
        try:
            for act in self.desk.new_acts():
                if act["act"] == "go":
                    at = int(act["to"])
                else:
                    self._decide(act)
        finally:  # the desk shows what is stored, also after an error
            self._draw(at)
        if self.decisions != before:
            self._panel.renew_code()
            self._panel.announce()

    def _decide(self, act: Mapping[str, Any]) -> None:
        dispute = next(each for each in self._disputes.all if each.id == act["id"])
        row, question = dispute.key
        self._panel.clear_error()
        try:
            if act["act"] == "withdraw":
                self._store.withdraw(row, question)
            else:
                values = [str(each) for each in act["values"]]
                label: Any = values if dispute.asked.kind == "many" else values[0]
                self._store.decide(row, question, label, str(act.get("reason") or ""))
        except ProlificError as failure:  # such as a typed number that is none: later acts are carried out all the same
            self._panel.report(failure)
        self.decisions = decisions_in(self._store.frame())

    # --- code --------------------------------------------------------------------------------------------------------

    def code(self) -> str:
        """Python that makes the same decisions."""
        return "" if self._run is None else program(self._run, self.decisions, self._bar.value.question)

"""The decisions that were not applied yet: the list, what they cost, what was found about them, and applying them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ...common.display import Mode
from ...common.money import Money
from ...errors import UnclearPayment
from ..kit import widgets as w
from ..kit.controls import Fold, Guard, button, heading, row, stack
from ..kit.findings_list import error_words, findings_html
from ..kit.html_table import alert_html
from ..kit.spending.confirm_amount import AmountWords, ConfirmAmount
from ..kit.spending.settled_inputs import SettledInputs
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from ..kit.wording.control_names import REASON
from .applying import Applied, Checked
from .decisions import Decisions, PendingDecisions, without_submissions
from .proposal_view import everything_html, figures_html, findings_part, unclear_words

_APPLY = AmountWords(
    button="Apply",
    hint="Carries out all decisions in this list",
    aim="apply",
    done="applied",
    waiting="The decisions are compared with the server…",
    seen="participants see these decisions, and ",
)
AGAIN = 'again="reason"'
"""What a sentence names if something is repeated only on purpose."""
_HALF = {"flex": "1 1 320px", "width": "auto"}


class ProposalBox:
    """What `Review` has collected, down to the button that applies it.

    Parameters
    ----------
    apply : callable
        Called with the confirmed amount.
    settle : callable
        Called with what was being applied, and whether its unclear payment was made.
    recheck : callable
        Called when the reason to repeat has changed.
    decisions : PendingDecisions
    settled : SettledInputs
        Through which a click acts that is about the chosen decision.
    surface : Surface
    guard : callable
        `Panel.guard`.
    """

    def __init__(
        self,
        apply: Callable[[Money], Any],
        settle: Callable[[Checked, bool], Any],
        recheck: Callable[[], Any],
        decisions: PendingDecisions,
        settled: SettledInputs,
        surface: Surface,
        guard: Guard,
    ) -> None:
        self._settle_call, self._decisions, self._settled, self._guard = settle, decisions, settled, guard
        self._checked: Checked | None = None
        self._unclear: Checked | None = None  # what was being applied when the outcome of a payment got lost
        self._failed = ""
        self.confirm = ConfirmAmount(apply, _APPLY, surface, guard)
        self._reason = w.Text(description=REASON, continuous_update=False, style={"description_width": "initial"})
        self._reason.observe(guard(lambda _: recheck()), names=["value"])
        self._outcome = w.HTML()
        self._pending = stack(self._decided(surface), *self._found(), self.confirm.box)
        self.box = stack(self._pending, self._settling(), self._outcome)

    def _decided(self, surface: Surface) -> w.Widget:
        self._list = w.Select(rows=4, layout={"width": "100%", "height": "auto"})
        self._list.add_class("pnb-decisions")
        surface.name(self._list, "Decisions to apply", role="")
        self._list.observe(self._guard(self._settled.changed), names=["index"])
        hint = "Remove the chosen decision from the list"
        remove = button("Remove", lambda: self._settled.act(self._remove), self._guard, hint)
        surface.delete(self._list, remove)
        self._fix = button("Remove what cannot be applied", self._remove_wrong, self._guard)
        self._undo = button("Undo", self._decisions.undo, self._guard, "Take back the last change of the list")
        self._redo = button("Redo", self._decisions.redo, self._guard, "Redo what was taken back")
        self._figures = w.HTML()
        left = stack(self._list, row(remove, self._undo, self._redo, self._fix), **_HALF)
        parts = row(left, stack(self._figures, **_HALF), align_items="flex-start")
        return stack(heading("Decisions to apply"), parts)

    def _found(self) -> list[w.Widget]:
        self._findings = w.HTML()
        self._everything: w.HTML | None = None
        self._fold = Fold("Every decision in full", self._in_full, self._guard)
        return [self._findings, self._fold.box, self._reason]

    def _in_full(self) -> w.Widget:
        self._everything = w.HTML(everything_html(self._checked))
        return self._everything

    def _settling(self) -> w.Widget:
        self._unclear_words = w.HTML()
        paid = button("They were paid", lambda: self._settle(True), self._guard, "They are not paid again")
        not_paid = button("They were not paid", lambda: self._settle(False), self._guard, "“Apply” then pays them")
        self._settle_box = stack(self._unclear_words, row(paid, not_paid))
        return self._settle_box

    @property
    def again(self) -> str:
        """The reason for repeating bonuses and rejections."""
        return self._reason.value.strip()

    # --- actions -------------------------------------------------------------------------------------------------

    def _remove(self) -> None:
        at = self._list.value
        self._decisions.update(lambda pending: pending[:at] + pending[at + 1 :] if at is not None else pending)

    def _remove_wrong(self) -> None:
        if self._checked is not None:
            wrong = self._checked.wrong
            self._decisions.update(lambda pending: without_submissions(pending, wrong))

    def _settle(self, paid: bool) -> None:
        unclear, self._unclear = self._unclear, None
        if unclear is not None:
            self._settle_call(unclear, paid)

    def outcome(self, checked: Checked, applied: Applied) -> None:
        """Show what was applied, and what kept the rest from it."""
        done = "; ".join(map(str, applied.done))
        said = f'<p role="status"><b>Applied:</b> {escape(done)}.</p>' if done else ""
        failure, self._failed = applied.failure, ""
        self._unclear = checked if isinstance(failure, UnclearPayment) else None
        if isinstance(failure, UnclearPayment):
            self._unclear_words.value = alert_html(unclear_words(failure))
        elif failure is not None:
            self._failed = str(failure)
            said += alert_html(error_words(failure))
        self._outcome.value = said + (findings_html(applied.findings) if applied.findings else "")
        if failure is None:
            self._reason.value = ""

    # --- display -------------------------------------------------------------------------------------------------

    def show(self, mode: Mode, decisions: Decisions, checked: Checked | None, *, busy: bool) -> None:
        """Update the widgets; `checked` is None while the decisions are compared with the server."""
        self._checked = checked
        set_visible(self._pending, bool(decisions) or self._decisions.can_undo or self._decisions.can_redo)
        self._show_list(decisions)
        set_if_changed(self._figures, "value", figures_html(checked, decisions))
        set_if_changed(self._findings, "value", findings_part(checked))
        wrong = checked is not None and bool(checked.findings.errors)
        set_visible(self._fix, wrong and bool(checked and checked.wrong))
        set_visible(self._reason, self._may_repeat(checked))
        if self._everything is not None:
            set_if_changed(self._everything, "value", everything_html(checked))
        set_visible(self._fold.box, bool(decisions))
        set_visible(self._settle_box, self._unclear is not None)
        cost = checked.cost if checked is not None and not wrong else None
        about = (decisions, self.again)
        self.confirm.show(mode, cost, "applying them", shown=bool(decisions) and not wrong, busy=busy, about=about)

    def _show_list(self, decisions: Decisions) -> None:
        options = [(str(each), number) for number, each in enumerate(decisions)]
        if list(self._list.options) != options:
            self._list.options = options
        set_if_changed(self._undo, "disabled", not self._decisions.can_undo)
        set_if_changed(self._redo, "disabled", not self._decisions.can_redo)

    def _may_repeat(self, checked: Checked | None) -> bool:
        said = [self._failed] + [finding.remedy for finding in (checked.findings if checked is not None else ())]
        return bool(self.again) or any(AGAIN in each for each in said)

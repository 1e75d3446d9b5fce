"""The review panel: submissions with their figures, decisions about them, and applying these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from html import escape
from typing import Any

import pandas as pd

from ...common.money import Money
from ...jobs import Job
from ...study.monitor.watch import StatusUpdate, watch
from ...workflow.run import Run
from ...workflow.script import program
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.spending.settled_inputs import SettledInputs
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .applying import Applied, Checked, apply, check, lift
from .decision_forms import DecisionForms
from .decisions import Decision, PendingDecisions, marks, with_decision, without_submissions
from .flag_bar import FlagBar
from .found_flags import FoundFlags, look
from .proposal_box import ProposalBox
from .review_code import Batch, review_code
from .review_words import PAST, added_words, approve_words, outdated, state_words, step_status
from .submission_list import SubmissionTable
from .submission_rows import Submissions, columns_of, read_answers, read_submissions, rows_of

_STYLE = """<style>.pnb-review .pnb-above { flex-direction: column; height: auto; gap: 2px; align-items: stretch; }
.pnb-review .pnb-above > .widget-label { width: auto; height: auto; line-height: 1.6; }
.pnb-review .pnb-above > textarea, .pnb-review .pnb-decisions select { font: inherit; line-height: 1.45; }
.pnb-review .pnb-decisions select { height: auto; padding: 4px; }
</style>"""
_NOT_SELECTED = "No submission is selected. Select rows of the table first."


class Review(Panel):
    """Approve and reject submissions, pay bonuses and send messages; decisions are collected, then applied together.

    Flags, as from ``run.flags()``, are looked for at the end of the study, or before it by a button. They select
    submissions and propose sentences; they decide nothing.

    Parameters
    ----------
    run : Run or Observable, optional
        The study whose submissions are shown.
    client : Client or Observable, optional
        Only determines whether the panel is labelled SANDBOX or LIVE; by default the client of the run.
    extra : DataFrame or Observable, optional
        More columns of the table: ``submission_id``, and one column for each, such as flags.

    Attributes
    ----------
    decisions : Observable
        The decisions that were not applied yet.
    table : SubmissionTable
        Its `selected` are the IDs of the selected submissions.

    Examples
    --------
    >>> Review().summary()
    {'Submissions': 'No study yet. Create a draft first.'}
    """

    name, title = "pnb-review", "Review"
    undoable = True

    def __init__(self, run: Any = None, *, client: Any = None, extra: Any = None) -> None:
        run, client = as_observable(run), as_observable(client)
        if run.value is not None and client.value is None:
            client.set(run.value.client)
        self.decisions = PendingDecisions()
        self.extra: Observable[pd.DataFrame | None] = as_observable(extra)
        self._monitored: Run | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._update = StatusUpdate()
        self._seen: Submissions | None = None
        self._final = False
        self._said = ""
        self._checked: Checked | None = None
        self._checking: Job[Checked] | None = None
        self._acting: Job[Any] | None = None
        self._looking: Job[FoundFlags] | None = None
        self._batches: list[Batch] = []
        super().__init__(run, client)
        self.watch(self.decisions, lambda _: self._decided())
        self.watch(self.extra, lambda _: self._fill())
        self._disposers.append(lambda: self._unwatch())

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """The table, what can be done with the selected submissions, and what was decided."""
        self._words = w.HTML(layout={"flex": "1 1 auto"})
        self._reload = button("Reload", self._load, self.guard, "Read the submissions again")
        self.table = SubmissionTable(columns=columns_of(None))
        self.table.observe(self.guard(self._selected), names=["selected"])
        self._settled = settled = SettledInputs(self.guard)
        kit: Any = (settled, self.surface, self.guard)
        approve, clear = (lambda: settled.act(self._approve_selected)), (lambda: settled.act(self._clear_selected))
        self._approve = button("Approve", approve, self.guard, "Approve the selected submissions")
        cleared = button("Clear decisions", clear, self.guard, "Remove decisions about the selected submissions")
        self.forms = DecisionForms(self._decide, self._lift, self._chosen, *kit)
        self.flags = FlagBar(self._look, self.select, self.surface, self.guard)
        self._note = w.HTML()
        self.proposal = ProposalBox(self._apply, self._settle, self._recheck, self.decisions, *kit)
        for opener in self.forms.toggles:
            opener.observe(self.guard(lambda _: self._highlight()), names=["value"])
        acts = row(self._approve, *self.forms.toggles, cleared, self._note)
        self._below = stack(self.flags.box, self.table, self.flags.seen, acts, self.forms.box, self.proposal.box)
        return [row(self._words, self.flags.look, self._reload), self._below]

    # --- reading -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the submissions of a new run."""
        if self.value is not self._monitored:
            self._unwatch()
            self._monitored, self._unwatch = self.value, lambda: None
            self._update, self._seen, self._final = StatusUpdate(), None, False
            self._batches.clear()
            self.decisions.forget()
            self.table.selected = []
            self._follow(self.value)
        self._show()

    def _follow(self, run: Run | None) -> None:
        if run is not None:
            self._unwatch = watch(run.client, run.study_id).subscribe(self.guard(lambda news: self._news(run, news)))
            self._load()

    def _news(self, run: Run, news: StatusUpdate) -> None:
        if run is not self._monitored or self.closed:
            return
        self._update = news
        # The last submissions may have arrived since the table was read, or another view or program has decided.
        if news.ended and (not self._final or outdated(self._seen, self._update)):
            self._final = True
            self._load()
        self._show()
        self.announce()

    def _load(self) -> None:
        run = self.value
        if run is not None:
            self.start(lambda _: read_submissions(run), "Reading the submissions", self._loaded)

    def _loaded(self, seen: Submissions) -> None:
        if seen.run is not self.value or self.closed:
            return
        before = self._seen or seen
        self._seen = replace(seen, answers=before.answers, found=before.found)
        self.table.selected = [each for each in self.table.selected if each in seen.statuses]
        self._fill()
        if len(seen.frame) and seen.frame["completed_at"].notna().any():
            self.start(lambda _: read_answers(seen.run), "Reading the answers", lambda table: self._timed(seen, table))

    def _timed(self, seen: Submissions, answers: pd.DataFrame) -> None:
        if self._seen is not None and seen.run is self._seen.run and not self.closed:
            self._seen = replace(self._seen, answers=answers)
            self._fill()
            if self._update.ended and self._seen.found is None:
                self._look()

    def _look(self) -> None:
        """Look for flags; at the end of a study this happens by itself, once."""
        run = self.value
        if run is not None and not _running(self._looking):
            self._looking = self.start(lambda _: look(run), "Looking for flags", lambda found: self._looked(run, found))
            self._show()

    def _looked(self, run: Run, found: FoundFlags) -> None:
        if self._seen is not None and run is self._seen.run and not self.closed:
            self._seen = replace(self._seen, found=found)
            self._fill()
            self._selected()

    def _fill(self) -> None:
        if self._seen is not None and not self.closed:
            with self.table.hold_sync():
                self.table.columns = columns_of(self.extra.value, self._seen.found)
                self.table.rows = rows_of(self._seen, self.extra.value)
        self._renew()

    # --- deciding ------------------------------------------------------------------------------------------------

    def _selected(self, _: Any = None) -> None:
        self._settled.changed()
        self.forms.show()
        self.flags.tell(self._chosen()[1])
        self._show_approve()

    def _chosen(self) -> tuple[Submissions | None, Sequence[str]]:
        known = self._seen.statuses if self._seen is not None else {}
        return self._seen, [each for each in self.table.selected if each in known]

    def select(self, submission_ids: Iterable[str]) -> None:
        """Select submissions in the table."""
        self.table.selected = list(submission_ids)

    def decide(self, decision: Decision) -> None:
        """Add a decision to those to be applied; it replaces earlier ones of its kind about the same submissions."""
        self._decide(decision)

    def _decide(self, *decisions: Decision) -> None:
        """Add decisions of one kind, which are undone together."""
        if self.closed:
            return
        seen, ids = self._chosen()
        possible = [each.without(self._excluded(seen, each)) for each in decisions]
        action, number = decisions[0].action, sum(len(each.details) for each in possible)
        if not ids and not any(each.details for each in decisions):
            self.forms.refuse(_NOT_SELECTED)
            return
        if not number:
            kept = ", and an approval replaces no rejection in the list" if action == "approve" else ""
            self.forms.refuse(f"None can be {PAST[action]}: a selected submission must await review{kept}.")
            return
        self.forms.close()
        self._said = added_words(possible, len(ids) - number)
        self.table.selected = []
        self.decisions.update(lambda pending: reduce(with_decision, possible, pending))

    def _excluded(self, seen: Submissions | None, decision: Decision) -> Iterator[str]:
        """The submissions that cannot be approved or rejected; an approval of all replaces no written rejection."""
        rejected = self._rejected if decision.action == "approve" else set()
        if seen is not None and decision.action in PAST:
            yield from (each for each in decision.ids if each in rejected or not seen.can(decision.action, each))

    @property
    def _rejected(self) -> set[str]:
        return {each for one in self.decisions.value if one.action == "reject" for each in one.ids}

    def _approve_selected(self) -> None:
        seen, ids = self._chosen()
        self._decide(Decision("approve", tuple((each, "") for each in ids or self._undecided(seen))))

    def _undecided(self, seen: Submissions | None) -> list[str]:
        """The submissions that are approved together without a selection."""
        return [each for each in (seen.unflagged_ids if seen is not None else ()) if each not in self._rejected]

    def _clear_selected(self) -> None:
        _, ids = self._chosen()
        if not ids:
            self.forms.refuse(_NOT_SELECTED)
            return
        self.forms.close()
        self.decisions.update(lambda pending: without_submissions(pending, ids))

    def _lift(self, hourly: str) -> None:
        run, (_, ids) = self.value, self._chosen()
        wanted = [each for each in ids if each not in self._rejected]  # the reward that they lose is not missing pay
        if run is not None:
            self.start(lambda _: lift(run, hourly, wanted), "Computing the bonuses", self._lifted)

    def _lifted(self, bonuses: Decision) -> None:
        if bonuses.details:
            self.decide(bonuses)
        else:
            self.forms.refuse("All selected submissions have this pay already, are rejected or are not paid.")

    def undo(self) -> None:
        """Take back the last decision that was not applied."""
        self.decisions.undo()

    def redo(self) -> None:
        """Redo what was taken back last."""
        self.decisions.redo()

    # --- checking and applying -------------------------------------------------------------------------------------

    def _decided(self) -> None:
        self.table.marks = dict(marks(self.decisions.value))
        self._recheck()

    def _recheck(self) -> None:
        """Compare the decisions with the server; of several quick changes the last one counts."""
        self._checked = None
        run, wanted, again = self.value, self.decisions.value, self.proposal.again
        if run is not None and wanted:
            self._checking = self.start(
                lambda _: check(run, wanted, again), "Comparing the decisions with the server", self._take
            )
        self._renew()

    def _take(self, checked: Checked) -> None:
        if checked.decisions == self.decisions.value and checked.again == self.proposal.again and not self.closed:
            self._checked = checked
            self._renew()

    def _apply(self, agreed: Money) -> None:
        run, checked, seen = self.value, self._checked, self._seen
        if run is None or checked is None or seen is None or self._busy:
            return
        self._checked = None  # applied once; what is left after it is checked anew
        self._acting = self.start(
            lambda _: apply(run, checked, seen.people, agreed),
            "Applying the decisions",
            lambda applied: self._applied(checked, agreed, applied),
        )
        self._show()

    def _applied(self, checked: Checked, agreed: Money, applied: Applied) -> None:
        if applied.done:
            self._batches.append(Batch(applied.done, agreed.major, checked.again, sent=True))
        if applied.failure is not None:
            self.errors.append(str(applied.failure))
        self._said = ""
        if not self.closed:
            self.proposal.outcome(checked, applied)
            self.decisions.applied(applied.done)
            self._load()
        if self._monitored is not None:  # for the other steps, even after the end of the study
            watch(self._monitored.client, self._monitored.study_id).hurry()

    def _settle(self, checked: Checked, paid: bool) -> None:
        if checked.proposal is not None and not self._busy:
            settle, self._checked = checked.proposal.settle, None
            self._acting = self.start(lambda _: settle(paid=paid), "Settling the payment", lambda _: self._recheck())
            self._show()

    @property
    def _busy(self) -> bool:
        return _running(self._acting)

    def progressed(self, job: Job[Any]) -> None:
        """Enable the buttons when a job ends."""
        self.guard(self._show)()

    # --- display -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.closed:
            return
        set_if_changed(self._words, "value", f'{_STYLE}<p role="status">{escape(self._state())}</p>')
        set_if_changed(self._note, "value", f'<p class="pnb-muted" role="status">{escape(self._said)}</p>')
        set_visible(self._below, self._seen is not None)
        set_visible(self._reload, self.value is not None)
        set_visible(self.flags.look, self._seen is not None and self._seen.answers is not None)
        self.flags.show(self._seen.found if self._seen is not None else None, busy=_running(self._looking))
        self.proposal.show(self.mode, self.decisions.value, self._checked, busy=self._busy)
        self._show_approve()
        self._highlight()

    def _show_approve(self) -> None:
        """Without a selection, the button is about all that await review and are not to be rejected."""
        seen, ids = self._chosen()
        label, hint = approve_words(seen, 0 if ids else len(self._undecided(seen)))
        set_if_changed(self._approve, "description", label)
        set_if_changed(self._approve, "tooltip", hint)

    def _highlight(self) -> None:
        if self.forms.adding is not None:
            self.highlight(self.forms.adding)
        elif self.decisions.value:
            self.highlight(self.proposal.confirm.button, "danger" if self.mode == "LIVE" else "primary")
        else:
            self.highlight(self._approve if self._seen is not None and self._seen.awaiting else None)

    def _state(self) -> str:
        return state_words(self.value, self._seen, self._update)

    def step(self) -> StepStatus:
        """Whether submissions await review, and how many."""
        return step_status(self.value, self._seen, self._update, self.decisions.value)

    # --- code and summary ----------------------------------------------------------------------------------------

    def code(self) -> str:
        """The program that makes the same decisions and applies them."""
        run, seen = self.value, self._seen
        if run is None:
            return program("pnb.connect()", [None, None, None], max_cost=None)
        if seen is None:
            return program(run.client.code, [run.data, run.design, run.plan], max_cost=None)
        cap = self._checked.cost.major if self._checked is not None else ""
        pending = [Batch(self.decisions.value, cap, self.proposal.again)] if self.decisions.value else []
        return review_code(run, [*self._batches, *pending], seen.people, looked=seen.found is not None)

    def summary(self) -> dict[str, object]:
        """What awaits review, and what was decided."""
        rows: dict[str, object] = {"Submissions": self._state()}
        if self._seen is not None and self._seen.found is not None:
            rows["Flags"] = str(self._seen.found)
        if self.decisions.value:
            rows["Not applied yet"] = "\n".join(map(str, self.decisions.value))
        applied = [str(decision) for batch in self._batches for decision in batch.decisions]
        return rows | ({"Applied": "\n".join(applied)} if applied else {})


def _running(job: Job[Any] | None) -> bool:
    return job is not None and job.state == "running"

"""How far a review is, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...common.plurals import counted
from ...study.monitor.watch import StatusUpdate
from ...workflow.run import Run
from ..kit.step_status import StepStatus
from .decisions import Decision, Decisions
from .submission_rows import Submissions

PAST = {"approve": "approved", "reject": "rejected"}
_LEFT_OUT = {
    "approve": "not awaiting review, or to be rejected",
    "reject": "not awaiting review",
    "bonus": "to be rejected, not paid, or paid enough already",
}


def outdated(seen: Submissions | None, update: StatusUpdate) -> bool:
    """Whether the server counts other statuses than were read."""
    if seen is None or update.status is None:
        return False
    counts = {name: number for name, number in update.status.counts.items() if number and name != "TOTAL"}
    return counts != Counter(seen.statuses.values())


def state_words(run: Run | None, seen: Submissions | None, update: StatusUpdate) -> str:
    """How many submissions await review, and how many arrived since they were read."""
    if run is None:
        return "No study yet. Create a draft first."
    if seen is None:
        return "Reading the submissions…"
    number = len(seen.frame)
    total = int(update.status.counts.get("TOTAL") or 0) if update.status is not None else 0
    more = total - number
    if not number:
        return f"{counted(more, 'submission')}; reload to see them." if more > 0 else "No submissions yet."
    said = f"{seen.awaiting:,} of {counted(number, 'submission')} awaiting review"
    return said + (f"; {counted(more, 'more submission')} since they were read." if more > 0 else ".")


def step_status(run: Run | None, seen: Submissions | None, update: StatusUpdate, pending: Decisions) -> StepStatus:
    """Whether submissions await review, and how many."""
    words = state_words(run, seen, update).rstrip(".")
    if seen is None or not len(seen.frame):
        return StepStatus("to do", words if run is not None else "")
    if pending:
        number = sum(len(each.ids) for each in pending)
        return StepStatus("needs attention", f"{counted(number, 'decision')} not applied yet")
    return StepStatus("to do" if seen.awaiting or not update.ended else "done", words)


def approve_words(seen: Submissions | None, rest: int) -> tuple[str, str]:
    """Label and hint of the button that approves the selected submissions, or without a selection all of the rest."""
    flagged = seen is not None and seen.unflagged_ids != seen.awaiting_ids
    which = " without a flag" if flagged and rest else ""
    what = f"all submissions{which} that await review" if rest else "the selected submissions"
    hint = f"Approve {what}; nothing is sent before it is applied"
    return f"Approve all {rest:,}{which}" if rest else "Approve", hint


def added_words(added: Sequence[Decision], left_out: int) -> str:
    """What was added to the decisions, and why some selected submissions are not in it."""
    why = _LEFT_OUT.get(added[0].action)
    said = "; ".join(str(each) for each in added if each.details)
    return said + (f"; {left_out} left out: {why}" if why and left_out > 0 else "")

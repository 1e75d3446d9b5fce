"""What is known about one study, in words: for its panel, for the step's header and for the saved card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...common.display import Mode, kind_of_money, visible
from ...common.money import Money
from ...study.monitor.status import DRAFT, ENDED, SCHEDULED, Status
from ..kit.step_status import State, StepStatus

_STATES = {
    DRAFT: "a draft: participants cannot see it, nothing is spent",
    SCHEDULED: "scheduled: Prolific publishes it at the set time, which spends its cost",
    "PUBLISHING": "being published",
    "ACTIVE": "running: participants are answering",
    "PAUSED": "paused: participants who have started may finish, no new ones can start",
    "AWAITING REVIEW": "all places are filled; submissions await your review",
    "COMPLETED": "ended",
}
_DELETED = "deleted on Prolific's website, or no longer visible to this account"
_COUNTS = {
    "RESERVED": "Place reserved",
    "ACTIVE": "Answering now",
    "AWAITING REVIEW": "Awaiting review",
    "TIMED-OUT": "Timed out",
}


@dataclass(frozen=True)
class Known:
    """What is known about a study.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    status : Status or None
        None before it was read.
    cost : Money or None
        Of all places, with fees and VAT.
    cap : Money or None
        The highest cost that was allowed in this kernel.
    floor : Money or None
        Prolific's minimum hourly pay.
    deleted : bool
        Whether the server no longer has the study.
    trouble : str
        Why the status could not be read last; empty if it could.
    """

    mode: Mode = "SANDBOX"
    status: Status | None = None
    cost: Money | None = None
    cap: Money | None = None
    floor: Money | None = None
    deleted: bool = False
    trouble: str = ""

    @property
    def state(self) -> str:
        """The state as the server names it; empty before it was read."""
        return self.status.state if self.status is not None else ""

    @property
    def is_draft(self) -> bool:
        """Whether it can be published."""
        return self.state == DRAFT and not self.deleted

    @property
    def is_published(self) -> bool:
        """Whether there are places to show."""
        return self.state not in ("", DRAFT, SCHEDULED)

    @property
    def is_going(self) -> bool:
        """Whether it is published and has not ended."""
        return self.is_published and self.state not in ENDED and not self.deleted

    @property
    def stopped_at(self) -> str:
        """How many of its places were filled, if it was stopped before all were."""
        seen = self.status
        if seen is None or seen.state != "COMPLETED" or seen.filled >= seen.places:
            return ""
        return f"{seen.filled:,} of {seen.places:,} places"


def state_words(known: Known) -> str:
    """The state of a study in words; a state that is not known to this version is shown as the server names it."""
    if known.deleted:
        return _DELETED
    if known.stopped_at:
        return f"stopped at {known.stopped_at}"
    return _STATES.get(known.state, visible(known.state)) or "loading…"


def count_words(name: str) -> str:
    """A status of submissions in words."""
    return _COUNTS.get(name, visible(name).capitalize())


def counts_by_state(counts: Mapping[str, int]) -> dict[str, int]:
    """The submissions of each status that has any, without the total."""
    return {count_words(name): number for name, number in counts.items() if number and name != "TOTAL"}


def spent_words(known: Known) -> str:
    """What was spent, of what, and whether it is real."""
    if known.status is None or not known.is_published:
        return "nothing"
    whole, spent = known.cap or known.cost, known.status.spent
    if whole is not None and spent > whole:
        return f"{spent:,} with bonuses (places: {whole:,}), {kind_of_money(known.mode)}"
    limit = f" of {'at most ' if known.cap else ''}{whole:,}" if whole is not None else ""
    return f"{spent:,}{limit}, {kind_of_money(known.mode)}"


def step_of(known: Known) -> StepStatus:
    """The state of the step that launches and watches this study, and one line about it."""
    if known.deleted:
        return StepStatus("needs attention", f"The study was {_DELETED}.")
    if known.trouble:
        return StepStatus("needs attention", f"Its state is not known now. {known.trouble.partition(chr(10))[0]}")
    if known.status is None:
        return StepStatus("running", "Reading the state of the study…")
    if known.is_draft:
        cost = f": {known.cost:,} of {kind_of_money(known.mode)}" if known.cost is not None else ""
        return StepStatus("to do", f"A draft exists, nothing is spent. Publish it{cost}.")
    if known.state == SCHEDULED:
        return StepStatus("running", "The study is scheduled: Prolific publishes it at the set time.")
    filled = f"{known.status.filled:,} of {known.status.places:,} places filled"
    return StepStatus(_step_state(known), f"{_beginning(known)}{filled}, spent {spent_words(known)}.")


def _step_state(known: Known) -> State:
    if known.state in ENDED:
        return "done"
    return "needs attention" if known.state == "PAUSED" else "running"


def _beginning(known: Known) -> str:
    if known.stopped_at:
        return "Stopped: "
    return {"PAUSED": "Paused: ", "PUBLISHING": "Being published: "}.get(known.state, "")


def card_rows(known: Known) -> dict[str, object]:
    """State, places, money and the time of these, for the saved card."""
    rows: dict[str, object] = {}
    if known.state or known.deleted:
        rows["State"] = state_words(known)
    seen = known.status
    if known.is_published and seen is not None:
        rows["Places"] = f"{seen.filled:,} of {seen.places:,} filled"
        rows["Spent"] = spent_words(known)
    elif known.cost is not None and not known.deleted:
        rows["Cost"] = f"{known.cost:,} of {kind_of_money(known.mode)}, when it is published"
    if known.trouble and not known.deleted:
        rows["Not updated"] = known.trouble
    return rows

"""Decisions of a review that are collected before they are applied, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from ...common.plurals import counted
from ..kit.html_table import shorten
from ..kit.observable import Observable

Action = Literal["approve", "reject", "bonus", "message"]
_SLOTS = {"approve": "decision", "reject": "decision", "bonus": "bonus", "message": "message"}
_VERBS = {"approve": "Approve", "reject": "Reject", "bonus": "Pay a bonus to", "message": "Send a message to"}
_DETAILS = {"reject": "sentences", "bonus": "amounts", "message": "texts"}
COLUMNS = ("submission_id", "action", "category", "message", "bonus")
"""The columns that `Run.review` reads."""


@dataclass(frozen=True)
class Decision:
    """One act about some submissions.

    Parameters
    ----------
    action : {"approve", "reject", "bonus", "message"}
    details : tuple of (str, str)
        The submission ID, and what belongs to it: the sentence of a rejection, the amount of a bonus in major units,
        the text of a message; empty for an approval.
    category : str
        Of a rejection.

    Examples
    --------
    >>> print(Decision("bonus", (("5d0c", "0.50"), ("5d0d", "0.50"))))
    Pay a bonus to 2 submissions: 0.50
    """

    action: Action
    details: tuple[tuple[str, str], ...]
    category: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The submissions."""
        return tuple(each for each, _ in self.details)

    def without(self, ids: Iterable[str]) -> Decision:
        """The same for the other submissions."""
        left_out = set(ids)
        return replace(self, details=tuple(detail for detail in self.details if detail[0] not in left_out))

    def __str__(self) -> str:
        different = list(dict.fromkeys(detail for _, detail in self.details if detail))
        more = [self.category.lower().replace("_", " ")] if self.category else []
        several = [f"{len(different)} different {_DETAILS.get(self.action, '')}"] if different else []
        more += different if len(different) == 1 else several
        said = f": {', '.join(shorten(part, 90) for part in more)}" if more else ""
        return f"{_VERBS[self.action]} {counted(len(self.details), 'submission')}{said}"


Decisions = tuple[Decision, ...]


class PendingDecisions(Observable[Decisions]):
    """The decisions that were not applied yet, with undo and redo until they are."""

    def __init__(self, value: Decisions = ()) -> None:
        super().__init__(value)

    def applied(self, done: Decisions) -> None:
        """Remove what was applied; it cannot be undone any more."""
        gone = {(each.action, each.category, detail) for each in done for detail in each.details}

        def rest(each: Decision) -> Decision:
            kept = (detail for detail in each.details if (each.action, each.category, detail) not in gone)
            return replace(each, details=tuple(kept))

        self._keep(_without_empty([rest(each) for each in self.value]))

    def forget(self) -> None:
        """Remove all decisions and their history."""
        self._keep(())

    def _keep(self, value: Decisions) -> None:
        with self._lock:
            self._undo.clear()
            self._redo.clear()
            self._value, self._merged = value, ""
        self._notify()


def with_decision(pending: Decisions, new: Decision) -> Decisions:
    """The decisions with another one, which replaces earlier ones of its kind about the same submissions.

    Examples
    --------
    >>> [str(each) for each in with_decision((Decision("approve", (("a", ""),)),), Decision("reject", (("a", "No."),)))]
    ['Reject 1 submission: No.']
    """
    if not new.details:
        return pending
    slot = _SLOTS[new.action]
    kept = [each.without(new.ids) if _SLOTS[each.action] == slot else each for each in pending]
    return (*_without_empty(kept), new)


def without_submissions(pending: Decisions, ids: Iterable[str]) -> Decisions:
    """The decisions about other submissions; the same object if there is none about these."""
    left_out = set(ids)
    kept = _without_empty([each.without(left_out) for each in pending])
    return pending if kept == pending else kept


def _without_empty(decisions: Sequence[Decision]) -> Decisions:
    return tuple(each for each in decisions if each.details)


def review_frame(decisions: Decisions) -> pd.DataFrame:
    """The frame for `Run.review`: one row per submission that is approved, rejected or gets a bonus."""
    rows: dict[str, dict[str, str]] = {}
    for each in decisions:
        for submission, detail in each.details:
            if each.action != "message":
                row = rows.setdefault(submission, dict.fromkeys(COLUMNS, "") | {"submission_id": submission})
                row |= _cells(each, detail)
    return pd.DataFrame(list(rows.values()), columns=list(COLUMNS))


def _cells(decision: Decision, detail: str) -> dict[str, str]:
    if decision.action == "bonus":
        return {"bonus": detail}
    rejected = {"category": decision.category, "message": detail} if decision.action == "reject" else {}
    return {"action": decision.action, **rejected}


def messages(decisions: Decisions) -> Iterator[tuple[str, Decision]]:
    """Each text to send, with the decision to send it to its submissions."""
    for each in decisions:
        if each.action == "message":
            for text in dict.fromkeys(text for _, text in each.details):
                yield text, replace(each, details=tuple(detail for detail in each.details if detail[1] == text))


def marks(decisions: Decisions) -> Mapping[str, str]:
    """A few words on what is decided about each submission, for the table.

    Examples
    --------
    >>> marks((Decision("approve", (("a", ""),)), Decision("bonus", (("a", "0.50"),))))
    {'a': 'approve, bonus 0.50'}
    """
    found: dict[str, list[str]] = {}
    for each in decisions:
        for submission, detail in each.details:
            found.setdefault(submission, []).append(f"bonus {detail}" if each.action == "bonus" else each.action)
    return {submission: ", ".join(parts) for submission, parts in found.items()}

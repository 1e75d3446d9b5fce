"""The status of a study: state, counts, hourly pay, cost, and expected end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

from ...api import Client, Record
from ...api.shapes import COUNT, moment
from ...common.display import Mode, card, lines
from ...common.money import Money

DRAFT = "UNPUBLISHED"
SCHEDULED = "SCHEDULED"
RUNNING = ("PUBLISHING", "ACTIVE")
ENDED = ("AWAITING REVIEW", "COMPLETED")
PAID = ("AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED")
"""Statuses of completed submissions that are paid their reward."""


@dataclass(frozen=True)
class Status:
    """The status of a study at one moment.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    study_id, state : str
        Unknown states are kept unchanged.
    places, taken : int
        Total number of places, and places taken so far.
    counts : mapping of str to int
        Submissions by status, with ``"TOTAL"``.
    reward : Money
        For one submission.
    spent, reserved : Money
        With fees, VAT and bonuses: for the places taken, and for the places still open.
    median_minutes : float or None
        Of the completed submissions.
    hourly : Money or None
        Actual pay per hour: the reward over the median time, without bonuses.
    expected : datetime or None
        When the last place will be filled at the rate so far; None before the first completed submission.
    started : datetime or None
        When the first submission was started.
    completed : tuple of datetime
        When each paid submission was completed, in order.
    as_of : datetime or None
        The time to which the status applies: a sandbox has its own clock, which shows the time of its last event.
    """

    mode: Mode
    study_id: str
    state: str
    places: int
    taken: int
    counts: Mapping[str, int]
    reward: Money
    spent: Money
    reserved: Money
    median_minutes: float | None = None
    hourly: Money | None = None
    expected: datetime | None = None
    started: datetime | None = None
    completed: tuple[datetime, ...] = field(default=(), repr=False)
    as_of: datetime | None = field(default=None, compare=False)

    @property
    def filled(self) -> int:
        """The number of places with a completed submission."""
        return min(sum(int(self.counts.get(name) or 0) for name in PAID), self.places)

    def _rows(self) -> dict[str, object]:
        by_status = ", ".join(f"{n:,} {name.lower()}" for name, n in self.counts.items() if n and name != "TOTAL")
        rows: dict[str, object] = {"state": self.state, "places": f"{self.filled} of {self.places} filled"}
        rows |= {"submissions": by_status or "none yet", "spent": self.spent, "reserved": self.reserved}
        if self.median_minutes is not None:
            rows["median time"] = f"{self.median_minutes:.1f} minutes, so the actual pay is {self.hourly} per hour"
        if self.expected is not None:
            rows["expected finish"] = f"{self.expected:%Y-%m-%d %H:%M} UTC, at the rate so far"
        return rows

    def __str__(self) -> str:
        return lines(f"{self.mode} study {self.study_id}", self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, f"study {self.study_id}", self._rows())


@dataclass(frozen=True)
class _SubmissionTiming:
    """How long submissions take, and when the last place will be filled."""

    minutes: float | None = None
    first: datetime | None = None
    latest: datetime | None = None
    done: int = 0
    paid: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, submissions: Iterable[Mapping[str, Any]]) -> _SubmissionTiming:
        records = list(submissions)
        spans = [(_moment(each.get("started_at")), _moment(each.get("completed_at"))) for each in records]
        statuses = [each.get("status") for each in records]
        paid = sorted(end for (_, end), status in zip(spans, statuses, strict=True) if end and status in PAID)
        took = [(end - start).total_seconds() / 60 for start, end in spans if start and end]
        moments = [moment for span in spans for moment in span if moment]
        if not moments:
            return cls()
        return cls(median(took) if took else None, min(moments), max(moments), len(took), tuple(paid))

    def now(self, live: bool) -> datetime | None:
        real = datetime.now(UTC)
        return max(self.latest or real, real) if live else self.latest  # a sandbox has its own clock

    def expected(self, places: int, live: bool) -> datetime | None:
        now = self.now(live)
        if not self.done or self.first is None or now is None:
            return None
        try:
            return now + (now - self.first) * (max(places - self.done, 0) / self.done)
        except OverflowError:  # beyond the year 9999
            return None


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


@dataclass
class StatusReader:
    """Reads the status of a study; submissions are read again only if their counts changed.

    Parameters
    ----------
    client : Client
    study_id : str
    """

    client: Client
    study_id: str
    _seen: tuple[Any, ...] = field(default=(), init=False)
    _pace: _SubmissionTiming = field(default_factory=_SubmissionTiming, init=False)

    def read(self, *, pay: bool = True) -> Status:
        """The current status; without `pay` only state and counts, which takes two requests."""
        client, ident = self.client, self.study_id
        study, counts = client.studies.get(ident), client.studies.counts(ident)
        places, state = int(study.total_available_places), str(study.status)
        if pay and self._seen != (seen := (state, places, dict(counts))):
            self._pace = _SubmissionTiming.of(client.studies.submissions(ident))
            self._seen = seen
        cost = client.studies.cost(ident) if pay and state != DRAFT else {}
        return self._status(study, counts, state, places, cost)

    def _status(self, study: Record, counts: Record, state: str, places: int, cost: Mapping[str, Any]) -> Status:
        def money(minor: float) -> Money:
            return Money(round(minor), self.client.currency)

        running, live = state in (*RUNNING, "PAUSED"), self.client.mode == "LIVE"
        whole = int(study.get("total_cost") or 0) if running else 0
        rewards = _amount(cost, "rewards")
        minutes, reward = self._pace.minutes, money(study.reward)
        return Status(
            mode=self.client.mode,
            study_id=self.study_id,
            state=state,
            places=places,
            taken=int(study.get("places_taken") or 0),
            counts={name: int(n) for name, n in counts.items() if COUNT.fits(n)},
            reward=reward,
            spent=money(rewards + _amount(cost, "bonuses")),
            reserved=money(max(whole - rewards, 0)),
            median_minutes=minutes,
            hourly=reward.per_hour(minutes) if minutes else None,
            expected=self._pace.expected(places, live) if running else None,
            started=self._pace.first,
            completed=self._pace.paid,
            as_of=self._pace.now(live),
        )


def _amount(cost: Mapping[str, Any], kind: str) -> int:
    """The rewards or bonuses of a cost response, with their fees and tax, in minor units."""
    parts = (cost.get(kind) or {}).values()
    return sum(int(part["amount"]) for part in parts if isinstance(part, Mapping) and "amount" in part)

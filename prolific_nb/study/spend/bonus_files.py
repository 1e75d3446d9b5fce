"""Bonus files: created on the server, which is free, and paid only if the server understood every line of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice

from ...api import Client, Record
from ...api.bonuses import MOST_LINES
from ...common.money import Money, minor_units
from ...errors import SpendError
from ..idempotent import retry_until_answered, stable_hash
from ..ledger import Ledger

_MOST_NAMED = 10  # lines that are looked for where the server reports another amount than was asked for


@dataclass(frozen=True)
class Line:
    """One bonus for one submission. A line is paid once; another `again` makes it a different line.

    Parameters
    ----------
    submission_id : str
    minor : int
        Minor units, without fees.
    on_top : int or None
        The bonuses paid so far, in minor units, that this one was computed to add to.
    again : str
        The reason for paying the same amount once more.

    Examples
    --------
    >>> Line("5d0c", 50) == Line("5d0c", 50), Line("5d0c", 50) == Line("5d0c", 50, again="For the interview")
    (True, False)
    """

    submission_id: str
    minor: int
    on_top: int | None = None
    again: str = ""


@dataclass(frozen=True)
class File:
    """A bonus file on the server: its ID, its cost with fees and VAT in minor units, and its lines."""

    ident: str
    total: int
    lines: tuple[Line, ...]


class BonusFiles:
    """The bonus files of one run.

    Parameters
    ----------
    client : Client
    ledger : Ledger
        Held by the caller.
    key : str
        The run.
    study_id : str
    """

    def __init__(self, client: Client, ledger: Ledger, key: str, study_id: str) -> None:
        self._client, self._ledger, self._key, self._study_id = client, ledger, key, study_id

    def estimate(self, lines: Sequence[Line]) -> Money:
        """Estimated cost from Prolific's calculator for rewards; bonus files state the exact cost."""
        cost = sum(self._client.studies.total_cost(_sum(part), 1) for part in _parts(lines))
        return Money(cost, self._client.currency)

    def make(self, lines: Sequence[Line]) -> list[File]:
        """Create bonus files on the server, or reuse existing ones; a file costs nothing until it is paid.

        Raises
        ------
        SpendError
            The server reports other amounts than were asked for, or a cost that cannot be true.
        """
        return [self._make(tuple(part)) for part in _parts(lines)]

    def _make(self, lines: tuple[Line, ...]) -> File:
        step = _step(lines)
        known = self._ledger.step(self._key, step)
        if known is not None and known.state == "done":
            if not (known.note.isdecimal() and known.ident):
                raise self._ledger.damaged(f"the record of a bonus file reads {known.ident!r}, {known.note!r}")
            return File(known.ident, int(known.note), lines)
        self._ledger.intend(self._key, step)
        made = self._create(lines)
        ident, total = str(made.get("id") or ""), self._total(made, lines)
        if not ident:
            raise SpendError("Prolific created a bonus file without reporting its ID, so nothing was paid. Try again.")
        self._ledger.intend(self._key, step, note=str(total))
        self._ledger.done(self._key, step, ident)
        return File(ident, total, lines)

    def forget(self, lines: Sequence[Line]) -> None:
        """Do not use the file of these lines again: it is not on the server."""
        self._ledger.withdraw(self._key, _step(lines))

    def _create(self, lines: Sequence[Line]) -> Record:
        csv = "".join(f"{line.submission_id},{Money(line.minor).major}\n" for line in lines)
        return retry_until_answered(self._client, lambda: self._client.bonuses.create(self._study_id, csv))

    # --- what the server understood -----------------------------------------------------------------------------

    def _total(self, made: Record, lines: Sequence[Line]) -> int:
        """The cost of a new file with fees and VAT, once its figures fit its lines and each other."""
        what = f"of bonus file {made.get('id')}"
        amount = self._amount(made, lines)
        if amount != _sum(lines):
            raise self._misread(lines, amount)
        total = minor_units(made.get("total_amount"), f"the total {what}", least=amount)
        given = [name for name in ("fees", "vat") if made.get(name) is not None]
        parts = [minor_units(made[name], f"the {name} {what}") for name in given]
        if len(parts) == 2 and amount + sum(parts) != total:
            shown = " + ".join(Money(part).major for part in (amount, *parts))
            raise SpendError(
                f"Prolific reports the total {what} as {Money(total).major}, but its amount, fees and VAT are {shown}. "
                "Nothing was paid. Try again later, and compare with Prolific's page."
            )
        return total

    def _amount(self, made: Record, lines: Sequence[Line]) -> int:
        """The amount that the server reports for all lines without fees; as asked for where it reports none."""
        if "amount" not in made:
            return _sum(lines)
        return minor_units(made["amount"], f"the amount of bonus file {made.get('id')}")

    def _misread(self, lines: Sequence[Line], amount: int) -> SpendError:
        found = list(islice(self._differing(lines, amount), _MOST_NAMED + 1))
        named = [
            f"\n- submission {line.submission_id}: {self._money(line.minor)} was asked for, Prolific reports "
            f"{self._money(reported)}"
            for line, reported in found[:_MOST_NAMED]
        ]
        if len(found) > _MOST_NAMED:
            named.append("\n- and more")
        where = "".join(named) or "\nEach line alone is reported as it was asked for."
        return SpendError(
            f"Prolific reports {self._money(amount)} for bonuses of {self._money(_sum(lines))}, so nothing was paid:"
            f"{where}\nCheck these submissions on Prolific's page, or leave them out of the review."
        )

    def _differing(self, lines: Sequence[Line], amount: int) -> Iterator[tuple[Line, int]]:
        """The lines that the server reports with another amount: files of halves, which are free, lead to them."""
        if amount == _sum(lines):
            return
        if len(lines) == 1:
            yield lines[0], amount
            return
        for half in (lines[: len(lines) // 2], lines[len(lines) // 2 :]):
            yield from self._differing(half, self._amount(self._create(half), half))

    def _money(self, minor: int) -> Money:
        return Money(minor, self._client.currency)


def _step(lines: Sequence[Line]) -> str:
    """The name in the ledger of the file with these lines."""
    return f"bonus {stable_hash([astuple(line) for line in lines])}"


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.minor for line in lines)


def _parts(lines: Sequence[Line]) -> Iterable[Sequence[Line]]:
    return (lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES))

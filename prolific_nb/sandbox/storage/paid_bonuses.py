"""Paid bonuses: their recipients, and their total cost."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .pricing import Cost
from .store import Document, Store

_SHOWN_AFTER = 0.05  # seconds: payment is asynchronous, so submissions show it slightly later


def pay(store: Store, bonus: Document, now: float) -> None:
    """Pay a bonus file at wall time `now`; paying it again pays it twice, as the contract warns."""
    store.put("bonus", bonus["id"], {**bonus, "paid": [*bonus["paid"], now]})


def paid(store: Store, studies: Collection[str]) -> Cost:
    """Total cost of the paid bonuses of these studies."""
    found = [
        (bonus["amount"] * times, bonus["fees"] * times, bonus["vat"] * times)
        for bonus in store.all("bonus")
        if (times := len(bonus["paid"])) and bonus["study"] in studies
    ]
    return Cost(*(sum(part) for part in zip(*found, strict=True))) if found else Cost(0, 0, 0)


def received(store: Store, study_id: str, now: float) -> dict[str, list[int]]:
    """Bonuses in pence by submission of a study, oldest first, that are visible at wall time `now`."""
    shown: list[tuple[float, list[Any]]] = [
        (moment, line)
        for bonus in store.all("bonus")
        for moment in bonus["paid"]
        for line in bonus["lines"]
        if bonus["study"] == study_id and now - moment >= _SHOWN_AFTER
    ]
    found: dict[str, list[int]] = {}
    for _, (submission, amount) in sorted(shown, key=lambda each: each[0]):
        found.setdefault(submission, []).append(amount)
    return found

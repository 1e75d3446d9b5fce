"""Growth: what more annotators or more rows would add to a published study, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass

from ...common.display import Mode, card, lines
from ...common.money import Money
from ...common.plurals import counted


@dataclass(frozen=True)
class Growth:
    """What more annotators or rows would add to a study. Nothing was spent or changed.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    rows, groups : int
        Rows that the study does not have yet, and the most task groups that they form.
    annotators, annotators_before : int
        Annotators per task afterwards, and now.
    places, places_before : int
        The most places that are added, and the places now.
    cost : Money
        Of these places with fees and VAT, computed by the server: the `max_cost` that allows them.
    """

    mode: Mode
    rows: int
    groups: int
    annotators: int
    annotators_before: int
    places: int
    places_before: int
    cost: Money

    def _rows(self) -> dict[str, object]:
        rows = {"rows": f"{self.rows:,} new in {counted(self.groups, 'group')}"} if self.rows else {}
        places = f"{self.places:,} new, {self.places_before + self.places:,} in total" if self.places else "none new"
        more = self.annotators > self.annotators_before
        annotators = f"{self.annotators_before} → {self.annotators}" if more else self.annotators
        return {**rows, "annotators per task": annotators, "places": places, "cost": self.cost}

    def __str__(self) -> str:
        return lines(f"{self.mode} growth", self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "growth", self._rows())

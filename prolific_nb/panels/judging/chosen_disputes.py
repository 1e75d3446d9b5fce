"""Which disputes are shown: those of a question, between two labels, in a slice of the rows, tied, not decided yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from .disputes import Dispute, Disputes

Pair = tuple[str, str]


@dataclass(frozen=True)
class Choice:
    """What a judge wants to see; everything by default.

    Parameters
    ----------
    question : str
        Its text, or an empty string for all that can be compared.
    pair : tuple of two str, optional
        Labels, as they are shown, that were both given.
    column, cell : str
        Only rows that have this cell in this column.
    ties : bool
        Only those without a majority.
    undecided : bool
        Only those that were not decided yet.
    """

    question: str = ""
    pair: Pair | None = None
    column: str = ""
    cell: str = ""
    ties: bool = False
    undecided: bool = False


def chosen(disputes: Disputes, choice: Choice, decided: Collection[tuple[str, str]]) -> list[Dispute]:
    """The disputes that were chosen, the worst first."""
    return [each for each in disputes.about(choice.question) if _fits(each, choice, disputes, decided)]


def _fits(dispute: Dispute, choice: Choice, disputes: Disputes, decided: Collection[tuple[str, str]]) -> bool:
    if choice.undecided and dispute.key in decided:
        return False
    if choice.ties and not dispute.tied:
        return False
    if choice.column and disputes.cells.get(dispute.row, {}).get(choice.column) != choice.cell:
        return False
    return choice.pair is None or set(choice.pair) <= set(dispute.labels)


def pairs(disputes: Disputes, question: str) -> dict[Pair, int]:
    """Pairs of labels that were given about the same row, with the number of these, the most frequent first.

    Only of questions with one label per answer.
    """
    found: Counter[Pair] = Counter()
    for dispute in disputes.about(question):
        if dispute.asked.kind in ("single", "scale"):
            found.update(combinations(dispute.labels, 2))
    return dict(found.most_common())

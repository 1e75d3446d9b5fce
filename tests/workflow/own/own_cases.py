"""A task with questions of several kinds, rows for it, and what a person types."""

from __future__ import annotations

from collections.abc import Mapping

import prolific_nb as pnb

DATA = pnb.read_data(
    b"id,review,truth\n"
    + b"".join(
        f"{number},Review {number} says this.,{'good' if number % 3 else 'bad'}\n".encode() for number in range(12)
    )
)
DESIGN = (
    pnb.Design("Reviews", introduction="<p>Read each review with care.</p>")
    .show("review")
    .choose("Feeling?", ["good", "bad"])
    .choose_many("Parts?", ["price", "battery", "case"])
    .measure("Weight?", ["g", "kg"])
)
FEELING, PARTS, WEIGHT = "p1-r2-c1-i1", "p1-r3-c1-i1", "p1-r4-c1-i1"


def typed(feeling: str = "good", parts: tuple[str, ...] = ("price", "case")) -> Mapping[str, list[str]]:
    """A complete form."""
    return {FEELING: [feeling], PARTS: list(parts), WEIGHT: ["2.5"], f"{WEIGHT}-unit": ["kg"]}

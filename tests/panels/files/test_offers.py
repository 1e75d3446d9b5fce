"""Buttons made of findings."""

from __future__ import annotations

import pytest

import prolific_nb as pnb
from prolific_nb.common.findings import Finding, Findings
from prolific_nb.data.quality import fixes
from prolific_nb.panels.files.offers import Offer, fix_offers, reading_offers


def of(remedy: str, level: str = "error") -> Findings:
    return Findings([Finding(level, "Something is odd.", remedy)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("remedy", "offers"),
    [
        (
            "Pass skip_rows=2 to skip them, or skip_rows=0 if row 1 is the header.",
            ["Skip 2 rows", "Row 1 is the header"],
        ),
        ("Pass header_rows=3 to read it, or header_rows=1 if row 2 is data.", ["3 header rows", "1 header row"]),
        ("If there is none, pass header_rows=0.", ["No header row"]),
        ("Pass skip_rows=[5, 9] to leave them out.", ["Leave out 2 rows"]),
        ("Choose one, as in read_data(…, sheet='It\\'s \"new\"').", ['Sheet “It\'s "new"”']),
        ('Pass the one that reads right, as in encoding="cp1250"; or save it.', ["Read as cp1250"]),
        ("If they separate cells, pass delimiter='\\t' and name all columns.", ["Separate at '\\t'"]),
        ("Correct the file.", []),
    ],
)
def test_what_a_remedy_recommends_is_offered(remedy: str, offers: list[str]) -> None:
    assert [offer.label for offer in reading_offers(of(remedy))] == offers
    assert reading_offers(of(remedy, "note")) == []  # an example of what could be, not a recommendation


def test_every_fix_has_a_button_and_white_space_has_one_for_all_columns() -> None:
    data = pnb.read_data(b"a,b,c\n x ,y ,\nz, w,\n")
    assert fix_offers(data.check()) == [
        Offer("Delete column “c”", fixes.COLUMN, "c"),
        Offer("Trim 3 cells", fixes.TRIM),
    ]
    for name in fixes._FIXES:
        (offer,) = fix_offers(Findings([Finding("note", "Odd.", "", column="a", rows=(2,), fix=name)]))
        assert offer.label
        assert (offer.fix, offer.column) == (name, "a")

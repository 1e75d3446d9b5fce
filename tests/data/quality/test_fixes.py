"""What a program fixes: each finding with a fix is gone after it, and the code repeats it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError

FAULTY = (
    b"id,text,pnb_row,photo,nothing\n"
    b"1, It leaks a lot ,a,http://a.org/1.png,\n"
    b",,,,\n"
    b"2,It boils very well,b,HTTP://a.org/2.png,\n"
    b"2,It boils very well,b,HTTP://a.org/2.png,\n"
    b"3,,c,https://a.org/3.png,\n"
)


def test_every_fix_removes_its_finding() -> None:
    data = pnb.read_data(FAULTY)
    fixes = {finding.fix for finding in data.check() if finding.fix}
    assert fixes == {
        "delete empty rows",
        "delete repeated rows",
        "delete rows without a value",
        "delete column",
        "trim spaces",
        "rename column",
        "use https",
    }
    while fixable := [finding for finding in data.check() if finding.fix]:
        before = data
        data = data.fixed(fixable[0])
        assert fixable[0] not in data.check()
        assert data is not before
    assert len(data.check()) == 0
    assert list(data.rows) == [2, 4]
    assert data.columns == ("id", "text", "row", "photo")
    assert data.cells("text") == ["It leaks a lot", "It boils very well"]
    assert data.cells("photo") == ["https://a.org/1.png", "https://a.org/2.png"]


def test_the_code_repeats_the_fixes_and_the_original_stays() -> None:
    data = pnb.read_data(FAULTY)
    fixed = data.with_kinds({"id": "text"}).fixed("delete empty rows").fixed("trim spaces", "text")
    space: dict[str, Any] = {"pnb": pnb, "raw": FAULTY}
    exec(fixed.to_code(), space)
    assert space["data"] == fixed
    assert space["data"].kinds["id"] == "text"
    assert ".fixed('delete empty rows').fixed('trim spaces', column='text')" in fixed.to_code()
    assert len(data) == 5


def test_the_rows_of_a_finding_are_all_named() -> None:
    data = pnb.read_data(pd.DataFrame({"id": ["1"] * 60, "text": ["a b c"] * 60}))
    (repeated,) = [finding for finding in data.check() if finding.fix == "delete repeated rows"]
    assert repeated.rows == tuple(range(3, 62))
    assert len(data.fixed(repeated)) == 1


def test_names_that_are_too_long_stay_distinct() -> None:
    data = pnb.read_data(pd.DataFrame({"n" * 130: ["a"], "n" * 131: ["b"], "row": ["c"], "pnb_row": ["d"]}))
    fixed = data.fixed("rename column")
    assert fixed.columns == ("n" * 128, f"{'n' * 126}_2", "row", "row_2")
    assert not fixed.check().errors


def test_nothing_to_fix_gives_the_same_object() -> None:
    data = pnb.sample_data()
    for fix in ("delete empty rows", "delete repeated rows", "trim spaces", "rename column", "use https"):
        assert data.fixed(fix) is data


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("polish",), "There is no fix 'polish'. Use one of 'delete empty rows'"),
        (("trim spaces", "title"), "no such column. The columns are 'id', 'empty'"),
        (("delete column",), "about one column"),
        (("delete rows without a value", "empty"), "would delete every row"),
        ((pnb.Finding("error", "Odd.", "Look."),), "Odd. Look. A program cannot fix it."),
    ],
)
def test_a_fix_that_cannot_be_made_is_refused(arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(DataError) as refused:
        pnb.read_data(b"id,empty\n1,\n2,\n").fixed(*arguments)
    assert words in str(refused.value)

"""The checks of the content: every finding at once, with its row and column."""

from __future__ import annotations

import pandas as pd

from prolific_nb.data import read_data

from .tables import made


def test_all_findings_are_reported_at_once() -> None:
    columns = {
        "review": ["a b c", "", "", "a b c", ""],
        "photo": ["https://a.org/1.png", "http://a.org/2.png", "nothing", "https://a.org/1.png", ""],
        "pnb_row": ["1", "2", "3", "1", ""],
        "x" * 129: ["1", "2", "3", "1", ""],
        "task_group_id": ["1", "2", "3", "1", ""],
        "hollow": [""] * 5,
    }
    found = read_data(pd.DataFrame(columns), kinds={"photo": "image"}).check()
    errors = {(finding.column and finding.column[:7], finding.row) for finding in found.errors}
    assert errors == {("pnb_row", None), ("xxxxxxx", None), ("task_gr", 6), (None, 6), ("photo", 4)}
    warnings = {(finding.column and finding.column[:7], finding.row) for finding in found.warnings}
    assert warnings >= {(None, 5), ("review", 3), ("photo", 3), ("hollow", None)}
    assert "rows 3, 4, 6" in str(found)


def test_more_columns_than_prolific_accepts() -> None:
    assert not made(**{f"c{n}": ["x"] for n in range(199)}).check().errors
    assert "There are 200 columns" in str(made(**{f"c{n}": ["x"] for n in range(200)}).check().errors)


def test_two_grouping_keys_are_an_error() -> None:
    data = read_data(pd.DataFrame({"g": ["1"], "task_group_id": ["1"]}), kinds={"g": "group"})
    assert "'g', 'task_group_id'" in str(data.check().errors)

"""What gold rows need to have, all findings at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prolific_nb.data import Dataset, read_data
from prolific_nb.errors import ArgumentError, DataError

from ..tables import made

DATA = made(id=["1", "2"], text=["I like this one", "I hate this one"])
ANSWERS = {"How?": "right", "Why?": "reason"}


def gold(data: Dataset = DATA, answers: Any = ANSWERS, per_group: int = 1, **columns: list[str]) -> Dataset:
    return data.with_gold(pd.DataFrame(columns), answers=answers, per_group=per_group)


def test_every_fault_of_the_rows_is_reported_at_once() -> None:
    with pytest.raises(DataError) as caught:
        gold(
            text=["a b c", "d e f", "a b c", "g h i"], right=["x", " ", "y", ""], reason=["", "", "", "z"], per_group=5
        )
    assert [str(finding) for finding in caught.value.findings] == [
        "error: per_group=5 is above the number of gold rows, 4. Nobody meets a gold row twice: add gold rows, or ask "
        "for fewer in a group.",
        "error, gold rows, row 3: 1 gold row without a right answer: row 3. Fill in the right answer, or leave the "
        "rows out.",
        "error, gold rows, row 4: 1 gold row identical to an earlier one: row 4 (row 4 repeats row 2). Delete them: "
        "somebody would be asked about the same twice.",
    ]


def test_every_fault_of_the_columns_is_reported_at_once() -> None:
    with pytest.raises(DataError) as caught:
        gold(Text=["a b c"], rihgt=["x"], reason=["z"])
    assert [(finding.column, finding.what) for finding in caught.value.findings] == [
        ("right", "There is no such column with the right answers to 'How?'."),
        ("text", "The gold rows lack this column of the data."),
        (None, "The gold rows have no column of the data, apart from right answers."),
    ]
    assert "'rihgt'" in caught.value.findings[0].remedy
    assert "'Text'" in caught.value.findings[1].remedy


@pytest.mark.parametrize("answers", [{}, "right", {"How?": 3}, ["right"]])
def test_answers_are_a_dict_of_strings(answers: Any) -> None:
    with pytest.raises(DataError, match="Pass the column with the right answers by question"):
        gold(answers=answers, text=["a b c"], right=["x"])


def test_numbers_are_checked() -> None:
    with pytest.raises(ArgumentError, match="per_group is 0; use at least 1"):
        gold(text=["a b c"], right=["x"], reason=["y"], per_group=0)


def test_what_is_no_error_is_among_the_findings_of_the_data() -> None:
    data = gold(text=["I like this one", "other words here"], right=["x", "y"], reason=["z", ""], note=["n", "n"])
    assert [str(finding) for finding in data.check()] == [
        "warning, gold rows, row 2: 1 gold row also in the data: row 2 (gold row 2 is row 2 of the data). Leave these "
        "rows out of the data: somebody may be asked about them twice.",
        "note, gold rows, row 3: 1 gold row without a right answer to 'Why?': row 3. Answers to it about these rows "
        "are not scored.",
        "note, gold rows, column 'note': This column is not in the data, so it is not uploaded.",
    ]
    assert all(finding.fix is None for finding in data.check())


def test_the_cells_of_gold_rows_are_checked_as_those_of_the_data() -> None:
    data = read_data(b"photo\nhttps://a.org/1.png\nhttps://a.org/2.png\n")
    wrong = data.with_gold(b"photo,right\nhttps://a.org/3.png,x\n3.png,y\n", answers={"How?": "right"})
    [finding] = wrong.check().errors
    assert (finding.place, finding.row, finding.column) == ("gold rows, row 3", None, "photo")


def test_sources_of_gold_rows_are_paths_frames_bytes_and_datasets(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text("text,right\nother words here,x\n")
    answers = {"How?": "right"}
    by_path = DATA.with_gold(path, answers=answers, seed=3)
    assert by_path == DATA.with_gold(read_data(path), answers=answers, seed=3)
    assert by_path == DATA.with_gold(pd.read_csv(path), answers=answers, seed=3)
    code = f".with_gold(pnb.read_data({str(path)!r}), answers={{'How?': 'right'}}, seed=3)\n"
    assert by_path.to_code() == DATA.to_code().strip() + code
    in_memory = DATA.with_gold(path.read_bytes(), answers=answers).to_code()
    assert in_memory == DATA.to_code().strip() + ".with_gold(gold, answers={'How?': 'right'})\n"

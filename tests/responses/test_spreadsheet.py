"""Saved tables are safe to open in a spreadsheet, and are read back unchanged."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.errors import DataError, FolderInUse, InputError
from prolific_nb.responses.spreadsheet import guard, is_guarded, unguard
from prolific_nb.workflow.run import Run

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PAYLOADS = [
    '=HYPERLINK("http://x","a")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\ufeff=1",
    "'=1",
    "''=1",
    "- a list",
    "-1\n=1",
]
HARMLESS = ["-1.5", "-3e-7", "1-2", "'quoted'", "'", "", "fine", "a=b", "'-1"]

texts = st.text() | st.builds(lambda marks, text: "'" * marks + text, st.integers(0, 3), st.sampled_from(PAYLOADS))


@given(texts)
@example("'-1")
@example("-1")
def test_any_text_is_guarded_and_comes_back(text: str) -> None:
    frame = pd.DataFrame({"value": [text]})
    guarded = guard(frame)
    [cell] = guarded["value"]
    if cell.startswith(DANGEROUS):
        float(cell)  # only plain negative numbers stay as they are
    assert unguard(guarded)["value"].tolist() == [text]


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guard(pd.DataFrame({"value": [text]}))["value"].tolist() == ["'" + text]
    assert is_guarded(pd.DataFrame({text: [1]}))


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    frame = pd.DataFrame({"value": pd.Categorical([text])})
    assert guard(frame)["value"].tolist() == [text]
    assert not is_guarded(frame)


def test_numbers_names_of_columns_and_dtypes() -> None:
    frame = pd.DataFrame({"=1": [-1.5, 2.0], "kind": pd.Categorical(["=a", None]), "n": pd.array([-1, None], "Int64")})
    guarded = guard(frame)
    assert list(guarded) == ["'=1", "kind", "n"]
    assert guarded["'=1"].tolist() == [-1.5, 2.0]
    assert guarded["kind"].cat.categories.tolist() == ["'=a"]
    pd.testing.assert_frame_equal(unguard(guarded), frame)
    assert list(frame) == ["=1", "kind", "n"]


def test_a_table_of_responses_comes_back_from_its_file(tmp_path: Path) -> None:
    rows = [*PAYLOADS, *(text for text in HARMLESS if text), "NA", "null", "007", "1,5", 'say "=1"', "a\r\nb", "a\rb"]
    n = len(rows)
    answers = pd.DataFrame(
        {
            "response_id": pd.Categorical([f"={number}" for number in range(n)]),
            "created_at": pd.date_range("2026-01-05T09:00:00.123", periods=n, freq="s", tz="UTC", unit="ns"),
            "participant_id": pd.Categorical(["5e10"] * n),
            "position": pd.array([1] * n, dtype="Int64"),
            "seconds": pd.array([1.5] * n, dtype="Float64"),
            "value": pd.Categorical(rows),
            "explanation": rows[::-1],
        }
    )
    pnb.save_table(answers, tmp_path / "responses.csv")
    again = pnb.read_table(tmp_path / "responses.csv")
    pd.testing.assert_frame_equal(again, answers, check_categorical=False)
    raw = pd.read_csv(tmp_path / "responses.csv", dtype=str, keep_default_na=False)
    assert not [cell for cell in raw["value"] if cell.startswith(DANGEROUS) and cell not in HARMLESS]


def test_a_table_of_numbers_comes_back_as_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"question": ["=How?", "Why?"], "value": [-0.25, None], "n_units": [3, 4]})
    pnb.save_table(table, tmp_path / "agreement.csv")
    pd.testing.assert_frame_equal(pnb.read_table(tmp_path / "agreement.csv"), table)


def test_a_file_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    pnb.save_table(pd.DataFrame({"a": [1]}), path)
    with pytest.raises(FileExistsError):
        pnb.save_table(pd.DataFrame({"a": [2]}), path, overwrite=False)
    assert pnb.read_table(path)["a"].tolist() == [1]


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_responses_are_read_back_from_every_format(answered: Callable[..., Run], tmp_path: Path, suffix: str) -> None:
    answers, file = answered().responses(), tmp_path / f"r.{suffix}"
    answers["review"] = [f"=1+{place}\u2028\n" for place in range(len(answers))]  # no spreadsheet: no apostrophe
    pnb.save_table(answers, file)
    pd.testing.assert_frame_equal(pnb.read_responses(file), answers)
    with pytest.raises(FolderInUse):
        pnb.save_table(answers.head(1), file, overwrite=False)
    assert len(pnb.read_table(file)) == len(answers)


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_the_questions_of_another_table_are_not_overwritten_unasked(tmp_path: Path, suffix: str) -> None:
    table = pd.DataFrame({"response_id": ["1"], "value": ["x"]})
    table.attrs = {"questions": [], "mode": "SANDBOX"}
    (tmp_path / "r.questions.json").write_text("precious")
    with pytest.raises(FolderInUse, match=r"r\.questions\.json already exists"):
        pnb.save_table(table, tmp_path / f"r.{suffix}", overwrite=False)
    assert [each.name for each in tmp_path.iterdir()] == ["r.questions.json"]
    pnb.save_table(table, tmp_path / f"r.{suffix}")
    pnb.save_table(table, tmp_path / "r.tsv", overwrite=False)  # the same questions


def test_without_pyarrow_a_parquet_file_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"prolific-nb\[parquet\]"):
        pnb.save_table(pd.DataFrame({"value": ["x"]}), tmp_path / "r.parquet")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_a_table_that_the_format_cannot_hold_is_refused_with_the_reason(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(InputError, match="cannot be written in this format"):
        pnb.save_table(pd.DataFrame([[1, 2]], columns=["same", "same"]), tmp_path / f"r.{suffix}")
    assert not list(tmp_path.iterdir())
    (tmp_path / f"r.{suffix}").write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        pnb.read_table(tmp_path / f"r.{suffix}")

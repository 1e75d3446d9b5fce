"""What is easily passed by mistake is refused by an error of ours that names what to pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import InputError, ProlificError, SpendError, UnknownName

from ..conftest import DESIGN, PLAN

Answered = Callable[..., pnb.Run]

NO_TABLES = [3, "responses.csv", None, [1], {"value": ["a"]}]


@pytest.mark.parametrize("given", NO_TABLES, ids=repr)
@pytest.mark.parametrize("call", [pnb.wide, lambda given: pnb.save_table(given, "never.csv")], ids=["wide", "save"])
def test_what_is_not_a_table_is_named_by_its_type(call: Callable[[Any], object], given: Any) -> None:
    with pytest.raises(
        ProlificError, match=rf"this is an? {type(given).__name__}\. Pass .* run\.responses\(\)"
    ) as raised:
        call(given)
    assert isinstance(raised.value, TypeError)


@pytest.mark.parametrize("given", [pd.DataFrame({"review": ["Fine."]}), "reviews.csv", [{"review": "Fine."}], 3])
@pytest.mark.parametrize("method", [DESIGN.check, DESIGN.preview], ids=["check", "preview"])
def test_a_design_is_checked_with_a_dataset_and_says_how_to_make_one(method: Callable[..., object], given: Any) -> None:
    with pytest.raises(ProlificError, match=rf"is an? {type(given).__name__}, not a Dataset.*pnb\.read_data"):
        method(given)


@pytest.mark.parametrize("wrong", ["run", "[run, frame]", "frame", "'abc'", "3"])
def test_combine_takes_a_list_of_runs(answered: Answered, wrong: str) -> None:
    run = answered()
    given = eval(wrong, {"run": run, "frame": pd.DataFrame({"value": ["a"]})})
    with pytest.raises(InputError, match=r"A list of runs is expected, not an? .*pnb\.combine\(\[run, follow\]\)"):
        pnb.combine(given)
    assert len(pnb.combine(iter([run]))) == len(run.responses())


@pytest.mark.parametrize("wrong", ["frame", "None", "'abc'", "3"])
def test_rows_of_a_follow_up_are_a_list_of_keys(answered: Answered, wrong: str) -> None:
    run = answered()
    given = eval(wrong, {"frame": run.responses()})
    with pytest.raises(InputError, match=r"by a list of keys, not by an? (DataFrame|NoneType|str|int)\."):
        run.follow_up(given)
    with pytest.raises(InputError, match=r"There are no rows '1', 'A7' in the data"):
        run.follow_up(["1", "A7"])


@pytest.mark.parametrize("cap", ["lots", 50, "50 USD"])
def test_an_unusable_cap_is_refused_also_when_the_study_is_published(answered: Answered, cap: Any) -> None:
    run = answered()
    with pytest.raises(SpendError, match=r"max_cost=.*cannot be used"):
        run.publish(max_cost=cap)
    assert run.publish(max_cost="500.00").status().state != "UNPUBLISHED"


def test_only_similar_questions_are_suggested(answered: Answered) -> None:
    run = answered()
    with pytest.raises(UnknownName) as raised:
        run.responses(question="How ?")
    assert str(raised.value).endswith("Did you mean 'How?'?")
    with pytest.raises(UnknownName, match=r"no question 3\b.*'How\?', 'Why\?'"):
        run.responses(question=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by", "near"), [("stars ", "stars"), ("quesion", "question"), ("participantid", "participant_id")]
)
def test_a_mistyped_slice_names_the_similar_column_alone(answered: Answered, by: str, near: str) -> None:
    run = answered()
    frame = run.responses().assign(stars="3")
    with pytest.raises(InputError, match=rf"Did you mean by='{near}'") as raised:
        pnb.agreement(frame, questions=run.codebook, by=by)
    assert "instruction_id" not in str(raised.value)


def test_files_of_another_kind_are_refused_when_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("id,review\n1,Fine.\n")
    with pytest.raises(InputError, match=r"mine\.csv.*\n.*not Prolific's report.*'id', 'review'"):
        pnb.read_report(path)
    with pytest.raises(InputError, match=r"There is no such file or folder.*run\.export"):
        pnb.read_export(tmp_path / "nowhere")


@pytest.mark.parametrize("wrong", [3, None, [], {}, 3.5, b"x", pd.DataFrame()])
def test_paths_and_names_of_a_wrong_type_are_refused_in_words(wrong: Any, tmp_path: Path) -> None:
    client = pnb.connect()
    run = pnb.launch(client, pnb.sample_data(), DESIGN, PLAN, on_progress=silent)
    calls: list[Callable[[], Any]] = [
        lambda: pnb.read_report(wrong),
        lambda: pnb.read_export(wrong),
        lambda: run.export(wrong),
        lambda: client.filters.search(wrong),
        lambda: run.duplicate(wrong),
        lambda: pnb.read_responses(wrong),
        lambda: pnb.read_table(wrong),
        lambda: pnb.template(wrong),
        lambda: pnb.launch(client, pnb.sample_data(), DESIGN, PLAN, flow=wrong),
        lambda: run.responses(include=wrong),
    ]
    for call in calls:
        with pytest.raises(ProlificError):
            call()
    if wrong is not None:
        with pytest.raises(ProlificError):
            pnb.connect(store=wrong)
        with pytest.raises(ProlificError):
            run.update(name=wrong)


def test_follow_ups_that_count_too_are_a_list_of_runs(answered: Answered) -> None:
    run = answered()
    with pytest.raises(ProlificError, match=r"(?s)after is .*Pass a list"):
        run.needs_more(after=run)

"""Follow-up studies with other participants, and combining their responses."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent

from ..conftest import DESIGN, PLAN, Connect


@pytest.fixture
def followed(answered: Callable[..., pnb.Run]) -> tuple[pnb.Run, pnb.Run]:
    """A finished run and its finished follow-up about 7 of its rows, asked of 30 people each."""
    run = answered()
    assert run.data is not None
    follow = run.follow_up(run.data.row_keys[3:10], annotators=30)
    return run, follow.publish(max_cost="500.00").wait(timeout=60, on_progress=silent)


def test_other_people_answer_only_the_named_rows(followed: tuple[pnb.Run, pnb.Run]) -> None:
    run, follow = followed
    assert run.data is not None
    first, second = run.responses("all"), follow.responses("all")
    assert set(second["row"]) == set(run.data.row_keys[3:10])
    assert not set(run.submissions()["participant_id"]) & set(second["participant_id"])
    usable = follow.responses(question="How?")
    assert set(usable.groupby("row", observed=True)["participant_id"].nunique()) == {30}
    texts = first.drop_duplicates("row").set_index("row")["review"].to_dict()
    assert dict(zip(second["row"], second["review"], strict=True)).items() <= texts.items()


def test_follow_up_is_idempotent(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    assert run.data is not None
    rows = list(run.data.row_keys[:6])
    follow = run.follow_up(rows)
    assert run.follow_up(pd.Series(rows * 2)).study_id == follow.study_id
    assert len(list(run.client.studies.list())) == 2
    (group,) = run.client.groups.list(run.client.workspace_id)
    took_part = set(run.submissions()["participant_id"])
    assert {each.participant_id for each in run.client.groups.people(group.id)} == took_part
    assert follow.status().state == "UNPUBLISHED"
    assert follow.plan.annotators_per_task == PLAN.annotators_per_task


def test_a_run_that_was_opened_again_gives_the_same_follow_up(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    assert run.data is not None
    follow = run.follow_up(run.data.row_keys[:6])
    for ledger in (run.ledger.path, "elsewhere.db"):
        again = pnb.open_run(study_id=run.study_id, client=run.client, data=run.data, ledger=ledger)
        assert again.follow_up(run.data.row_keys[:6]).study_id == follow.study_id
    assert run.follow_up(run.data.row_keys[:5]).study_id != follow.study_id
    assert run.follow_up(run.data.row_keys[:6], annotators=7).study_id != follow.study_id


def test_a_follow_up_of_a_follow_up_excludes_the_participants_of_both(followed: tuple[pnb.Run, pnb.Run]) -> None:
    run, follow = followed
    assert follow.data is not None
    third = follow.follow_up(follow.data.row_keys[:2], annotators=50)
    third.publish(max_cost="500.00").wait(timeout=60, on_progress=silent)
    earlier = {*run.submissions()["participant_id"], *follow.submissions()["participant_id"]}
    assert not earlier & set(third.submissions()["participant_id"])


def test_both_are_scored_together_by_row(followed: tuple[pnb.Run, pnb.Run]) -> None:
    run, follow = followed
    whole = pnb.combine([run, follow])
    parts = run.responses(), follow.responses()
    assert len(whole) == sum(map(len, parts))
    assert list(whole.columns) == [*parts[0].columns, "study_id"]
    assert dict(whole["study_id"].value_counts()) == {r.study_id: len(p) for r, p in zip(followed, parts, strict=True)}
    # The judge: the two tables' own answers, one below the other, scored by the question's text.
    plain = pd.concat([each[["row", "participant_id", "question", "value"]].astype(object) for each in parts])
    plain = plain[plain["question"] == "How?"]
    expected = pnb.analysis.krippendorff_alpha(plain.astype("category"), unit="row")
    how = pnb.combine([run, follow], question="How?")
    assert list(how["value"].cat.categories) == ["good", "bad", "mixed"]
    assert pnb.analysis.krippendorff_alpha(how, unit="row").value == expected.value
    assert set(whole["instruction_id"]) == {each.instruction_id for each in run.codebook}
    people = how.groupby("row", observed=True)["participant_id"].nunique()
    assert set(people) == {3, 33}
    assert set(people[people == 33].index) == set(parts[1]["row"])
    for name in parts[0].columns:
        assert whole[name].dtype.name == parts[0][name].dtype.name, name


def test_incompatible_runs_cannot_be_combined(answered: Callable[..., pnb.Run], sandboxed: Connect) -> None:
    run = answered()
    other = pnb.launch(sandboxed(), run.data, pnb.Design("Other").show("review").write("What?"), PLAN)  # type: ignore[arg-type]
    with pytest.raises(pnb.ProlificError, match="ask different questions"):
        pnb.combine([run, other])
    live = pnb.launch(sandboxed(mode="LIVE", seed=1), run.data, DESIGN, PLAN, ledger="live.sqlite")  # type: ignore[arg-type]
    with pytest.raises(pnb.ProlificError, match="LIVE and SANDBOX"):
        pnb.combine([run, live])
    with pytest.raises(pnb.ProlificError, match="given twice"):
        pnb.combine([run, run])
    with pytest.raises(pnb.ProlificError, match="No runs"):
        pnb.combine([])


def test_an_impossible_follow_up_creates_nothing(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    for rows in ([], ["no such row"], [*run.data.row_keys[:2], "gone"]):  # type: ignore[union-attr]
        with pytest.raises(pnb.ProlificError, match="rows"):
            run.follow_up(rows)
    draft = run.follow_up(run.data.row_keys[:2])  # type: ignore[union-attr]
    with pytest.raises(pnb.ProlificError, match="is UNPUBLISHED"):
        draft.follow_up(draft.data.row_keys)  # type: ignore[union-attr]
    opened = pnb.open_run(study_id=run.study_id, client=run.client)
    with pytest.raises(pnb.ProlificError, match="without its data"):
        opened.follow_up(["x"])
    assert len(list(run.client.groups.list(run.client.workspace_id))) == 1


def test_rows_are_selected_under_their_keys() -> None:
    data = pnb.read_data(b"id,text\n1,a\n1,a\n2,b\n", kinds={"id": "other"})
    one, twin, last = data.row_keys
    chosen = data.select([last, one])
    assert chosen.row_keys == (one, last)
    assert list(chosen.rows) == [2, 4]
    assert chosen.kinds == data.kinds
    with pytest.raises(pnb.ProlificError, match=f"{twin} has the same content as {one}"):
        data.select([twin])


def test_the_code_of_a_selection_reads_it_again(tmp_path: object) -> None:
    with open("own.csv", "w") as file:
        file.write("id,photo\n1,a\n2,b\n3,c\n")
    data = pnb.read_data("own.csv").with_kinds({"photo": "other"})
    chosen = data.select(data.row_keys[1:])
    scope: dict[str, pnb.Dataset] = {}
    exec(chosen.to_code("again"), {"pnb": pnb}, scope)
    assert scope["again"] == chosen
    assert scope["again"].kinds == chosen.kinds


def test_the_code_of_a_follow_up_runs_where_its_group_does_not_exist(followed: tuple[pnb.Run, pnb.Run]) -> None:
    _, follow = followed
    follow.data.to_csv("rows.csv")  # type: ignore[union-attr]
    data = pnb.read_data("rows.csv")
    code = follow.to_code()
    begin, end = code.index("\ndata = "), code.index("\ndesign = ")
    scope: dict[str, object] = {"given": data}
    exec(code[:begin] + "\ndata = given" + code[end:], scope)
    assert scope["run"].status().filled == follow.status().filled  # type: ignore[attr-defined]

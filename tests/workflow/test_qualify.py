"""Qualification studies: the share of right answers, the group of those who pass, and studies for them alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.design import Codebook
from prolific_nb.errors import InputError, PlanError, ProlificError

from ..conftest import PLAN, Connect

READ = "To show that you have read this, choose “never”."
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"])
CHECKED = DESIGN.attention(READ, ["always", "sometimes", "never"], right="never")
SAMPLE = pnb.sample_data().head(20)
DATA, LATER = pnb.read_data(SAMPLE.head(8)), pnb.read_data(SAMPLE.iloc[12:20])
GOLD = DATA.with_gold(SAMPLE.iloc[8:12], answers={"How?": "sentiment"}, per_group=2)


def test_those_who_pass_become_a_group_that_later_studies_admit(sandboxed: Connect) -> None:
    client = sandboxed(people=pnb.People(skill=0.55, skill_spread=0.2))
    plan = replace(PLAN, annotators_per_task=8)
    run = pnb.qualify(client, GOLD, CHECKED, plan, pass_at=0.75, on_progress=silent)
    with pytest.raises(ProlificError, match="is a draft"):
        run.passed()
    passed = run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent).passed()

    answers = run.responses(checks=True).dropna(subset=["expected"])
    right = answers["value"].astype(str) == answers["expected"].astype(str)
    share = right.groupby(answers["participant_id"].astype(str)).mean()
    assert passed.table.set_index("participant_id")["share"].sort_index().to_dict() == pytest.approx(share.to_dict())
    assert set(answers["question"]) == {"How?", READ}
    assert 0 < len(passed) < len(share)
    assert set(passed.participants) == set(share[share >= 0.75].index)
    assert passed.table["share"].is_monotonic_decreasing
    assert {each.participant_id for each in client.groups.people(passed.id)} == set(passed.participants)

    run.pass_at = 1e-6
    assert len(run.passed()) > len(passed)
    run.pass_at = 0.75
    again = pnb.qualify(client, GOLD, CHECKED, plan, pass_at=0.75, on_progress=silent).passed()
    assert (again.id, again.participants) == (passed.id, passed.participants)
    assert len(list(client.groups.list(client.workspace_id))) == 2

    small = replace(PLAN, annotators_per_task=2, tasks_per_group=8)
    assert pnb.quote(client, LATER, DESIGN, small, only=passed).eligible is not None
    first = set(run.submissions()["participant_id"])
    for given, inside in (({"only": passed}, set(passed.participants)), ({"keep_out": run}, None)):
        later = pnb.launch(client, LATER, DESIGN, small, again=str(given), on_progress=silent, **given)  # type: ignore[arg-type]
        later.publish(max_cost="60.00", again="another audience").wait(timeout=60, on_progress=silent)
        took_part = set(later.submissions()["participant_id"])
        assert took_part
        assert took_part <= inside if inside else took_part.isdisjoint(first)


def test_a_group_has_exactly_those_who_pass_by_now(sandboxed: Connect) -> None:
    client = sandboxed()
    run = pnb.qualify(client, DATA, CHECKED, PLAN, pass_at=0.9, on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    before = run.passed()
    assert before.participants
    run.codebook = Codebook(replace(each, right="always") if each.right else each for each in run.codebook)
    after = run.passed()
    assert (len(after), after.id) == (0, "")
    assert list(client.groups.people(before.id)) == []
    with pytest.raises(PlanError, match="nobody has passed"):
        pnb.launch(client, LATER, DESIGN, PLAN, only=after)
    opened = pnb.open_run(study_id=run.study_id, client=client)
    assert pnb.QualifyingRun.of(opened, pass_at=0.9).passed().participants == before.participants
    elsewhere = pnb.open_run(study_id=run.study_id, client=client, ledger="elsewhere.sqlite")
    with pytest.raises(ProlificError, match="No right answers are known"):
        pnb.QualifyingRun.of(elsewhere).passed()


def test_without_anything_to_score_nothing_is_created(sandboxed: Connect) -> None:
    client = sandboxed()
    with pytest.raises(InputError, match=r"no gold rows and the design no attention check.*with_gold"):
        pnb.qualify(client, DATA, DESIGN, PLAN)
    for share in (0, 1.2, True, "0.8"):
        with pytest.raises(ValueError, match="pass_at="):
            pnb.qualify(client, GOLD, DESIGN, PLAN, pass_at=share)  # type: ignore[arg-type]
    assert not list(client.studies.list())

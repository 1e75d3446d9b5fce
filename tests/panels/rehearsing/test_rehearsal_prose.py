"""What to do in a scenario, as the panel says it: whole sentences without code."""

from __future__ import annotations

import pytest

from prolific_nb.panels.rehearsing.rehearsal_prose import paragraphs
from prolific_nb.workflow.rehearsal.scenario import SCENARIOS, Scenario, scenario_named


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[each.name for each in SCENARIOS])
def test_no_code_is_left(scenario: Scenario) -> None:
    [said] = paragraphs(scenario.remedy)
    assert not any(code in said for code in ("(", "_", "run."))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("low-quality wave", "Review names those whose answers show it, and rejects only what you decide. "),
        ("a clock that jumps", "and its times are those of its records. An expected finish may be wrong for a while."),
    ],
)
def test_sentences_around_code_stay_whole(name: str, said: str) -> None:
    assert said in paragraphs(scenario_named(name).remedy)[0]

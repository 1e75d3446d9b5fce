"""The panel through what the browser sends: steps, decisions, what is kept, and the code that repeats it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.progress import silent
from prolific_nb.panels import Disagreements, Results
from prolific_nb.panels.judging.disputes import disputes_of
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

from ...conftest import HURRY, PLAN
from ..find import find, models, shown, until

DESIGN = (
    pnb.Design("Reviews")
    .show("review")
    .choose("How?", ["good", "bad", "mixed"])
    .choose_many("What?", ["price", "quality"])
    .rate("Sure?", [1, 2, 3, 4, 5])
    .measure("How heavy?", ["g", "kg"])
    .write("Why?")
)


@pytest.fixture(scope="module")
def finished() -> Iterator[Run]:
    with Sandbox(speed=HURRY, truth="sentiment", seed=17) as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        made = pnb.launch(client, pnb.sample_data().head(24), DESIGN, PLAN, on_progress=silent)
        yield made.publish(max_cost="200.00").wait(timeout=60, on_progress=silent)


@pytest.fixture
def run(finished: Run) -> Iterator[Run]:
    """The finished run, without decisions."""
    yield finished
    for row, question in set(map(tuple, finished.adjudications.frame()[["row", "question"]].to_numpy().tolist())):
        finished.adjudications.withdraw(row, question)


def opened(run: Run) -> Disagreements:
    panel = Disagreements(run)
    until(lambda: panel.step().words != "Getting the answers…" and panel.bench.desk.items)
    until(lambda: not panel._jobs)
    assert panel.errors == []
    return panel


def act(panel: Disagreements, **what: Any) -> None:
    """As the browser sends it."""
    desk = panel.bench.desk
    desk.set_state({"acts": [{"n": desk.applied + 1, **what}]})


def current(panel: Disagreements) -> dict[str, Any]:
    desk = panel.bench.desk
    return next(item for item in desk.items if item["place"] == desk.at)


def decide(panel: Disagreements, *values: str, reason: str = "") -> None:
    act(panel, act="decide", id=current(panel)["id"], values=list(values), reason=reason)


def ask(panel: Disagreements, question: str) -> None:
    find(panel, w.Dropdown, "Question").value = question


def kept(run: Run) -> list[tuple[str, ...]]:
    frame = run.adjudications.frame()
    return list(zip(*(frame[name].astype(object).tolist() for name in ("row", "question", "value")), strict=True))


def test_the_page_is_the_participants_and_the_worst_row_comes_first(run: Run) -> None:
    panel = opened(run)
    ask(panel, "How?")
    worst = run.disagreements("How?")
    item = current(panel)
    assert item["id"] == f"{worst['row'][0]}\nHow?"
    assert worst["review"][0].replace("'", "&#39;") in item["html"]
    assert "script" not in item["html"]
    assert item["title"].startswith("Row ")
    assert panel.bench.total == len(worst)


def test_the_order_is_that_of_the_frame_of_disagreements(run: Run) -> None:
    disputes = disputes_of(run.responses(), run.codebook)
    for question in ("How?", "What?"):
        assert [each.row for each in disputes.about(question)] == run.disagreements(question)["row"].tolist()
    everything = run.disagreements()
    listed = [each for each in disputes.about("") if each.asked.question != "How heavy?"]  # in two units: not compared
    assert [each.agreement for each in listed] == pytest.approx(everything["agreement"].tolist())
    assert {each.key for each in listed} == set(zip(everything["row"], everything["question"], strict=True))


def test_a_step_is_one_message_and_the_next_rows_are_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = opened(run)
    before, sent = models(), []
    real = w.Widget._send
    monkeypatch.setattr(w.Widget, "_send", lambda each, *given, **more: sent.append(each) or real(each, *given, **more))
    for to in range(1, 9):
        sent.clear()
        act(panel, act="go", to=to)
        assert sent == [panel.bench.desk]
        assert [item["place"] for item in panel.bench.desk.items] == [to - 1, to, to + 1, to + 2, to + 3]
    assert models() == before
    assert panel.errors == []


def test_a_decision_is_stored_at_once_with_its_reason_and_can_be_withdrawn(run: Run) -> None:
    panel = opened(run)
    ask(panel, "How?")
    decide(panel, "mixed", reason="Both sides.")
    row = current(panel)["id"].partition("\n")[0]
    assert kept(run) == [(row, "How?", "mixed")]
    assert run.adjudications.frame()["explanation"].tolist() == ["Both sides."]
    assert current(panel)["decision"]["words"].startswith("decided: mixed, by you, ")
    assert panel.bench.desk.progress == f"1 of {panel.bench.total} decided"
    assert panel.status.value.words == panel.summary()["Decided"] == panel.bench.desk.progress
    act(panel, act="withdraw", id=current(panel)["id"])
    assert (kept(run), current(panel)["decision"]) == ([], None)
    assert panel.errors == []


def test_several_options_texts_and_numbers_are_decided(run: Run) -> None:
    panel = opened(run)
    for question, given in (("What?", ("price", "quality")), ("Why?", ("My own words.",)), ("How heavy?", ("2.5",))):
        ask(panel, question)
        decide(panel, *given)
        assert current(panel)["decision"]["values"] == list(given)
    desk, number = panel.bench.desk, panel.bench.desk.applied + 1
    wrong = {"n": number, "act": "decide", "id": current(panel)["id"], "values": ["heavy"]}
    desk.set_state({"acts": [wrong, {"n": number + 1, "act": "go", "to": 1}]})
    assert "not a number" in panel.errors.pop()
    assert desk.at == 1  # what was done after it holds
    assert desk.items[0]["decision"]["values"] == ["2.5"]
    assert [value for _, question, value in kept(run) if question == "What?"] == ["price", "quality"]


def test_reopening_goes_on_at_the_first_undecided_row(run: Run) -> None:
    first = opened(run)
    ask(first, "How?")
    for place in (0, 1, 3):
        act(first, act="go", to=place)
        decide(first, "bad")
    keys = [each.key for each in first.bench._list]
    first.close()
    again = opened(pnb.open_run(study_id=run.study_id, client=run.client, data=run.data, ledger=run.ledger))
    assert set(again.bench.decisions) == {keys[0], keys[1], keys[3]}
    ask(again, "How?")
    assert current(again)["id"] == "\n".join(keys[2])
    find(again, w.ToggleButton, "Not decided yet").value = True
    assert again.bench.total == len(keys) - 3
    assert current(again)["id"] == "\n".join(keys[2])


def test_what_is_decided_stays_in_a_list_of_undecided_rows_until_it_is_chosen_again(run: Run) -> None:
    panel = opened(run)
    ask(panel, "How?")
    undecided = find(panel, w.ToggleButton, "Not decided yet")
    undecided.value = True
    total = panel.bench.total
    decide(panel, "good")
    assert (panel.bench.total, panel.bench.decided) == (total, 1)
    undecided.value = False
    undecided.value = True
    assert panel.bench.total == total - 1


def test_choices_say_why_nothing_is_left_and_return(run: Run) -> None:
    panel = opened(run)
    ask(panel, "How?")
    every = panel.bench.total
    pair = find(panel, w.Dropdown, "Labels")
    pair.value = pair.options[1][1]
    assert 0 < panel.bench.total <= every
    assert f"({panel.bench.total})" in pair.options[1][0]
    pair.value = ""
    find(panel, w.Dropdown, "Column").value = "sentiment"
    value, parts = find(panel, w.Dropdown, "Value"), []
    for _, cell in value.options:
        value.value = cell
        parts.append(panel.bench.total)
    assert sum(parts) == every
    for row, question in [each.key for each in panel.bench._list]:
        run.adjudications.decide(row, question, "good")
    find(panel, w.Button, "Reload").click()
    until(lambda: not panel._jobs and panel.bench.decided == panel.bench.total)
    find(panel, w.ToggleButton, "Not decided yet").value = True
    assert "Everything that is chosen here is decided." in shown(panel)
    assert panel.bench.desk.layout.display == "none"
    assert panel.errors == []


def test_names_appear_only_when_the_judge_is_not_blind(run: Run) -> None:
    panel = opened(run)
    people = {each[:8] for each in run.responses()["participant_id"].unique()}
    assert not any(each in str(panel.bench.desk.items) for each in people)
    find(panel, w.ToggleButton, "Blind").value = False
    assert any(each in str(panel.bench.desk.items) for each in people)


def test_the_code_makes_the_same_decisions(run: Run) -> None:
    panel = opened(run)
    ask(panel, "How?")
    decide(panel, "bad", reason='He said "no".')
    ask(panel, "What?")
    decide(panel)
    before = run.adjudications.frame()[["row", "question", "value", "explanation"]]
    lines = [line for line in panel.code().splitlines() if line.startswith("run.adjudications.")]
    assert 'print(run.labels("What?", adjudicated=True))' in panel.code()
    for row, question in {(row, question) for row, question, _ in kept(run)}:
        run.adjudications.withdraw(row, question)
    exec("\n".join(lines), {"run": run})
    assert run.adjudications.frame()[["row", "question", "value", "explanation"]].equals(before)


def test_a_run_without_its_data_shows_what_is_known(run: Run) -> None:
    bare = pnb.open_run(study_id=run.study_id, client=run.client, ledger=run.ledger)
    panel = opened(bare)
    panel.bench._pages._cells = {}  # an upload of another program may lack the columns
    panel.bench._pages.html.cache_clear()
    act(panel, act="go", to=1)
    item = current(panel)
    assert item["html"] == ""
    assert item["title"] == f"Row {item['id'].partition(chr(10))[0]}"
    assert "Open the study together with its data file" in item["missing"]
    decide(panel, item["options"][0]["value"])
    assert len(kept(bare)) == 1
    assert "pnb.open_run(" in panel.code()
    assert panel.errors == []


def test_the_results_have_it_as_a_tab_for_their_question(run: Run) -> None:
    results = Results(run)
    until(lambda: results.answers is not None, 30)
    results._sections.tabs.value = "Decide"
    results._computing.join(30)
    bench = results._views["Decide"]._bench  # type: ignore[attr-defined]
    every = bench.total
    find(results, w.Dropdown, "Question").value = "How?"
    results._computing.join(30)
    assert 0 < bench.total < every
    assert bench.total == len(run.disagreements("How?"))
    bench.desk.set_state({"acts": [{"n": 1, "act": "decide", "id": bench.desk.items[0]["id"], "values": ["good"]}]})
    assert len(kept(run)) == 1
    assert "run.adjudications.decide(" in results.code()
    results._sections.tabs.value = "Labels"
    results._computing.join(30)
    assert "adjudicator" in shown(results)
    run.adjudications.decide(*bench._list[1].key, "bad")  # in a cell of the notebook
    results._sections.tabs.value = "Decide"
    results._computing.join(30)
    assert bench.decided == 2
    assert results.errors == []


def test_without_a_run_or_answers_it_says_so(sandboxed: Any) -> None:
    assert "No study yet." in shown(Disagreements())
    draft = pnb.launch(sandboxed(), pnb.sample_data().head(12), DESIGN, PLAN, on_progress=silent)
    panel = Disagreements(draft)
    until(lambda: "No answers yet." in shown(panel))
    assert panel.errors == []

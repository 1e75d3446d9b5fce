"""The plan panel in plain Python: typing, the estimate, and what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread, current_thread

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.launching.draft_summary import to_be_created
from prolific_nb.panels.planning.cost_estimate import Inputs, estimate
from prolific_nb.panels.planning.cost_table import cost_rows
from prolific_nb.panels.planning.plan_panel import Plan
from prolific_nb.sandbox import Sandbox

from ...conftest import DESIGN, PLAN
from ..find import everything, find, models, parsed, shown, until

STYLES = re.compile("<style>.*?</style>", re.DOTALL)
NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """One sandbox for all: plans and quotes change nothing in it."""
    with Sandbox() as sandbox:
        yield Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")


@pytest.fixture
def panel(client: Client) -> Plan:
    panel = Plan(PLAN, client=client, data=pnb.sample_data(), design=DESIGN)
    panel.estimator.join(60)
    return panel


def text(panel: Plan) -> str:
    """What is written in the panel, without the style sheet."""
    return " ".join(parsed(STYLES.sub("", shown(panel)))[2].split())


def reads(panel: Plan, *words: str) -> None:
    until(lambda: all(word in text(panel) for word in words))


def test_the_quote_is_the_one_that_code_gets(panel: Plan) -> None:
    quote = pnb.quote(panel.client.value, pnb.sample_data(), DESIGN, PLAN)
    said = text(panel)
    assert "Places 120 rows in 20 groups, each answered by 3 different people 60" in said
    assert f"Rewards 60 places at 1.50 GBP {quote.rewards}" in said
    assert f"{quote.fees} Total {quote.total}" in said
    assert "at least the recommended 9.00 GBP; the minimum is 6.00 GBP 15.00 GBP" in said
    assert "pnb-plan" in panel.box._dom_classes
    assert panel.errors == []


def test_the_cost_stays_shown_while_the_design_is_edited(panel: Plan) -> None:
    panel.design.set(DESIGN.write("Anything else?"))
    assert "60 places at 1.50 GBP" in text(panel)
    assert "asking the server" not in text(panel)
    panel.design.set(DESIGN.choose("One more?", ["only one"]))
    reads(panel, "1 finding about the data or the design: see these steps.")
    panel.data.set(pnb.read_data(pnb.sample_data().head(24)))
    assert "asking the server" in text(panel)  # the cost does depend on the rows


def test_typing_makes_a_new_plan_and_a_new_quote(panel: Plan) -> None:
    find(panel, w.Text, "Name").value = "Feelings"
    panel.more.open = True
    find(panel, w.Text, "Description").value = "About reviews."
    find(panel, w.Text, "Reward").value = "0.80"
    find(panel, w.FloatText, "Minutes").value = 7.5
    find(panel, w.IntText, "Annotators per task").value = 5
    find(panel, w.IntText, "Tasks per group").value = 40
    wanted = pnb.StudyPlan(
        "Feelings", reward="0.80", minutes=7.5, annotators_per_task=5, tasks_per_group=40, description="About reviews."
    )
    assert panel.value == wanted
    total = pnb.quote(panel.client.value, pnb.sample_data(), DESIGN, wanted).total
    reads(panel, "15 places", str(total), "0.80 for 7.5 minutes: above the minimum of 6.00 GBP", "Warning")
    find(panel, w.Text, "Reward").value = "0.50"
    reads(panel, "below the minimum of 6.00 GBP", "4.00 GBP", "Error", "below Prolific's minimum")
    assert panel.errors == []


def test_a_whole_number_of_minutes_reads_so_in_code(panel: Plan) -> None:
    find(panel, w.FloatText, "Minutes").value = 8.0
    assert "minutes=8," in panel.show_code()
    names: dict[str, object] = {}
    exec(panel.show_code(), names)
    assert names["plan"] == panel.value


@pytest.mark.parametrize(
    ("kind", "field", "value", "said"),
    [
        (
            w.Text,
            "Name",
            " ",
            "The study has no name. Enter a name; participants see it. Until then the plan uses Reviews.",
        ),
        (w.Text, "Reward", "1,5", "'1,5' is not an amount of money. Enter an amount with its decimals, such as 1.50."),
        (w.Text, "Reward", "0", "The reward must be above 0."),
        (w.FloatText, "Minutes", -1.0, "-1 is not a valid number of minutes."),
        (w.IntText, "Annotators per task", 0, "0 is not a valid number of annotators per task."),
        (w.IntText, "Tasks per group", 0, "0 is not a valid number of tasks per group."),
    ],
)
def test_errors_are_shown_beside_their_field_and_the_plan_is_kept(
    kind: type, field: str, value: object, said: str, panel: Plan
) -> None:
    entry = find(panel, kind, field)
    good, entry.value = entry.value, value
    assert panel.value == PLAN
    assert entry.value == value
    group = next(each for each in everything(panel.box) if entry in getattr(each, "children", ()))
    note = group.children[1]
    assert said in parsed(note.value)[2]
    assert note.layout.display is None
    panel.data.set(pnb.read_data(pnb.sample_data().head(10)))  # a change elsewhere leaves what is being typed alone
    assert (entry.value, said in text(panel)) == (value, True)
    entry.value = good
    assert note.layout.display == "none"
    assert panel.errors == []


def test_two_wrong_fields_are_both_marked_and_fixing_one_keeps_the_other(panel: Plan) -> None:
    find(panel, w.Text, "Reward").value = "x"
    find(panel, w.IntText, "Tasks per group").value = 0
    assert text(panel).count("Error:") == 2
    find(panel, w.IntText, "Tasks per group").value = 6
    assert text(panel).count("Error:") == 1
    panel.held.set(pnb.StudyPlan("Other", reward="1.50", minutes=6, tasks_per_group=6))  # from another view
    assert find(panel, w.Text, "Name").value == "Other"
    assert find(panel, w.Text, "Reward").value == "x"
    assert text(panel).count("Error:") == 1


def test_two_panels_stay_in_sync_without_rewriting_typed_text(client: Client) -> None:
    plan = Observable(PLAN)
    one, two = Plan(plan), Plan(plan)
    find(one, w.Text, "Reward").value = "2.5"
    assert find(two, w.Text, "Reward").value == "2.50"
    assert find(one, w.Text, "Reward").value == "2.5"
    plan.undo()
    assert [find(each, w.Text, "Reward").value for each in (one, two)] == ["1.50", "1.50"]
    assert one.errors + two.errors == []


def test_parts_of_a_plan_without_a_field_are_kept() -> None:
    panel = Plan(pnb.StudyPlan("R", reward="1.50", minutes=6, label="annotation", devices=["desktop"]))
    find(panel, w.Text, "Name").value = "S"
    assert panel.value == pnb.StudyPlan("S", reward="1.50", minutes=6, label="annotation", devices=["desktop"])


def test_without_inputs_it_shows_what_is_known_and_what_the_cost_needs() -> None:
    panel = Plan()
    assert panel.value == pnb.StudyPlan("My study", reward="1.50", minutes=6)
    said = text(panel)
    assert "Hourly pay 1.50 for 6 minutes 15.00" in said
    assert "each group of 10 rows is answered by 3 different people" in said
    assert "known once there is a connection, the data and a design" in said
    assert "The number of participants that fit is known once there is a connection." in said
    panel.data.set(pnb.sample_data())
    assert "120 rows in 12 groups, each answered by 3 different people 36" in text(panel)
    assert "known once there is a connection and a design" in text(panel)


def test_with_only_a_connection_pay_is_compared_with_the_minimum(client: Client) -> None:
    panel = Plan(pnb.StudyPlan("R", reward="0.50", minutes=6), client=client)
    reads(panel, "below the minimum of 6.00 GBP; 9.00 GBP is recommended 5.00 GBP", "Error")


def test_a_new_plan_is_named_after_the_design_until_it_is_named() -> None:
    design = Observable(pnb.Design("First"))
    panel = Plan(design=design)
    assert panel.value.name == "First"
    design.set(pnb.Design("Second"))
    assert (panel.value.name, find(panel, w.Text, "Name").value) == ("Second", "Second")
    find(panel, w.Text, "Name").value = "Mine"
    design.set(pnb.Design("Third"))
    assert panel.value.name == "Mine"
    given = Plan(PLAN, design=design)
    design.set(pnb.Design("Fourth"))
    assert given.value == PLAN


def test_a_button_lifts_the_reward_to_the_recommended_pay(panel: Plan) -> None:
    lift = panel.lift
    assert (lift.layout.display, panel.highlighted.value) == ("none", False)
    find(panel, w.Text, "Reward").value, find(panel, w.FloatText, "Minutes").value = "0.50", 7
    reads(panel, "4.28 GBP per hour is below Prolific's minimum of 6.00 GBP.")
    assert (lift.description, lift.button_style) == ("Lift the reward to 1.05 GBP", "primary")
    assert panel.step().state == "needs attention"
    assert "tasks_per_group" not in text(panel)
    lift.click()
    assert (panel.value.reward, find(panel, w.Text, "Reward").value) == (pnb.Money.parse("1.05"), "1.05")
    reads(panel, "at least the recommended 9.00 GBP", "60 places at 1.05 GBP")
    assert (lift.layout.display, lift.button_style, panel.highlighted.value) == ("none", "", False)
    assert panel.step().state == "done"
    panel.held.undo()
    assert find(panel, w.Text, "Reward").value == "0.50"


def test_the_other_settings_are_typed_too(panel: Plan) -> None:
    panel.more.open = True
    find(panel, w.Text, "Internal name").value = "pilot"
    find(panel, w.Text, "Study label").value = "annotation"
    find(panel, w.Checkbox, "no limit").value = True
    find(panel, w.Textarea, "Completion codes").value = '[{"code": "A", "code_type": "COMPLETED"}]'
    find(panel, w.Textarea, "Further fields").value = '{"is_custom_screening": true}'
    until(lambda: len(find(panel, w.Dropdown, "Project").options) == 2)
    [_, (name, project)] = find(panel, w.Dropdown, "Project").options
    assert name == "Sandbox project"
    find(panel, w.Dropdown, "Project").value = project
    wanted = pnb.StudyPlan(
        "Reviews",
        reward="1.50",
        minutes=6,
        tasks_per_group=6,
        internal_name="pilot",
        label="annotation",
        max_submissions=-1,
        completion_codes=[{"code": "A", "code_type": "COMPLETED"}],
        extra={"is_custom_screening": True},
        project=project,
    )
    assert panel.value == wanted
    find(panel, w.Checkbox, "no limit").value = False
    assert panel.value.max_submissions == 1
    for wrong, said in (
        ("[1", "This is not JSON"),
        ("[]", "This is JSON of another kind"),
        ('{"name": "x"}', "extra sets"),
    ):
        find(panel, w.Textarea, "Further fields").value = wrong
        assert said in text(panel)
        assert panel.value.extra == {"is_custom_screening": True}
    find(panel, w.Textarea, "Further fields").value = ""
    assert panel.value.extra == {}
    assert panel.errors == []


def test_a_reward_in_another_currency_is_a_finding_not_a_failure(panel: Plan) -> None:
    find(panel, w.Text, "Reward").value = "1.50 USD"
    reads(panel, "The reward is 1.50 USD, but the workspace pays in GBP.")
    find(panel, w.Text, "Reward").value = "1.50 GBP"
    reads(panel, "60 places at 1.50 GBP")
    assert panel.errors == []


def test_typing_sends_no_request_on_its_own_thread(panel: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    real = type(panel.client.value.studies).total_cost

    def noting(self: object, reward: int, places: int) -> int:
        threads.append(current_thread().name)
        return real(self, reward, places)

    monkeypatch.setattr(type(panel.client.value.studies), "total_cost", noting)
    for reward in ("1.51", "1.52", "1.53"):
        find(panel, w.Text, "Reward").value = reward
        assert "asking the server…" in text(panel)
    panel.estimator.join(60)
    assert threads == ["debouncer: the quote"]  # only the newest


def test_a_failing_server_is_reported_and_asked_again_at_the_next_keystroke(
    panel: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> int:
        raise pnb.ProlificError("the server is away <b>now</b>")

    with monkeypatch.context() as patch:
        patch.setattr(type(panel.client.value.studies), "total_cost", broken)
        find(panel, w.Text, "Reward").value = "1.60"
        reads(panel, "the server is away <b>now</b>", "the server did not answer")
    assert panel.errors == ["the server is away <b>now</b>"]
    find(panel, w.Text, "Reward").value = "1.70"
    reads(panel, "60 places at 1.70 GBP")


def test_an_older_request_that_fails_does_not_drop_a_newer_one(panel: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked, away = type(panel.client.value.studies).total_cost, Event(), Event()

    def first_breaks(self: object, reward: int, places: int) -> int:
        if asked.is_set():
            return real(self, reward, places)
        asked.set()
        assert away.wait(60)
        raise pnb.ProlificError("the server was away")

    monkeypatch.setattr(type(panel.client.value.studies), "total_cost", first_breaks)
    find(panel, w.Text, "Reward").value = "1.60"
    assert asked.wait(60)
    panel.design.update(lambda design: design.write("Why?"))  # waits for a pause, on a thread of its own
    reads(panel, "60 places at 1.60 GBP")
    away.set()
    panel.estimator.join(60)
    reads(panel, "60 places at 1.60 GBP")
    assert panel.errors == []


def test_text_from_outside_is_escaped(client: Client) -> None:
    design = pnb.Design(NASTY).show("review").choose("How?", ["good", "bad"])
    panel = Plan(client=client, data=pnb.sample_data(), design=design)
    find(panel, w.Text, "Reward").value = NASTY
    panel.estimator.join(60)
    tags, attributes, said = parsed(STYLES.sub("", shown(panel)) + panel.static_card())
    assert not {"script", "img"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert NASTY in said


def test_any_thread_may_type(panel: Plan) -> None:
    def type_names(mark: str) -> None:
        for number in range(30):
            find(panel, w.Text, "Name").value = f"{mark} {number}"

    threads = [Thread(target=type_names, args=(mark,)) for mark in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert panel.value.name == find(panel, w.Text, "Name").value
    assert panel.errors == []


def test_the_static_card_holds_plan_quote_and_code(panel: Plan) -> None:
    card = parsed(panel.static_card())[2]
    assert "1.50 for 6 minutes" in card
    assert "60 places" in card
    assert 'plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=6)' in card


def test_closing_leaves_nothing_behind() -> None:
    plan, data = Observable(PLAN), Observable(None)
    before = models()
    panel = Plan(plan, data=data)
    panel.close()
    assert models() == before
    assert (plan.listeners, data.listeners) == (0, 0)
    plan.set(pnb.StudyPlan("Other", reward="1.50", minutes=6))
    assert panel.errors == []


def test_gold_rows_are_part_of_the_places_and_of_what_is_launched(client: Client) -> None:
    sample = pnb.sample_data().frame
    gold = sample.tail(2)[["review"]].assign(truth="good")
    data = pnb.read_data(sample.head(12)[["review"]]).with_gold(gold, answers={"How?": "truth"})
    design, plan = pnb.Design("R").show("review").choose("How?", ["good", "bad"]), replace(PLAN, tasks_per_group=4)
    inputs = Inputs(client, data, design, plan)
    known = estimate(inputs)
    assert known.quote is not None
    assert (known.quote.tasks, known.quote.gold, list(known.findings.errors)) == (16, 4, [])
    assert "12 rows and 4 gold rows in 4 groups" in cost_rows(inputs, known)["Places"]
    assert "12 rows and 4 gold rows of data; participants see review" in to_be_created(inputs, known)
    assert "16 tasks with 1 question each, in 4 groups" in to_be_created(inputs, known)

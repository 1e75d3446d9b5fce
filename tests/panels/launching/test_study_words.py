"""What is said about a study in each of its states: in the panel, in the step's header, on the saved card."""

from __future__ import annotations

from typing import Any

import pytest

from prolific_nb.panels.launching.study_figures import figures_html, money, pay_words
from prolific_nb.panels.launching.study_words import Known, card_rows, count_words, spent_words, state_words, step_of

from ..find import parsed
from .statuses import gbp, status

TWELVE = [float(n) for n in range(1, 13)]


def known(state: str, filled: list[float] = TWELVE, **changes: Any) -> Known:
    return Known(**{"status": status(filled, state=state), "cost": gbp("81.72"), **changes})


@pytest.mark.parametrize(
    ("one", "state", "words"),
    [
        (known("UNPUBLISHED", []), "to do", "A draft exists, nothing is spent. Publish it: 81.72 GBP of simulated"),
        (known("UNPUBLISHED", [], mode="LIVE"), "to do", "nothing is spent. Publish it: 81.72 GBP of real money."),
        (known("SCHEDULED", []), "running", "is scheduled"),
        (known("PUBLISHING", []), "running", "Being published: 0 of 36 places filled, spent 0.00 GBP"),
        (known("ACTIVE"), "running", "12 of 36 places filled, spent 27.24 GBP of 81.72 GBP, simulated money."),
        (known("ACTIVE", mode="LIVE"), "running", "spent 27.24 GBP of 81.72 GBP, real money."),
        (known("ACTIVE", cap=gbp("120.00")), "running", "spent 27.24 GBP of at most 120.00 GBP"),
        (known("PAUSED"), "needs attention", "Paused: 12 of 36 places filled"),
        (known("AWAITING REVIEW"), "done", "12 of 36 places filled, spent 27.24 GBP"),
        (known("COMPLETED"), "done", "Stopped: 12 of 36 places filled, spent 27.24 GBP"),
        (known("COMPLETED", [1.0] * 36), "done", "36 of 36 places filled, spent 81.72 GBP"),
        (known("ACTIVE", deleted=True), "needs attention", "The study was deleted on Prolific's website"),
        (known("ACTIVE", trouble="No line.\nMore"), "needs attention", "Its state is not known now. No line."),
        (Known(), "running", "Reading the state"),
    ],
)
def test_the_step_says_in_one_line_what_is_true(one: Known, state: str, words: str) -> None:
    step = step_of(one)
    assert step.state == state
    assert words in step.words
    assert "\n" not in step.words


def test_the_card_never_says_that_nothing_is_spent_once_something_may_be() -> None:
    for state in ("PUBLISHING", "ACTIVE", "PAUSED", "AWAITING REVIEW", "COMPLETED", "SOMETHING NEW"):
        rows = card_rows(known(state))
        assert "nothing" not in str(rows)
        assert rows["Spent"] == "27.24 GBP of 81.72 GBP, simulated money"
        assert rows["Places"] == "12 of 36 filled"
    assert card_rows(known("COMPLETED"))["State"] == "stopped at 12 of 36 places"
    deleted = card_rows(known("ACTIVE", deleted=True))
    assert deleted["State"].startswith("deleted")
    assert deleted["Spent"].startswith("27.24 GBP")
    assert card_rows(known("ACTIVE", trouble="No line."))["Not updated"] == "No line."
    assert card_rows(known("UNPUBLISHED", [], mode="LIVE"))["Cost"] == "81.72 GBP of real money, when it is published"
    assert spent_words(known("UNPUBLISHED")) == "nothing"


def test_unknown_states_and_statuses_are_shown_as_the_server_names_them() -> None:
    assert state_words(known("<b>\u202eNEW")) == "<b>\\u202eNEW"
    assert count_words("SCREENED OUT") == "Screened out"
    hostile = known("ACTIVE", status=status([1.0], counts={"<IMG SRC=X>": 3, "TOTAL": 3}))
    tags, _, text = parsed(figures_html(hostile))
    assert "img" not in tags
    assert "<img src=x>" in text


def test_money_is_compared_with_the_cap_or_with_the_cost() -> None:
    assert money(known("ACTIVE", cap=gbp("1100.00"))) == {
        "Spent": "27.24 GBP",
        "Reserved for open places": "54.48 GBP",
        "Left of the cap of 1,100.00 GBP": "1,018.28 GBP",
    }
    beyond = money(known("ACTIVE", cap=gbp("80.00")))
    assert beyond["Left of the cap of 80.00 GBP"] == "0.00 GBP"
    assert beyond["Beyond the cap, such as bonuses"] == "1.72 GBP"
    assert money(known("ACTIVE"))["Cost of all places"] == "81.72 GBP"


def test_pay_below_the_minimum_is_a_warning_in_words() -> None:
    slow = status([20.0], median_minutes=20.0, hourly=gbp("4.50"))
    low, words = pay_words(Known(status=slow, floor=gbp("6.00")))
    assert low
    assert "4.50 GBP (median time 20.0 minutes), below the minimum of 6.00 GBP" in words
    assert "Warning:" in parsed(figures_html(Known(status=slow, floor=gbp("6.00"))))[2]
    assert not pay_words(Known(status=slow, floor=gbp("4.50")))[0]
    assert "not known" in pay_words(Known(status=slow))[1]
    assert "known once" in pay_words(Known(status=status([])))[1]


def test_tables_have_captions_and_row_headers() -> None:
    html = figures_html(known("ACTIVE"))
    assert html.count("<caption>") == 2
    assert html.count('<th scope="row">') == html.count("<td>") == 4

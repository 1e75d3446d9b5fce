"""The course of a study, its forecast in words, and both as a chart."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from prolific_nb.panels.launching.forecast import course, duration, forecast
from prolific_nb.panels.launching.places_chart import chart

from ..find import parsed
from .statuses import START, at, status


def test_a_steady_rate_is_continued() -> None:
    seen = status([10 * n for n in range(1, 13)], places=24)  # a place every ten minutes
    found = forecast(seen)
    assert found is not None
    assert (found.end - START, found.window) == (timedelta(minutes=240), timedelta(minutes=30))
    assert str(found) == "About 2 hours left, at the rate of the last 30 minutes."


def test_the_recent_rate_counts_not_that_of_the_beginning() -> None:
    slow, fast = [60.0 * n for n in range(1, 13)], [720 + n for n in range(1, 5)]
    found = forecast(status([*slow, *fast], places=36))
    assert found is not None
    assert str(found) == "About 20 minutes left, at the rate of the last 4 minutes."


def test_on_live_time_without_answers_makes_the_forecast_later() -> None:
    filled = [10.0 * n for n in range(1, 13)]
    now, later = (forecast(status(filled, places=24, mode="LIVE", as_of=at(minutes))) for minutes in (120, 180))
    assert now is not None
    assert later is not None
    assert later.end > now.end + timedelta(hours=2)


@pytest.mark.parametrize(
    "seen",
    [
        status([], places=12),
        status([5, 6], places=12),  # too few
        status([5, 6, 7], places=3),  # all are filled
        status([5, 6, 7], state="PAUSED"),
        status([5, 6, 7], state="COMPLETED"),
        status([0, 0, 0, 0], places=12),  # no time has passed
    ],
)
def test_there_is_no_forecast_without_a_reason_for_one(seen: object) -> None:
    assert forecast(seen) is None
    assert "pnb-forecast" not in chart(seen, None)


def test_a_standstill_is_never_beyond_the_calendar() -> None:
    found = forecast(status([1, 2, 3], places=10**6, mode="LIVE", as_of=at(60 * 24 * 300)))
    assert found is not None
    assert found.end - found.now == timedelta(days=365)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        *((0, "1 minute"), (1.2, "1 minute"), (19, "19 minutes"), (41, "40 minutes"), (88, "90 minutes")),
        *((91, "2 hours"), (60 * 35, "35 hours"), (60 * 40, "2 days")),
    ],
)
def test_durations_are_as_exact_as_a_forecast_can_be(minutes: float, words: str) -> None:
    assert duration(timedelta(minutes=minutes)) == words


def test_what_was_seen_is_used_where_the_server_does_not_say_when() -> None:
    unknown = status([1, 2, 3, 4], completed=(), as_of=at(5))
    watched = ((at(2), 1), (at(4), 3), (at(5), 4))
    assert course(unknown, watched) == [(START, 0), *watched]
    assert course(status([]), ()) == []


def drawn(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html)


def test_the_chart_has_axes_units_a_dashed_forecast_and_a_text_alternative() -> None:
    seen = status([10 * n for n in range(1, 13)], places=24)
    figure = drawn(chart(seen, forecast(seen)))
    [svg] = figure
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == (
        "Line chart: 12 of 24 places filled after 2 hours. "
        "Dashed line: all are filled after 4 hours, if the rate stays the same."
    )
    texts = [text.text for text in svg.iter("text")]
    assert texts[0] == "Places filled"
    assert texts[-1] == "Sandbox hours since the first start"
    assert {"0", "24", "1", "4"} <= set(texts)
    course_line, dashed = svg.iter("path")
    assert dashed.attrib["class"] == "pnb-forecast"
    assert dashed.attrib["d"].endswith("L1000 0")
    assert course_line.attrib["d"].endswith("H500.0V50.0")  # half of the time, half of the places
    assert "Sandbox" not in chart(status([1, 2], mode="LIVE"), None)


def test_marks_on_the_axes_are_round_and_few() -> None:
    for places, minutes in ((1, 1), (3, 9), (36, 45), (1000, 60 * 24 * 9), (120_000, 60 * 24 * 40)):
        seen = status([minutes], places=places, counts={"AWAITING REVIEW": 1})
        texts = [text.text or "" for text in drawn(chart(seen, None)).iter("text")][1:-1]
        numbers = [int(text.replace(",", "")) for text in texts]
        assert 3 <= len(numbers) <= 13
        assert places in numbers


def test_a_large_study_is_a_small_chart() -> None:
    seen = status([n / 10 for n in range(1, 10_001)], places=20_000)
    html = chart(seen, forecast(seen))
    assert len(html) < 8_000
    assert len(re.findall("H", html)) <= 202
    assert "10,000 of 20,000 places" in parsed(html)[2] + html

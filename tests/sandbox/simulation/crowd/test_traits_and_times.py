"""Reading, typing, drop-out and arrival are those of the figures that the package cites, on large seeded samples."""

from __future__ import annotations

from dataclasses import replace
from math import inf, sqrt
from random import Random
from statistics import fmean, quantiles, stdev
from typing import Any

import pytest

from prolific_nb import People, PersonKind, Wave
from prolific_nb.sandbox.simulation.crowd.built_in_kinds import SHARES
from prolific_nb.sandbox.simulation.crowd.day import PEAK, Day
from prolific_nb.sandbox.simulation.crowd.person_traits import traits_of
from prolific_nb.sandbox.simulation.crowd.time_needed import sit_down
from prolific_nb.sandbox.simulation.crowd.workload import QuestionLoad, Workload
from prolific_nb.sandbox.simulation.recruiting import OpenPlaces, recruit, window

KIND = PersonKind("one", share=1)
CROWD = [traits_of(KIND, 1, number) for number in range(8000)]
MANY = 4.0  # standard errors


def near(found: float, expected: float, error: float) -> bool:
    return abs(found - expected) < MANY * error


def share_is(found: float, expected: float, n: int) -> bool:
    return near(found, expected, sqrt(expected * (1 - expected) / n))


def places(count: int, work: Workload | None = None, groups: int = 1, **more: Any) -> OpenPlaces:
    whole = {"study_id": "s", "group_sizes": (2,) * groups, "annotators": count // groups, "minutes": 5, "limit": 60}
    return OpenPlaces(**{**whole, "workload": work or Workload(((20, 20),) * groups), **more})


def test_people_read_as_fast_as_brysbaert_2019_found() -> None:
    rates = [each.words_per_minute for each in CROWD]
    assert near(fmean(rates), 238, stdev(rates) / sqrt(len(rates)))
    low, high = (quantiles(rates, n=20)[place] for place in (0, -1))
    assert abs(low - 175) < 10  # nine in ten are between
    assert abs(high - 300) < 10


def test_people_type_as_fast_as_dhakal_2018_and_palin_2019_found() -> None:
    desk, phone = ([t.characters_per_minute / 5 for t in CROWD if t.device == name] for name in ("desktop", "mobile"))
    assert near(fmean(desk), 51.56, 20.2 / sqrt(len(desk)))
    assert abs(stdev(desk) - 20.2) < 1.5
    assert near(fmean(phone), 36.2, 14.2 / sqrt(len(phone)))
    assert share_is(len(phone) / len(CROWD), 0.2, len(CROWD))


def test_a_task_takes_the_time_to_read_to_decide_and_to_type() -> None:
    exact = {"reading_spread": 0, "typing_spread": 0, "pace_spread": 0, "time_change": 0, "devices": {"desktop": 1}}
    kind = replace(KIND, words_per_minute=200, typing_words_per_minute=40, seconds_per_question=3, **exact)
    work = Workload(((100,) * 40,), (QuestionLoad(10, True, least=200, most=200), QuestionLoad(10, False)), 80)
    sittings = [sit_down(traits_of(kind, 0, n), work, 0, 5, Random(n)) for n in range(200)]
    assert {each.introduction for each in sittings} == {(80 + 20) * 60 / 200}
    spent = [each.needed - each.introduction for each in sittings]
    expected = 40 * (100 * 60 / 200 + 2 * 3 + 200 * 60 / 200)
    assert near(fmean(spent), expected, stdev(spent) / sqrt(len(spent)))
    assert {each.texts for each in sittings} == {(200,) * 40}


def test_people_get_faster_or_slower_over_a_sitting() -> None:
    work = Workload(((50,) * 40,), (QuestionLoad(10, False),))
    for change in (-0.1, 0.2):
        people = [traits_of(replace(KIND, time_change=change), 0, number) for number in range(300)]
        sittings = [sit_down(each, work, 0, 5, Random(number)) for number, each in enumerate(people)]
        first = fmean(each.ends[9] - each.introduction for each in sittings)
        last = fmean(each.ends[39] - each.ends[29] for each in sittings)
        assert last / first == pytest.approx((1 + change) ** 3, rel=0.05)


@pytest.mark.parametrize("pay", [1.0, 0.5])
def test_drop_out_is_two_percent_per_hundred_items_as_hoerger_2010_found(pay: float) -> None:
    work = Workload(((5,) * 100,), (QuestionLoad(5, False),), pay=pay)
    sittings = [sit_down(each, work, 0, 5, Random(n)) for n, each in enumerate(CROWD[:2500])]
    left = [each.leaves for each in sittings if each.leaves is not None]
    assert share_is(len(left) / len(sittings), 0.02 / pay, len(sittings))
    assert share_is(sum(each <= 50 for each in left) / len(left), 0.5, len(left))


def test_ten_percent_leave_almost_at_once_and_all_places_are_filled() -> None:
    found = recruit(People.mix(careful=1, timeout_rate=0, day_swing=0), 3, places(3000))
    early = [each for each in found if each.outcome == "RETURNED" and not each.tasks]
    assert share_is(len(early) / len(found), 0.1, len(found))
    assert sum(each.outcome == "COMPLETE" for each in found) == 3000


def test_places_are_filled_even_if_nearly_everybody_leaves() -> None:
    people = People.mix(kinds=(replace(KIND, drop_out=0.5),))
    work = Workload(((5,) * 60,), pay=0.1)
    found = recruit(people, 1, places(20, work, group_sizes=(60,), single=0))
    assert sum(each.outcome == "COMPLETE" for each in found) == 20


@pytest.mark.parametrize("begins", [15.5, 3.5, 22.0])
def test_arrivals_follow_the_hours_of_the_day(begins: float) -> None:
    day = Day(0.6, begins)
    hours = [day.moment(day.passed(24 * 3600) * (n + 0.5) / 6_000) / 3600 for n in range(6_000)]
    counted = [0] * 24
    for hour in hours:
        counted[int(hour)] += 1
    rates = [Day(0.6, begins).passed((h + 1) * 3600) - Day(0.6, begins).passed(h * 3600) for h in range(24)]
    chi = sum((n - 250 * rate / 3600) ** 2 / (250 * rate / 3600) for n, rate in zip(counted, rates, strict=True))
    assert chi < 1  # no sampling error: they are spread evenly
    assert counted[int((PEAK - begins) % 24)] == pytest.approx(400, rel=0.02)
    assert day.passed(day.moment(12_345)) == pytest.approx(12_345, abs=0.01)


def test_arrivals_of_a_study_pass_a_chi_square_test_of_the_model() -> None:
    """Under the model, (time at the mean rate / window) ** (1 / 1.2) is uniform."""
    people, n = People.mix(careful=1, return_rate=0, timeout_rate=0, slow_start=8), 2000
    work = Workload(((20, 20),), begins=20)
    day = Day(people.day_swing, 20)
    found = recruit(people, 5, places(n, work))
    uniform = [(day.passed(each.started) / (8 * window(n))) ** (1 / 1.2) for each in found]
    counted = [sum(place <= 20 * each < place + 1 for each in uniform) for place in range(20)]
    assert sum(counted) == n
    assert sum((each - n / 20) ** 2 / (n / 20) for each in counted) < 43.8  # chi-square, 19 degrees, 0.999
    assert max(each.started for each in found) > 6 * 3600


def test_a_slow_start_and_places_that_do_not_fill() -> None:
    usual, slow = (
        recruit(People(return_rate=0, timeout_rate=0, slow_start=each), 1, places(100)) for each in (1.0, 5.0)
    )
    assert [5 * each.started for each in usual] == pytest.approx([each.started for each in slow])
    some = recruit(People(fills=0.7), 1, places(100, groups=5))
    done = [each.group for each in some if each.outcome == "COMPLETE" and each.started < inf]
    assert [done.count(group) for group in range(5)] == [14] * 5
    waiting = [each.group for each in some if each.started == inf]  # for people who take part by a link
    assert [waiting.count(group) for group in range(5)] == [6] * 5


def test_kinds_are_drawn_with_their_shares_and_a_person_stays_the_same() -> None:
    people = People.mix()
    kinds = [people.person(2, number).traits.kind.name for number in range(5000)]  # type: ignore[union-attr]
    for name, share in SHARES.items():
        assert share_is(kinds.count(name) / 5000, share, 5000)
    assert people.person(2, 7) == replace(people, fills=0.5).person(2, 7) != people.person(3, 7)


def test_a_wave_brings_its_kinds_in_its_part_of_the_window_only() -> None:
    people = People.mix(careful=1, return_rate=0, timeout_rate=0, day_swing=0, waves=(Wave(0.4, 0.6, spammer=0.5),))
    found = recruit(people, 4, places(1500))
    opened = window(1500)
    within = [each for each in found if 0.4 <= each.started / opened < 0.6]
    spam = [each for each in found if each.person.traits and each.person.traits.kind.name == "spammer"]
    assert {id(each) for each in spam} <= {id(each) for each in within}
    assert share_is(len(spam) / len(within), 0.5, len(within))


def test_some_take_part_twice_but_never_on_the_same_tasks() -> None:
    found = recruit(People.mix(repeats=0.1, day_swing=0), 6, places(1000, groups=20))
    by_person: dict[int, list[int]] = {}
    for each in found:
        by_person.setdefault(each.person.number, []).append(each.group)
    twice = [groups for groups in by_person.values() if len(groups) == 2]
    assert max(map(len, by_person.values())) == 2
    assert all(len(set(groups)) == 2 for groups in twice)
    assert share_is(len(twice) / len(by_person), 0.1, len(by_person))
    once = recruit(People.mix(day_swing=0), 6, places(1000, groups=20))
    assert len({each.person.number for each in once}) == len(once)


def test_only_people_with_an_admitted_device_take_part() -> None:
    work = Workload(((20, 20),), devices=("mobile",))
    found = recruit(People.mix(careful=1), 1, places(100, work))
    assert {each.person.traits.device for each in found if each.person.traits} == {"mobile"}
    stubborn = People.mix(kinds=(replace(KIND, devices={"desktop": 1}),))
    assert len(recruit(stubborn, 1, places(3, work))) >= 3  # devices are not enforced: the study does not hang

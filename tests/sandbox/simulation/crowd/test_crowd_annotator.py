"""How people of a kind answer, each behaviour on a sample that is large enough to see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import sqrt
from random import Random
from typing import Any

import pytest

from prolific_nb import PersonKind
from prolific_nb.sandbox.simulation.crowd.crowd_annotator import CrowdAnnotator
from prolific_nb.sandbox.simulation.crowd.person_traits import traits_of
from prolific_nb.sandbox.simulation.crowd.written_reasons import words_of
from prolific_nb.sandbox.simulation.participants import Person
from prolific_nb.sandbox.simulation.simulated_answers import QuestionInstance, answer
from prolific_nb.sandbox.storage.ids import Ids

IDS = Ids(0)
TONE: dict[str, Any] = {"type": "multiple_choice", "description": "Tone?", "answer_limit": 1,
                        "options": [{"label": each, "value": each} for each in ("a", "b", "c", "d")]}  # fmt: skip
SCALE = {**TONE, "options": [{"label": str(each), "value": each} for each in range(1, 6)]}
CHECK = {**TONE, "description": "Please choose “c”."}
WHY: dict[str, Any] = {"type": "free_text", "description": "Why?"}


def rows(count: int, intended: str = "b", clear: bool = False) -> list[QuestionInstance]:
    keys = (f"row {n}" for n in range(count))
    return [QuestionInstance(key, intended, IDS.fraction("hardness", key), (), clear) for key in keys]


def given(kind: PersonKind, item: dict[str, Any], subjects: list[QuestionInstance], people: int = 1) -> list[list[Any]]:
    """The values that each of some people answers."""
    found = []
    for number in range(people):
        traits = traits_of(kind, 0, number)
        person = Person(number, traits.skill, traits.pace, traits.leaning, traits)
        who = CrowdAnnotator(person, IDS, Random(number), traits=traits, questions=1)
        found.append([answer(item, each, who)[0]["value"] for each in subjects])
    return found


def share_is(found: float, expected: float, n: int) -> bool:
    return abs(found - expected) < 4 * sqrt(expected * (1 - expected) / n)


@pytest.mark.parametrize("skill", [0.55, 0.84, 0.95])
def test_the_skill_is_the_share_of_right_answers_over_easy_and_hard_rows(skill: float) -> None:
    [found] = given(PersonKind("one", skill=skill, skill_spread=0, tires=0), TONE, rows(6000))
    assert share_is(found.count("b") / 6000, skill, 6000)


def test_the_skill_spreads_as_in_the_data_of_snow_2008() -> None:
    drawn = [traits_of(PersonKind("one"), 0, number).skill for number in range(3000)]
    mean = sum(drawn) / len(drawn)
    assert abs(mean - 0.84) < 0.01  # a little lower, since nobody is above 0.99
    assert abs(sqrt(sum((each - mean) ** 2 for each in drawn) / len(drawn)) - 0.1) < 0.015


def test_an_option_may_be_harder_than_the_others() -> None:
    kind = PersonKind("one", skill=0.9, skill_spread=0, tires=0, by_option={"c": 0.4})
    [easy], [hard] = given(kind, TONE, rows(3000, "b")), given(kind, TONE, rows(3000, "c"))
    assert share_is(easy.count("b") / 3000, 0.9, 3000)
    assert share_is(hard.count("c") / 3000, 0.4, 3000)


def test_errors_on_a_scale_are_neighbours() -> None:
    kind = PersonKind("one", skill=0.5, skill_spread=0, neighbours=0.8)
    [found] = given(kind, SCALE, rows(4000, "3"))
    wrong = [each for each in found if each != 3]
    assert share_is(sum(each in (2, 4) for each in wrong) / len(wrong), 0.8 + 0.2 * 0.5, len(wrong))


@pytest.mark.parametrize(("habit", "option"), [("first", "a"), ("last", "d")])
def test_a_side_bias_gives_the_same_place_whatever_is_shown(habit: str, option: str) -> None:
    kind = PersonKind("one", skill=0.99, skill_spread=0, tires=0, bias=0.4, habit=habit)
    [found] = given(kind, TONE, rows(3000))
    assert share_is(found.count(option) / 3000, 0.4, 3000)


def test_straight_liners_have_favourites_of_their_own_and_spammers_none() -> None:
    liners = given(PersonKind("one", bias=1), TONE, rows(20), people=200)
    assert all(len(set(each)) == 1 for each in liners)
    assert len({each[0] for each in liners}) == 4
    [spam] = given(PersonKind("one", guesses=1), TONE, rows(4000))
    assert all(share_is(spam.count(option) / 4000, 0.25, 4000) for option in "abcd")


def test_people_get_less_careful_over_a_sitting() -> None:
    found = given(PersonKind("one", skill_spread=0, tires=0.5), TONE, rows(100), people=150)
    first, last = (sum(each[part].count("b") for each in found) for part in (slice(0, 20), slice(80, 100)))
    assert first - last > 300  # of 3,000


def test_a_view_is_shared_by_its_people_on_the_contested_rows_but_not_on_gold() -> None:
    kind = PersonKind("one", skill=0.99, skill_spread=0, tires=0, view="minority", contested=0.3)
    found = given(kind, TONE, rows(1000), people=7)
    usual = [Counter(row).most_common(1)[0][0] for row in zip(*found, strict=True)]
    assert share_is(sum(each != "b" for each in usual) / 1000, 0.3, 1000)
    other = given(replace(kind, view="another"), TONE, rows(1000), people=7)
    theirs = [Counter(row).most_common(1)[0][0] for row in zip(*other, strict=True)]
    assert [each == "b" for each in usual] == [each == "b" for each in theirs]
    assert usual != theirs
    [gold] = given(kind, TONE, rows(1000, clear=True))
    assert gold.count("b") > 950


@pytest.mark.parametrize("share", [0.3, 0.95])
def test_attention_checks_are_passed_with_their_probability(share: float) -> None:
    [found] = given(PersonKind("one", checks=share, guesses=0.5), CHECK, rows(3000))
    assert share_is(found.count("c") / 3000, share, 3000)


def test_numbers_of_guessers_say_nothing_of_the_row() -> None:
    number = {**WHY, "validation": {"type": "number", "min": 0, "max": 100}}
    [guessed], [read] = (given(PersonKind("one", guesses=each), number, rows(500, "90")) for each in (1, 0))
    assert sum(abs(float(each) - 90) < 1 for each in read) > 350
    assert 40 < sum(map(float, guessed)) / 500 < 60


def test_texts_are_about_the_row_and_as_long_as_planned() -> None:
    shown = ("The <strong>breakfast</strong> was cold, the waiter friendly, the terrace sunny.",)
    subject = QuestionInstance("row", "", 0.5, shown)
    traits = traits_of(PersonKind("one"), 0, 0)
    who = CrowdAnnotator(Person(0, 0.8, 1, 0.5, traits), IDS, Random(0), (80,) * 300, traits=traits, questions=1)
    texts = [answer(WHY, subject, who)[0]["value"] for _ in range(300)]
    assert len(set(texts)) > 290
    assert abs(sum(map(len, texts)) / 300 - 80) < 10
    words = ("breakfast", "cold", "waiter", "friendly", "terrace", "sunny")
    assert all(any(word in text.casefold() for word in words) for text in texts)
    assert not any("<" in text or "strong" in text.casefold().split() for text in texts)
    bounded = {**WHY, "validation": {"type": "string", "min": 150, "max": 160}}
    assert all(150 <= len(answer(bounded, subject, who)[0]["value"]) <= 160 for _ in range(50))


def test_who_pastes_has_one_text_however_long_it_must_be() -> None:
    traits = traits_of(PersonKind("one", pastes=1), 0, 0)
    who = CrowdAnnotator(Person(0, 0.8, 1, 0.5, traits), IDS, Random(0), (0,) * 20, traits=traits, questions=1)
    bounded = {**WHY, "validation": {"type": "string", "min": 150}}
    texts = {answer(item, each, who)[0]["value"] for item in (WHY, bounded) for each in rows(10)}
    assert len(texts) == 2
    assert max(map(len, texts)) >= 150


def test_a_reason_names_words_of_the_row_and_no_parts_of_its_html() -> None:
    assert words_of(("<em>Fresh</em>&nbsp;fish &quot;daily&quot;",)) == ("Fresh", "fish", "daily")

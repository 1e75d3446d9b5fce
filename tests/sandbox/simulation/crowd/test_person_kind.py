"""Kinds and mixtures as values: checked, written as code, with a source for every figure."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb import People, PersonKind, Wave
from prolific_nb.errors import ArgumentError
from prolific_nb.sandbox.simulation.crowd import crowd_figures

CROWDS = (
    People(),
    People(skill=0.9, fills=0.5, waves=(Wave(0, 0.5, spammer=0.5),)),
    People.mix(),
    People.mix(spammer=0.2, day_swing=0.0, return_rate=0.05),
    People.mix(kinds=(PersonKind("expert", share=0.25, skill=0.95, by_option={"good": 0.5}),), repeats=0.1),
    People.mix(hurried=0.1, kinds=(PersonKind("spammer", share=0.1, guesses=0.5),), waves=(Wave(0.2, 0.4, spammer=1),)),
    People(kinds=(PersonKind("a", share=0.5), PersonKind("careful", share=0.5)), pace_spread=0.5),
)


@pytest.mark.parametrize("people", CROWDS)
def test_people_are_rebuilt_by_what_they_print(people: People) -> None:
    assert eval(people.to_code(), {"pnb": pnb}) == people
    assert eval(repr(people), {"People": People, "PersonKind": PersonKind, "Wave": Wave}) == people
    assert pickle.loads(pickle.dumps(people)) == people
    assert hash(replace(people)) == hash(people)


def test_plain_people_print_as_ever() -> None:
    written = "People(skill=0.82, skill_spread=0.08, pace_spread=0.25, return_rate=0.05, timeout_rate=0.02)"
    assert repr(People()) == written


def test_a_kind_and_a_wave_name_everything_that_is_wrong_at_once() -> None:
    wrong: dict[str, Any] = {"skill": 1.2, "habit": "middle", "devices": {"watch": 1}, "words_per_minute": float("nan")}
    with pytest.raises(ArgumentError) as found:
        PersonKind("two words", bias=0.7, guesses=0.7, contested=0.1, by_option=3, **wrong)  # type: ignore[arg-type]
    for name in ("name", "by_option", "contested", "bias and guesses", *wrong):
        assert f"- {name}" in str(found.value)
    with pytest.raises(ArgumentError, match=r"start is 2.*\n- spammer is 'x'"):
        Wave(2, 0.5, spammer="x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: People.mix(careful=0.5, spammer=0.2), "sum to 0.7, but must sum to 1"),
        (lambda: People.mix(spammer=0.7, hurried=0.7), "sum to 1.4, above 1"),
        (lambda: People.mix(spammer=0.1, kinds=(PersonKind("spammer", share=0.1),)), "2 kinds with the name 'spammer'"),
        (lambda: People.mix(careful=0), "sum to 0, but must sum to 1"),
        (lambda: People.mix(kinds=5), "kinds is 5, an int. Pass a list"),  # type: ignore[arg-type]
        (lambda: People(waves=5), "waves is 5, an int. Pass a list"),  # type: ignore[arg-type]
        (lambda: People(waves=(Wave(0, 1, martian=0.5),)), "'martian', which is unknown. Use one of careful, hurried"),
        (lambda: People(fills=2, slow_start=0, day_swing=1), r"fills is 2.*\nslow_start is 0.*\nday_swing is 1"),
    ],
)
def test_a_mixture_that_cannot_be_is_refused(make: Any, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        make()


def test_values_are_not_changed() -> None:
    kind, wave = PersonKind("one"), Wave(0, 1, spammer=0.1)
    with pytest.raises(FrozenInstanceError):
        kind.skill = 0.5  # type: ignore[misc]
    with pytest.raises(AttributeError, match="not changed"):
        wave.start = 0.5
    with pytest.raises(TypeError):
        kind.devices["mobile"] = 1  # type: ignore[index]


def test_every_figure_has_its_source_or_is_called_an_assumption() -> None:
    people = People.mix(
        kinds=(PersonKind("expert", share=0.1, words_per_minute=300),), waves=(Wave(0, 1, spammer=0.1),)
    )
    found = people.assumptions().set_index("figure")
    assert set(found["source"].dropna()) > {"assumption"}
    named = {each.name for each in fields(PersonKind)} - {"name"}
    for kind in ("careful", "expert", "spammer"):
        assert {f"{kind}: {name}" for name in named} <= set(found.index)
    assert found.loc["careful: words_per_minute", "source"].startswith("Brysbaert 2019")
    assert found.loc["expert: words_per_minute", "source"] == "assumption"  # the figure is the researcher's own
    assert found.loc["return_rate", "source"].startswith("Hoerger 2010")
    assert found.loc["typing on a phone, as a share of typing on a keyboard", "source"].startswith("Palin et al. 2019")
    assert set(People().assumptions()["source"]) == {"assumption"}


def test_no_figure_of_the_simulation_is_left_out_of_the_assumptions() -> None:
    """Of people without a kind and, in a wave, of a kind."""
    used = [value for name, value in vars(crowd_figures).items() if name.isupper() and name != "WINDOW"]
    found = People(waves=(Wave(0, 1, spammer=0.1),)).assumptions()
    general = found[found["figure"].str.contains(" ") & ~found["figure"].str.contains(":")]
    assert Counter(map(repr, used)) <= Counter(map(repr, general["value"]))


def test_a_share_of_zero_is_a_share() -> None:
    assert People.mix(spammer=0) == People.mix(hurried=0.0, dissenter=0.0) == People.mix(careful=1)
    assert People.mix() != People.mix(spammer=0)

"""Filters, filter sets and counts of eligible participants, through the client."""

from __future__ import annotations

import pytest

import prolific_nb as pnb
from prolific_nb.errors import ApiError

AGE, COUNTRY = "age", "current-country-of-residence"
YOUNG = pnb.Filter(AGE, between=(18, 59))


@pytest.fixture
def client() -> pnb.Client:
    return pnb.connect()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("country live", [COUNTRY]),
        ("GERMANY", [COUNTRY, "nationality"]),
        ("german", [COUNTRY, "fluent-languages", "nationality", "first-language"]),
        ("horse", []),
    ],
)
def test_filters_are_found_by_words_in_any_case_and_order(client: pnb.Client, words: str, found: list[str]) -> None:
    assert [each.filter_id for each in client.filters.search(words)] == found


def test_a_search_shows_three_matching_choices_and_the_others_are_listed(client: pnb.Client) -> None:
    (found,) = [each for each in client.filters.search("united") if each.filter_id == "nationality"]
    assert found.choices == {"0": "United Kingdom", "1": "United States", "121": "United Arab Emirates"}
    every = {each.id: each.label for each in client.filters.choices("nationality")}
    assert len(every) > 100
    assert found.choices.items() <= every.items()
    assert {each.id for each in client.filters.choices("nationality", "UNITED k")} == {"0"}
    assert "choices" not in next(each for each in client.filters.list() if each.filter_id == "nationality")
    (groups,) = client.filters.search("exclude members groups")
    assert (groups.filter_id, groups.choices_included) == ("participant_group_blocklist", False)


def test_more_filters_match_fewer_participants(client: pnb.Client) -> None:
    everybody = client.eligible([])
    half = client.eligible([YOUNG])
    assert half == pytest.approx(everybody / 2)  # 18 to 59 of 18 to 100
    british = pnb.Filter(COUNTRY, any_of=["0"])
    both = client.eligible([YOUNG, british])
    assert both == pytest.approx(everybody / 10)
    either = client.eligible([{"filter_id": "or", "selected_filters": [YOUNG.to_api(), british.to_api()]}])
    assert half < either < everybody
    nested = {"filter_id": "and", "selected_filters": [YOUNG.to_api(), british.to_api()]}
    assert client.eligible([nested]) == both
    assert client.eligible([pnb.Filter(AGE, between=(100, None))]) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (pnb.Filter("aje", between=(18, 30)), "no filter aje. Did you mean age"),
        (pnb.Filter(COUNTRY, any_of=["0", "99"]), "has no choice 99"),
        (pnb.Filter(AGE, any_of=["18"]), "is a range filter"),
    ],
)
def test_unknown_filters_are_refused_by_name(client: pnb.Client, wrong: pnb.Filter, said: str) -> None:
    with pytest.raises(ApiError, match=said):
        client.eligible([YOUNG, wrong])
    with pytest.raises(ApiError, match=said):
        client.filter_sets.create(client.workspace_id, "Wrong", [wrong])
    assert "Wrong" not in [each.name for each in client.filter_sets.list(client.workspace_id)]


def test_a_changed_set_is_a_new_version_and_the_old_one_stays(client: pnb.Client) -> None:
    sets = client.filter_sets
    made = sets.create(client.workspace_id, "Young", [YOUNG])
    changed = sets.update(made.id, filters=[pnb.Filter(AGE, between=(18, 30))])
    assert (made.version, changed.version, changed.name) == (1, 2, "Young")
    assert sets.get(made.id).filters[0]["selected_range"]["upper"] == 30
    assert sets.get(made.id, version=1).filters == [YOUNG.to_api()]
    with pytest.raises(ApiError) as never:
        sets.get(made.id, version=7)
    assert never.value.status == 404


def test_a_locked_set_cannot_change_and_its_clone_can(client: pnb.Client) -> None:
    sets = client.filter_sets
    made = sets.create(client.workspace_id, "Locked", [YOUNG])
    assert sets.lock(made.id).is_locked
    for change in (lambda: sets.update(made.id, name="Other"), lambda: sets.delete(made.id)):
        with pytest.raises(ApiError, match="Unlock it first"):
            change()
    clone = sets.clone(made.id, "Free")
    assert (clone.name, clone.is_locked, clone.version, clone.filters) == ("Free", False, 1, made.filters)
    sets.unlock(made.id)
    assert sets.update(made.id, name="Other").name == "Other"
    sets.delete(made.id)
    assert [each.name for each in sets.list(client.workspace_id)] == ["Free"]

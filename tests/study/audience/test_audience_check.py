"""The audience of a plan, checked in `quote` and `launch`; the catalogue's own words are the judge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.progress import silent
from prolific_nb.errors import InputError, PlanError
from prolific_nb.sandbox import Sandbox

from ...conftest import DESIGN, PLAN, Connect

COUNTRY = "current-country-of-residence"
GONE = "f" * 24
DATA = pnb.read_data(pnb.sample_data().head(12))
F = pnb.Filter
Absent = Callable[[str, int], None]


@pytest.fixture
def client(sandboxed: Connect) -> Client:
    return sandboxed()


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Absent:
    """Makes a server answer paths that match a pattern with a status, as one without these operations does."""

    def make(pattern: str, status: int) -> None:
        def without(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            if not re.search(pattern, str(request.url)):
                return inner(self, request, **options)
            response = requests.Response()
            response.status_code, response.request, response.url = status, request, str(request.url)
            response._content = b'{"error": {"status": %d, "title": "No", "detail": "Not here."}}' % status
            response.headers["Content-Type"] = "application/json"
            return response

        inner = requests.Session.send
        monkeypatch.setattr(requests.Session, "send", without)

    return make


def quoted(client: Client, *filters: Any, **options: Any) -> pnb.Quote:
    return pnb.quote(client, DATA, DESIGN, replace(PLAN, filters=filters, **options))


def levels(quote: pnb.Quote) -> list[str]:
    return [each.level for each in quote.findings]


REFUSED = [
    (F("nationalty", any_of=["3"]), "Did you mean 'nationality'"),
    (F("current_country_of_residence", any_of=["3"]), f"Did you mean '{COUNTRY}'"),
    (F("Student status", any_of=["0"]), "Did you mean 'student-status'"),
    (F("languages", any_of=["0"]), "Did you mean 'fluent-languages'"),
    (F("xyzzy", any_of=["0"]), "client.filters.search"),
    (F(COUNTRY, any_of=["Germany"]), r"label of choice '3'.*any_of=\['3'\]"),
    (F("nationality", any_of=["0", "switzerland"]), r"label of choice '\d+'"),
    (F("sex", any_of=["Femal"]), r"Did you mean '1' \(Female\)"),
    (F("sex", any_of=["99"]), r"Its choices are '0' \(Male\), '1' \(Female\)"),
    (F("age", any_of=["18"]), r"is a range, .*between=\(18, 100\)"),
    (F("sex", between=(0, 1)), "has choices, but between="),
    (F("age", between=(101, 120)), r"18 to 100, so nobody"),
    (F("approval_rate", between=(None, -1)), r"0 to 100, so nobody"),
    (F("age", between=("young", None)), "'young' is not a valid end"),
    (F("age", between=(18.5, None)), "18.5 is not a valid end"),
    (F("age", between=("2001-02-03", None)), "'2001-02-03' is not a valid end"),
    (F.only(groups=[GONE]), "no participant group"),
    (F.exclude(groups=["nope"]), "no participant group 'nope'"),
    (F.only(studies=[GONE]), "no study"),
    (F.exclude(studies=["my pilot/1"]), "no study 'my pilot/1'"),
    (F("participant_group_allowlist", between=(1, 2)), r"any_of=\[\.\.\.\]"),
    (F.any(F("age", between=(18, 30)), F.all(F("sex", any_of=["0"]), F("handednes", any_of=["0"]))), "'handedness'"),
]


@pytest.mark.parametrize(("wrong", "telling"), REFUSED, ids=[str(each)[:60] for each, _ in REFUSED])
def test_an_audience_that_does_not_exist_is_an_error_before_anything_is_created(
    wrong: Any, telling: str, client: Client
) -> None:
    found = quoted(client, wrong)
    assert [re.search(telling, str(each)) is not None for each in found.findings.errors] == [True]
    assert found.eligible is None
    with pytest.raises(PlanError, match=telling):
        pnb.launch(client, DATA, DESIGN, replace(PLAN, filters=[wrong]), on_progress=silent)
    assert list(client.batches.list(client.workspace_id)) == []
    assert list(client.studies.list()) == []


def test_all_errors_of_the_inputs_and_the_audience_are_raised_together(client: Client) -> None:
    plan = replace(PLAN, reward="0.10", filters=[F("nationalty", any_of=["3"]), F("age", between=(101, None))])
    with pytest.raises(PlanError) as low:
        pnb.launch(client, DATA, DESIGN, plan, on_progress=silent)
    assert [each.place for each in low.value.findings] == ["pay", "filters", "filters"]
    with pytest.raises(InputError) as both:
        pnb.launch(client, DATA, DESIGN.show("absent"), plan, on_progress=silent)
    assert len(both.value.findings) > 3


def test_names_lead_to_the_ids_of_groups_studies_and_sets(client: Client) -> None:
    group = client.groups.create(client.workspace_id, "Wave 1", [])
    study = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent).study_id
    made = client.filter_sets.create(client.workspace_id, "Young adults", [F("age", between=(18, 30))])
    for found, ident in (
        (quoted(client, F.only(groups=["wave-1"])), group.id),
        (quoted(client, F.exclude(studies=[PLAN.name])), study),
        (quoted(client, filter_set_id="young adults"), made.id),
    ):
        assert f"Did you mean '{ident}'" in str(found.findings.errors)
    assert "its newest is 1" in str(quoted(client, filter_set_id=made.id, filter_set_version=3).findings.errors)
    existing = quoted(client, F.exclude(groups=[group.id]), F.exclude(studies=[study]))
    assert [each for each in levels(existing) if each != "warning"] == []
    assert "There is no" not in str(existing.findings)
    assert levels(quoted(client, filter_set_id=made.id)) == []


def test_the_quote_shows_how_many_fit(client: Client) -> None:
    young, women = F("age", between=(18, 59)), F("sex", any_of=["1"])
    everyone = quoted(client).eligible
    assert everyone is not None
    made = client.filter_sets.create(client.workspace_id, "Young women", [young, women])
    assert quoted(client, young).eligible == everyone // 2  # 18 to 59 of 18 to 100, as the sandbox spreads ages
    assert quoted(client, young, women).eligible == everyone // 4 == quoted(client, filter_set_id=made.id).eligible
    assert quoted(client, F.any(young, women)).eligible == everyone * 3 // 4
    shown = quoted(client, young)
    assert f"{everyone // 2:,} participants" in str(shown)
    assert f"{everyone // 2:,} participants" in shown._repr_html_()
    assert levels(shown) == []


def test_too_few_participants_are_a_warning_and_zero_may_mean_up_to_24(client: Client) -> None:
    people = [f"{number:024x}" for number in range(1, 31)]
    few = client.groups.create(client.workspace_id, "Few", people[:3])
    some = client.groups.create(client.workspace_id, "Some", people)
    zero = quoted(client, F.only(groups=[few.id]))
    assert (zero.eligible, levels(zero)) == (0, ["warning"])
    assert re.search(r"0 participants .* 0 to 24; the study needs 6 different participants", str(zero.findings))
    assert "0 to 24 participants" in str(zero)
    assert levels(quoted(client, F.only(groups=[some.id]))) == []
    many = quoted(client, F.only(groups=[some.id]), annotators_per_task=31)
    assert re.search(r"Only 30 participants fit .* needs 62 different", str(many.findings))
    again = quoted(client, F.only(groups=[some.id]), annotators_per_task=30, max_submissions=2)
    assert levels(again) == []
    pnb.launch(client, DATA, DESIGN, replace(PLAN, filters=[F.only(groups=[few.id])]), on_progress=silent)


def test_a_range_beyond_the_values_is_a_warning_and_a_wrong_participant_id_too(client: Client) -> None:
    wide = quoted(client, F("age", between=(10, 200)))
    assert levels(wide) == ["warning"]
    assert "10 and 200 in between=(10, 200) has no effect" in str(wide.findings)
    named = quoted(client, F.exclude(participants=["me@example.org", "a" * 24]))
    assert levels(named) == ["warning"]
    assert "'me@example.org', which does not look like a participant ID" in str(named.findings)


def test_a_live_plan_with_exclusions_can_be_rehearsed_and_is_refused_live(sandboxed: Connect) -> None:
    client, live = sandboxed(), sandboxed(mode="LIVE")
    for excluding in (F.exclude(groups=[GONE]), F.exclude(studies=[GONE])):
        rehearsed = quoted(client, excluding)
        assert levels(rehearsed) == ["warning"]
        assert "In the sandbox it excludes no one" in str(rehearsed.findings)
        assert levels(quoted(live, excluding)) == ["error"]
        pnb.launch(client, DATA, DESIGN, replace(PLAN, filters=[excluding]), again=excluding.id, on_progress=silent)


# --- servers that have less ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 501])
def test_an_unreadable_catalogue_prevents_nothing(client: Client, absent: Absent, status: int) -> None:
    group = client.groups.create(client.workspace_id, "Wave 1", [])
    absent(r"/filters/|/eligibility-count/|/participant-groups/", status)
    chosen = [F("age", between=(18, 30)), F.exclude(groups=[group.id])]
    found = quoted(client, *chosen)
    assert found.eligible is None
    assert set(levels(found)) == {"note"}
    assert all(f"returned {status}" in str(each) for each in found.findings)
    assert pnb.launch(client, DATA, DESIGN, replace(PLAN, filters=chosen), on_progress=silent).study_id


def test_a_filter_set_that_cannot_be_read_prevents_nothing(client: Client, absent: Absent) -> None:
    made = client.filter_sets.create(client.workspace_id, "Young", [F("age", between=(18, 30))])
    absent("/filter-sets/", 403)
    assert levels(quoted(client, filter_set_id=made.id)) == ["note"]


def test_what_the_count_refuses_is_an_error_even_without_a_catalogue(client: Client, absent: Absent) -> None:
    absent(r"/filters/", 501)
    found = quoted(client, F("nationalty", any_of=["3"]))
    assert sorted(levels(found)) == ["error", "note"]
    assert "Did you mean nationality" in str(found.findings.errors)


@pytest.mark.parametrize(
    ("pattern", "level", "telling"),
    [
        (r"/choices/search/", "error", "no choice 'Atlantis'"),  # the list has all choices
        (r"/choices/\?", "note", "'Atlantis' of filter 'nationality' was not checked"),
        (r"/choices/", "note", "was not checked"),
    ],
)
def test_choices_that_the_catalogue_leaves_out_are_looked_up(
    client: Client, absent: Absent, pattern: str, level: str, telling: str
) -> None:
    absent(f"{pattern}|/eligibility-count/", 404)  # else the sandbox's count would name the choice
    found = quoted(client, F("nationality", any_of=["Atlantis"]))
    about = [each for each in found.findings if "number of participants" not in each.what]
    assert [each.level for each in about] == [level]
    assert telling in str(about[0])


def test_a_label_is_found_by_search_where_choices_cannot_be_listed(client: Client, absent: Absent) -> None:
    absent(r"/choices/\?", 404)
    found = quoted(client, F("nationality", any_of=["Germany"]))
    assert "that is the label of choice '3'" in str(found.findings.errors)


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_search_without_its_endpoint_reads_the_list(client: Client, absent: Absent, status: int) -> None:
    before = [each.filter_id for each in client.filters.search("approved submissions")]
    absent("/filters/search/", status)
    assert [each.filter_id for each in client.filters.search("approved submissions")] == before
    assert len(before) == 2


def test_a_quote_asks_a_bounded_number_of_times() -> None:
    with Sandbox() as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        wrong = [F("nationality", any_of=[f"land {number}" for number in range(200)])]
        wrong += [F.only(studies=[f"{number:024x}" for number in range(200)])]
        wrong += [F(f"filter {number}", any_of=["0"]) for number in range(60)]
        before = len(sandbox.log)
        found = quoted(client, *wrong)
        asked = [each.operation for each in sandbox.log[before:]]
        assert len(found.findings.errors) > 50
        assert "190 further IDs of filter 'previous_studies_allowlist' were not checked" in str(found.findings)
        assert "195 further values of filter 'nationality' are not among its choices" in str(found.findings)
        assert len(asked) < 40


def test_an_opened_launch_is_not_refused_for_a_group_that_was_deleted_later(client: Client) -> None:
    group = client.groups.create(client.workspace_id, "Wave 1", [f"{1:024x}"])
    plan = replace(PLAN, filters=[F.only(groups=[group.id])])
    first = pnb.launch(client, DATA, DESIGN, plan, on_progress=silent)
    client.groups.delete(group.id)
    assert pnb.launch(client, DATA, DESIGN, plan, on_progress=silent).study_id == first.study_id
    with pytest.raises(PlanError, match="no participant group"):
        pnb.launch(client, DATA, DESIGN, replace(plan, name="Another"), again="second", on_progress=silent)


# --- from the plan to the study and back ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "audience",
    [
        {"filters": [F.any(F("age", between=(18, 20)), F.all(F("sex", any_of=["1"]), F("age", between=(60, None))))]},
        {"filters": [F("sex", any_of=["0", "1"], weightings={"0": 1, "1": 3})], "extra": {"study_type": "QUOTA"}},
        {"study_type": "UK_REP_SAMPLE"},
        {"study_type": "REP_SAMPLE_US_ENGLISH_AGE_POLITICAL_AFFILIATION_ETHNICITY"},
        {"filters": [F.exclude(participants=["a" * 24]), F.exclude(studies=[GONE])]},
    ],
)
def test_an_audience_survives_the_server(client: Client, audience: dict[str, Any]) -> None:
    plan = replace(PLAN, **audience)
    run = pnb.launch(client, DATA, DESIGN, plan, on_progress=silent)
    opened = pnb.open_run(study_id=run.study_id, client=client, data=DATA).plan
    assert {name: getattr(opened, name) for name in audience} == {name: getattr(plan, name) for name in audience}
    assert str(pnb.quote(client, DATA, DESIGN, plan).findings.warnings).count("On the server study") == 0


def test_a_filter_set_survives_the_server_and_its_edits_are_named(client: Client) -> None:
    sets = [client.filter_sets.create(client.workspace_id, name, [F("age", between=(18, 30))]) for name in "ab"]
    plan = replace(PLAN, filter_set_id=sets[0].id)
    run = pnb.launch(client, DATA, DESIGN, plan, on_progress=silent)
    assert pnb.open_run(study_id=run.study_id, client=client, data=DATA).plan.filter_set_id == sets[0].id
    assert levels(pnb.quote(client, DATA, DESIGN, plan)) == []
    client.studies.update(run.study_id, {"filter_set_id": sets[1].id, "study_type": "US_REP_SAMPLE"})
    edits = str(pnb.quote(client, DATA, DESIGN, plan).findings)
    assert f"the filter set '{sets[1].id}, version 1'; the plan has '{sets[0].id}'" in edits
    assert "the study type 'US_REP_SAMPLE'; the plan has 'SINGLE'" in edits


def test_a_quota_edited_on_the_draft_is_named(client: Client) -> None:
    plan = replace(PLAN, filters=[F("sex", any_of=["0", "1"], weightings={"0": 1, "1": 1})])
    run = pnb.launch(client, DATA, DESIGN, plan, on_progress=silent)
    changed = {**plan.filters[0].to_api(), "weightings": {"0": 1, "1": 9}}
    client.studies.update(run.study_id, {"filters": [changed]})
    assert "has the filters" in str(pnb.quote(client, DATA, DESIGN, plan).findings)


def test_a_follow_up_of_a_study_with_a_filter_set_keeps_its_filters(client: Client) -> None:
    made = client.filter_sets.create(client.workspace_id, "Young", [F("age", between=(18, 30))])
    run = pnb.launch(client, DATA, DESIGN, replace(PLAN, filter_set_id=made.id), on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    rows = run.responses()["row"].unique()[:2]
    follow = run.follow_up(list(rows), annotators=1)
    assert follow.plan.filter_set_id is None
    assert [each.id for each in follow.plan.filters] == ["age", "participant_group_blocklist"]

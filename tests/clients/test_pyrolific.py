"""pyrolific: an unofficial client of PyPI, generated from Prolific's description as it was in 2024.

It connects with ``AuthenticatedClient(base_url=…, token=…, prefix="Token")``, and also requires the token as the
argument ``authorization`` of most calls. Every status that is not in its description raises.
"""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from typing import Any

import pytest
from pyrolific import AuthenticatedClient, models
from pyrolific.errors import UnexpectedStatus

from .conftest import Served, until

URL = "https://example.org/experiment?PROLIFIC_PID={{%PROLIFIC_PID%}}"
REASON = "Every answer was the same word, though the instructions asked for a sentence about each of the pictures."


def is_to_be_reviewed(study: models.Study) -> bool:
    return study.status is models.StudyStatus.AWAITING_REVIEW


class Caller:
    def __init__(self, served: Served) -> None:
        self.workspace_id, self._authorization = served.workspace_id, f"Token {served.token}"
        self._client = AuthenticatedClient(
            base_url=served.url, token=served.token, prefix="Token", raise_on_unexpected_status=True
        )

    def __call__(self, operation: str, *path: str, **arguments: Any) -> Any:
        """What the client makes of the answer; `operation` is its module below ``pyrolific.api``."""
        ask = import_module(f"pyrolific.api.{operation}").sync_detailed
        if "authorization" in signature(ask).parameters:
            arguments["authorization"] = self._authorization
        return ask(*path, client=self._client, **arguments).parsed

    def study(self, places: int = 6, **more: Any) -> models.Study:
        review = models.ManuallyReview(action=models.ManuallyReviewAction.MANUALLY_REVIEW)
        code = models.BaseStudyCompletionCodesItem(
            "C0FFEE", models.BaseStudyCompletionCodesItemCodeType.COMPLETED, [review]
        )
        body = models.CreateStudy(
            name="Words and pictures",
            description="<p>Say what you see.</p>",
            external_study_url=URL,
            prolific_id_option=models.BaseStudyProlificIdOption.URL_PARAMETERS,
            completion_codes=[code],
            total_available_places=places,
            estimated_completion_time=5,
            reward=100,
            device_compatibility=[models.BaseStudyDeviceCompatibilityItem.DESKTOP],
            filters=[models.RangeFilter("age", models.RangeFilterSelectedRange(lower=20, upper=40))],
            **more,
        )
        return self("studies.create_study", body=body)

    def move(self, study: models.Study, action: str) -> models.Study:
        return self("studies.publish_study", study.id, body=models.StudyTransition(action))

    def finished(self, places: int = 6) -> models.Study:
        """A study all of whose places are filled, and where nobody ran out of time.

        In lists the client knows only ``TIME-OUT``, and cannot read one with today's ``TIMED-OUT``.
        """
        for _ in range(20):
            study = self.study(places)
            self.move(study, "PUBLISH")
            until(lambda made=study: self("studies.get_study", made.id), is_to_be_reviewed)
            try:
                self("studies.get_study_submissions", study.id)
            except ValueError as unknown:
                assert "'TIMED-OUT'" in str(unknown)  # noqa: PT017
            else:
                return study
        raise AssertionError("In each of 20 studies somebody ran out of time.")

    def waiting(self, study: models.Study) -> list[models.SubmissionShort]:
        found = self("studies.get_study_submissions", study.id).results
        return [each for each in found if each.status is models.SubmissionShortStatus.AWAITING_REVIEW]

    def paid(self, submission_id: str) -> models.SubmissionDetail:
        return until(
            lambda: self("submissions.get_submission", submission_id), lambda found: bool(found.bonus_payments)
        )


@pytest.fixture(scope="module")
def call(quick: Served) -> Caller:
    return Caller(quick)


def test_the_account(call: Caller) -> None:
    me = call("users.get_user")
    listed = call("workspaces.get_workspaces").results
    workspace = call("workspaces.get_workspace", call.workspace_id)
    [project] = call("projects.get_projects", call.workspace_id).results
    balance = call("workspaces.get_workspace_balance", call.workspace_id)
    assert "@" in me.email
    assert [each.id for each in listed] == [workspace.id] == [call.workspace_id]
    assert workspace.owner == me.id
    assert [user.id for user in workspace.users] == [me.id]
    assert [(each.id, each.title) for each in workspace.projects] == [(project.id, project.title)]
    assert call("projects.get_project", project.id).workspace == workspace.id
    assert balance.currency_code == "GBP"
    assert balance.total_balance >= balance.available_balance > 0


def test_a_draft_is_returned_as_it_was_sent(call: Caller) -> None:
    [project] = call("projects.get_projects", call.workspace_id).results
    study = call.study(project=project.id, internal_name="pilot")
    assert study == call("studies.get_study", study.id)
    assert study.status is models.StudyStatus.UNPUBLISHED
    assert (study.external_study_url, study.total_available_places, study.reward) == (URL, 6, 100)
    assert study.device_compatibility == [models.BaseStudyDeviceCompatibilityItem.DESKTOP]
    assert [(code.code, code.actor.value) for code in study.completion_codes] == [("C0FFEE", "participant")]
    assert [each.selected_range.upper for each in study.filters] == [40]
    assert study.maximum_allowed_time >= 2 + 2 * 5 + 2 * 5**0.5
    assert study.id in {each.id for each in call("studies.get_project_studies", project.id).results}


def test_drafts_are_listed_changed_copied_and_deleted(call: Caller) -> None:
    study = call.study()
    changed = call("studies.update_study", study.id, body=models.BaseStudy(name="Pictures", reward=120))
    assert (changed.name, changed.reward, changed.description) == ("Pictures", 120, study.description)
    copy = call("studies.duplicate_study", study.id, body=models.DuplicateStudyBody(block_previous_participants=True))
    assert (copy.status, copy.reward) == (models.StudyStatus.UNPUBLISHED, 120)
    assert {"age", "previous_studies_blocklist"} == {each.filter_id for each in copy.filters}
    call("studies.delete_study", copy.id)
    drafts = call("studies.get_studies", state=models.GetStudiesState.UNPUBLISHED).results
    assert study.id in {each.id for each in drafts}
    assert copy.id not in {each.id for each in drafts}
    assert {each.status for each in drafts} == {models.StudyShortStatus.UNPUBLISHED}


def test_what_a_study_costs(call: Caller) -> None:
    study = call.study(places=10)
    told = call("studies.calculate_study_cost", body=models.StudyCostRequest(reward=100, total_available_places=10))
    parts = call("studies.get_study_cost", study.id, is_projected=True).rewards
    assert parts.rewards.amount == 1000
    assert parts.rewards.amount + parts.fees.amount + parts.tax.amount == told.total_cost
    assert {parts.rewards.currency, parts.fees.currency, parts.tax.currency} == {"GBP"}


def test_a_study_is_paused_started_grown_and_stopped(slow: Served) -> None:
    call = Caller(slow)
    study = call.study()
    moved = [call.move(study, action).status.value for action in ("PUBLISH", "PAUSE", "START")]
    grown = call("studies.update_study", study.id, body=models.BaseStudy(total_available_places=9))
    assert moved == ["ACTIVE", "PAUSED", "ACTIVE"]
    assert (grown.status, grown.total_available_places) == (models.StudyStatus.ACTIVE, 9)
    [active] = call("studies.get_studies", state=models.GetStudiesState.ACTIVE).results
    assert (active.id, active.total_available_places) == (study.id, 9)
    assert call.move(study, "STOP").status is models.StudyStatus.COMPLETED


def test_submissions_are_listed_approved_and_rejected(call: Caller) -> None:
    study = call.finished()
    waiting = call.waiting(study)
    assert len(waiting) == 6
    assert {each.study_code for each in waiting} == {"C0FFEE"}
    assert all(each.started_at < each.completed_at for each in waiting)
    listed = call("submissions.get_submissions", study=study.id).results
    assert {each.id for each in waiting} <= {each.id for each in listed}
    first, second, third, fourth, *others = waiting
    detail = call("submissions.get_submission", first.id)
    assert (detail.participant, detail.study_id, detail.entered_code) == (first.participant_id, study.id, "C0FFEE")
    approve = models.SubmissionTransition(models.SubmissionTransitionAction.APPROVE)
    reject = models.SubmissionTransition(
        models.SubmissionTransitionAction.REJECT, REASON, models.SubmissionTransitionRejectionCategory.LOW_EFFORT
    )
    assert call("submissions.transition_submission", first.id, body=approve).status.value == "APPROVED"
    assert call("submissions.transition_submission", second.id, body=reject).status.value == "REJECTED"
    call("submissions.bulk_approve_submissions", body=models.SubmissionIDs([third.id, fourth.id]))
    people = models.ParticipantIDs(study.id, [each.participant_id for each in others])
    call("submissions.bulk_approve_submissions", body=people)
    ends = {each.id: each.status.value for each in call("studies.get_study_submissions", study.id).results}
    assert [ends[each.id] for each in waiting] == ["APPROVED", "REJECTED", *["APPROVED"] * 4]
    assert call("studies.get_study", study.id).status is models.StudyStatus.COMPLETED


def test_bonuses_are_paid_in_the_currency_of_the_study(call: Caller) -> None:
    study = call.finished(places=2)
    first, second = call.waiting(study)
    lines = f"{first.participant_id},1.25\n{second.participant_id},0.50\n"
    bonus = call("bonuses.create_bonus_payments", body=models.CreateBonusPaymentsBody(study.id, lines))
    assert (bonus.study, bonus.amount) == (study.id, 175)
    assert bonus.amount + bonus.fees + bonus.vat == bonus.total_amount
    call("bonuses.pay_bonus_payments", bonus.id)
    assert [call.paid(each.id).bonus_payments for each in (first, second)] == [[125], [50]]
    cost = call("studies.get_study_cost", study.id).bonuses
    assert cost.rewards.amount + cost.fees.amount + cost.tax.amount == bonus.total_amount


def test_participant_groups(call: Caller) -> None:
    made = call(
        "participant_groups.create_participant_group",
        body=models.CreateParticipantGroupBody("Took part", call.workspace_id, participant_ids=["a" * 24, "b" * 24]),
    )
    assert (made.name, made.workspace_id, made.participant_count) == ("Took part", call.workspace_id, 2)
    one, other = models.ParticipantIDList(["c" * 24]), models.ParticipantIDList(["a" * 24])
    call("participant_groups.add_to_participant_group", made.id, body=one)
    call("participant_groups.remove_from_participant_group", made.id, body=other)
    members = call("participant_groups.get_participant_group_participants", made.id).results
    assert [each.participant_id for each in members] == ["b" * 24, "c" * 24]
    renamed = call(
        "participant_groups.update_participant_group", made.id, body=models.ParticipantGroupUpdate(name="Pilot")
    )
    assert (renamed.name, renamed.participant_count) == ("Pilot", 2)
    assert call("participant_groups.get_participant_group", made.id) == renamed
    call("participant_groups.delete_participant_group", made.id)
    with pytest.raises(UnexpectedStatus) as gone:
        call("participant_groups.get_participant_group", made.id)
    assert gone.value.status_code == 404


def test_filters_and_counts_of_eligible_participants(call: Caller) -> None:
    known = {each.filter_id: each for each in call("filters.get_filters").results}
    age, country = known["age"], known["current-country-of-residence"]
    assert (age.min_, age.max_) == (18, 100)
    assert country.choices["1"] == "United States"
    young = models.RangeFilter("age", models.RangeFilterSelectedRange(18, 30))
    there = models.SelectFilter("current-country-of-residence", ["1"])
    counts = [
        call("filters.get_eligible_count", body=models.RequirementsCountRequest(chosen, call.workspace_id)).count
        for chosen in ([], [young], [young, there])
    ]
    assert counts[0] > counts[1] > counts[2] > 0


def test_filter_sets(call: Caller) -> None:
    young = models.RangeFilter("age", models.RangeFilterSelectedRange(18, 30))
    body = models.CreateFilterSet(workspace_id=call.workspace_id, name="Young", filters=[young])
    made = call("filter_sets.create_filter_set", body=body)
    assert (made.name, made.version, made.is_locked) == ("Young", 1, False)
    assert call("filter_sets.lock_filter_set", made.id).is_locked
    assert not call("filter_sets.unlock_filter_set", made.id).is_locked
    changed = call("filter_sets.update_filter_set", made.id, body=models.UpdateFilterSet(name="Younger"))
    assert (changed.name, changed.version) == ("Younger", 2)
    assert call("filter_sets.get_filter_set", made.id, version_number=1).name == "Young"
    copy = call("filter_sets.clone_filter_set", made.id, body=models.CloneFilterSetBody(new_name="Copy"))
    listed = call("filter_sets.get_filter_sets", workspace_id=call.workspace_id).results
    assert [(each.id, each.name) for each in listed] == [(made.id, "Younger"), (copy.id, "Copy")]
    call("filter_sets.delete_filter_set", copy.id)
    assert [each.id for each in call("filter_sets.get_filter_sets").results] == [made.id]


def test_messages(call: Caller) -> None:
    study, person, other = call.study(), "d" * 24, "e" * 24
    call("messages.send_message", body=models.SendMessage(person, "Thank you!", study.id))
    bulk = models.SendBulkMessage(ids=[person, other], body="Part two is open.", study_id=study.id)
    call("messages.post_api_v1_messages_bulk", body=bulk)
    found = call("messages.get_messages", user_id=person).results
    assert {each.body for each in found} == {"Thank you!", "Part two is open."}
    assert {each.data.study_id for each in found} == {study.id}
    assert {each.sender_id for each in found} == {call("users.get_user").id}
    assert call("messages.get_unread_messages").results == []


def test_a_wrong_token_is_refused(quick: Served) -> None:
    with pytest.raises(UnexpectedStatus) as refused:
        Caller(Served(quick.url, "wrong", quick.workspace_id))("users.get_user")
    assert refused.value.status_code == 401

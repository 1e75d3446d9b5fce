"""Submissions: one participant's work on one task group, and its review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .paging import iter_pages
from .records import Record, require_list
from .shapes import COUNT, ID, MOMENT, OBJECT, WORD, Each, Maybe, Shape, fetch, post
from .transport import Transport

_PATH = "/api/v1/submissions/"
LISTED = Shape(
    id=ID,
    status=Maybe(WORD, null=False),
    participant_id=Maybe(ID, null=False),
    started_at=Maybe(MOMENT),
    completed_at=Maybe(MOMENT),
    return_requested=Maybe(MOMENT),
    reward=Maybe(COUNT),
    bonus_payments=Maybe(Each(COUNT)),
)
"""A submission in a list."""
_SUBMISSION = Shape(id=ID, status=WORD, study_id=Maybe(ID), bonus_payments=Maybe(Each(COUNT), null=False))
MOST_APPROVED = 1000
"""Prolific's recommended maximum number of submissions to approve in one request."""


class Submissions:
    """``client.submissions``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, study_id: str, **filters: Any) -> Iterator[Record]:
        """The submissions of a study.

        Parameters
        ----------
        **filters
            Query parameters of the API: ``status="AWAITING_REVIEW"``, ``ordering="-started_at"``, …
        """
        return iter_pages(self._transport, _PATH, {"study": study_id, **filters}, shape=LISTED)

    def get(self, submission_id: str) -> Record:
        """Read a submission with its ``bonus_payments`` in minor units (documented for this operation only)."""
        return fetch(self._transport, _SUBMISSION, f"{_PATH}{submission_id}/")

    def transition(
        self,
        submission_id: str,
        action: str,
        *,
        message: str | None = None,
        category: str | None = None,
        completion_code: str | None = None,
        completion_code_data: Mapping[str, Any] | None = None,
    ) -> Record:
        """Review or complete a submission. Idempotent: repeating a decision has no effect.

        Parameters
        ----------
        action : str
            APPROVE, REJECT, UNREJECT, RETURN, UNRETURN or COMPLETE.
        message, category : str, optional
            Required for REJECT: a message to the participant of at least 100 characters, and one of Prolific's
            rejection categories.
        completion_code : str, optional
            Required for COMPLETE: a code of the study whose actor is the researcher. Its actions are carried out.
        completion_code_data : mapping, optional
            Required for a code with DYNAMIC_PAYMENT: ``{"percentage_of_reward": 40}``, from 8 to 99, optionally with a
            ``"message_to_participant"``.
        """
        more = {
            "message": message,
            "rejection_category": category,
            "completion_code": completion_code,
            "completion_code_data": completion_code_data,
        }
        body = {"action": action, **{name: value for name, value in more.items() if value is not None}}
        return post(self._transport, Shape(status=WORD), f"{_PATH}{submission_id}/transition/", body)

    def request_return(self, submission_id: str, reasons: Sequence[str]) -> Record:
        """Ask the participant to return a submission: ``id, status, participant, return_requested``.

        Parameters
        ----------
        reasons : sequence of str
            Shown to the participant; at least one.
        """
        body = {"request_return_reasons": require_list(reasons, "reasons")}
        return post(self._transport, OBJECT, f"{_PATH}{submission_id}/request-return/", body)

    def bulk_approve(self, submission_ids: Sequence[str]) -> None:
        """Start approving up to 1,000 submissions; they are approved some time later."""
        self._transport.post(
            f"{_PATH}bulk-approve/", {"submission_ids": require_list(submission_ids, "submission_ids")}
        )

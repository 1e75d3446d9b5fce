"""Studies: what is published to participants and paid for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ..common.money import minor_units
from .filters import Filters, sendable
from .paging import iter_pages
from .records import Record
from .transport import Transport

_PATH = "/api/v1/studies/"


class Studies:
    """``client.studies``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, body: dict[str, Any]) -> Record:
        """Make a draft; nothing is spent."""
        return Record(self._transport.post(_PATH, body))

    def get(self, study_id: str) -> Record:
        """Read a study."""
        return Record(self._transport.get(f"{_PATH}{study_id}/"))

    def update(self, study_id: str, body: dict[str, Any]) -> Record:
        """Change a draft, or what Prolific lets a published study change."""
        return Record(self._transport.patch(f"{_PATH}{study_id}/", body))

    def cost(self, study_id: str) -> Record:
        """What was spent so far, in minor units: ``rewards`` and ``bonuses``, each with its fees and tax."""
        return Record(self._transport.get(f"{_PATH}{study_id}/cost/"))

    def list(self, state: str | Sequence[str] | None = None) -> Iterator[Record]:
        """The studies this account may see.

        Parameters
        ----------
        state : str or sequence of str, optional
            Only those in one of these states, as Prolific names them: ``"ACTIVE"``, ``["PAUSED", "AWAITING REVIEW"]``.
        """
        if state is not None and not state:
            return iter(())  # an empty query would mean all of them
        wanted = state if state is None or isinstance(state, str) else f"({'|'.join(state)})"
        return iter_pages(self._transport, _PATH, None if wanted is None else {"state": wanted})

    def transition(self, study_id: str, action: str) -> Record:
        """Move a study on: PUBLISH, PAUSE, START or STOP."""
        return Record(self._transport.post(f"{_PATH}{study_id}/transition/", {"action": action}))

    def delete(self, study_id: str) -> None:
        """Delete a draft; what was published can only be stopped."""
        self._transport.delete(f"{_PATH}{study_id}/")

    def clone(self, study_id: str, *, block_previous: bool = True) -> Record:
        """Make a draft like a study, by default kept from the people who took part in that one."""
        body = {"block_previous_participants": block_previous}
        return Record(self._transport.post(f"{_PATH}{study_id}/clone/", body))

    def schedule(self, study_id: str, at: datetime) -> Record:
        """Let a draft be published at a moment to come. This spends money then; `unschedule` takes it back.

        Parameters
        ----------
        at : datetime
            With a time zone.

        Raises
        ------
        ValueError
            `at` has no time zone, so that nobody could tell when it is.
        """
        body = {"action": "SCHEDULE_PUBLISH", "publish_at": in_utc(at)}
        return Record(self._transport.post(f"{_PATH}{study_id}/transition/", body))

    def unschedule(self, study_id: str) -> Record:
        """Make a scheduled study a draft again."""
        return self.transition(study_id, "CANCEL_PUBLISH")

    def test_study(self, study_id: str) -> Record:
        """Publish a copy of a draft to all test participants, ``study_id, study_url``; the draft stays one.

        `client.participants.create_test` makes test participants. Prolific lets only some workspaces do so.
        """
        return Record(self._transport.post(f"{_PATH}{study_id}/test-study"))

    def recruitment_time(self, study_id: str) -> Record:
        """How long Prolific expects it to take until all places are taken.

        Returns
        -------
        Record
            ``precise_recruitment_time_hours, lower_bound_hours, upper_bound_hours``, and ``display_string`` in words.
        """
        return Record(self._transport.get(f"{_PATH}{study_id}/predicted-recruitment-time/"))

    def predict_recruitment_time(
        self,
        workspace_id: str,
        *,
        reward: int,
        places: int,
        minutes: float,
        filters: Filters = (),
        study_type: str = "SINGLE",
        **more: Any,
    ) -> Record:
        """The same as `recruitment_time`, before there is a draft.

        Parameters
        ----------
        reward : int
            Minor units for one submission.
        places : int
            Submissions.
        minutes : float
            For one submission.
        filters : sequence of Filter or mapping
            Who may take part.
        study_type : str
            Prolific wants one and publishes no list of them.
        **more
            As Prolific names them: ``device_compatibility``, ``peripheral_requirements``, ``study_labels``.
        """
        body = {
            "workspace_id": workspace_id,
            "reward": reward,
            "total_available_places": places,
            "estimated_completion_time": minutes,
            "filters": sendable(filters),
            "study_type": study_type,
            **more,
        }
        return Record(self._transport.ask(f"{_PATH}predicted-recruitment-time/", body))

    def access_progress(self, study_id: str) -> Record:
        """How many people each address of a Taskflow study was given: ``progress``, a row for each address.

        Raises
        ------
        NotFound
            The study has no ``access_details``.
        """
        return Record(self._transport.get(f"{_PATH}{study_id}/access-details-progress/"))

    def submissions(self, study_id: str) -> Iterator[Record]:
        """All submissions of a study."""
        return iter_pages(self._transport, f"{_PATH}{study_id}/submissions/")

    def counts(self, study_id: str) -> Record:
        """Number of submissions by status, and ``TOTAL``."""
        return Record(self._transport.get(f"{_PATH}{study_id}/submissions/counts/"))

    def total_cost(self, reward: int, places: int) -> int:
        """What so many places at this reward cost with fees and VAT, both in minor units."""
        body = {"reward": reward, "total_available_places": places}
        answer = self._transport.ask("/api/v1/study-cost-calculator/", body)
        total = answer.get("total_cost") if isinstance(answer, dict) else None
        return minor_units(total, f"the cost of {places} places at {reward}", least=reward * places)


def in_utc(moment: datetime) -> str:
    """A moment as the API takes it.

    Raises
    ------
    ValueError
        It has no time zone, so that nobody could tell when it is.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone. Give one, for example datetime(..., tzinfo=timezone.utc).")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

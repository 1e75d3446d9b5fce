"""Studies: published to participants and paid for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ..common.money import minor_units
from ..errors import ArgumentError
from .filters import Filters, sendable
from .paging import iter_pages
from .records import Record, require_list
from .shapes import (
    COUNT,
    CURRENCY,
    HAS_ID,
    ID,
    LIST,
    OBJECT,
    POSITIVE,
    TEXT,
    URL,
    WHOLE,
    WORD,
    Each,
    Kind,
    Maybe,
    Shape,
    ask,
    checked,
    fetch,
    patch,
    post,
)
from .submissions import LISTED as _SUBMISSION
from .transport import Transport

_PATH = "/api/v1/studies/"
_LISTED = Shape(
    id=ID,
    status=WORD,
    name=Maybe(TEXT),
    internal_name=Maybe(TEXT),
    date_created=Maybe(TEXT),
    data_collection_id=Maybe(ID),
)
_FILTER = Shape(selected_values=Maybe(LIST), selected_range=Maybe(OBJECT), selected_filters=Maybe(LIST))
_STUDY = Shape(
    id=ID,
    status=WORD,
    reward=COUNT,
    total_available_places=COUNT,
    name=TEXT,
    internal_name=Maybe(TEXT),
    description=Maybe(TEXT),
    estimated_completion_time=Maybe(POSITIVE),
    places_taken=Maybe(COUNT),
    total_cost=Maybe(COUNT),
    currency_code=Maybe(CURRENCY),
    date_created=Maybe(TEXT),
    workspace=Maybe(ID),
    project=Maybe(ID),
    data_collection_id=Maybe(ID),
    data_collection_metadata=Maybe(Shape(annotators_per_task=Maybe(COUNT))),
    submissions_config=Maybe(Shape(max_submissions_per_participant=Maybe(WHOLE))),
    filters=Maybe(Each(_FILTER)),
    device_compatibility=Maybe(LIST),
)
_STATUSES = (
    *("RESERVED", "ACTIVE", "TIMED-OUT", "AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED", "RETURNED", "REJECTED"),
    *("SCREENED OUT", "TOTAL"),
)
_COUNTS = Shape(**dict.fromkeys(_STATUSES, Maybe(COUNT)))


_KNOWN_AMOUNTS = ("rewards", "fees", "tax")


def _are_amounts(value: Any) -> bool:
    """Whether the known parts have an amount, and the unknown ones a whole number where they have one."""
    parts = value.items() if isinstance(value, dict) else ()
    return isinstance(value, dict) and all(
        COUNT.fits(part.get("amount"))
        for name, part in parts
        if isinstance(part, dict) and (name in _KNOWN_AMOUNTS or "amount" in part)
    )


_AMOUNTS = Kind("an object of amounts", _are_amounts)
_COST = Shape(rewards=Maybe(_AMOUNTS), bonuses=Maybe(_AMOUNTS))


class Studies:
    """``client.studies``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, body: dict[str, Any]) -> Record:
        """Create a draft; nothing is spent."""
        return post(self._transport, HAS_ID, _PATH, body)

    def get(self, study_id: str) -> Record:
        """Read a study."""
        return fetch(self._transport, _STUDY, f"{_PATH}{study_id}/")

    def update(self, study_id: str, body: dict[str, Any]) -> Record:
        """Change a draft, or those fields of a published study that may still change."""
        return patch(self._transport, OBJECT, f"{_PATH}{study_id}/", body)

    def cost(self, study_id: str) -> Record:
        """Amounts spent so far, in minor units: ``rewards`` and ``bonuses``, each with fees and tax."""
        return fetch(self._transport, _COST, f"{_PATH}{study_id}/cost/")

    def list(self, state: str | Sequence[str] | None = None) -> Iterator[Record]:
        """The studies visible to this account.

        Parameters
        ----------
        state : str or sequence of str, optional
            Only studies in one of these states: ``"ACTIVE"``, ``["PAUSED", "AWAITING REVIEW"]``.
        """
        if state is not None and not state:
            return iter(())  # an empty query would mean all of them
        wanted = state if state is None or isinstance(state, str) else f"({'|'.join(state)})"
        return iter_pages(self._transport, _PATH, None if wanted is None else {"state": wanted}, shape=_LISTED)

    def transition(self, study_id: str, action: str) -> Record:
        """Change the state of a study: PUBLISH, PAUSE, START or STOP."""
        return post(self._transport, OBJECT, f"{_PATH}{study_id}/transition/", {"action": action})

    def delete(self, study_id: str) -> None:
        """Delete a draft; a published study can only be stopped."""
        self._transport.delete(f"{_PATH}{study_id}/")

    def clone(self, study_id: str, *, block_previous: bool = True) -> Record:
        """Copy a study as a draft, by default excluding the participants of the original."""
        body = {"block_previous_participants": block_previous}
        return post(self._transport, HAS_ID, f"{_PATH}{study_id}/clone/", body)

    def schedule(self, study_id: str, at: datetime) -> Record:
        """Schedule a draft for publication. It spends money at that time; `unschedule` cancels it.

        Parameters
        ----------
        at : datetime
            With a time zone.

        Raises
        ------
        ValueError
            If `at` has no time zone.
        """
        body = {"action": "SCHEDULE_PUBLISH", "publish_at": in_utc(at)}
        return post(self._transport, OBJECT, f"{_PATH}{study_id}/transition/", body)

    def unschedule(self, study_id: str) -> Record:
        """Cancel a scheduled publication; the study is a draft again."""
        return self.transition(study_id, "CANCEL_PUBLISH")

    def test_study(self, study_id: str) -> Record:
        """Publish a copy of a draft to all test participants, ``study_id, study_url``; the draft is unchanged.

        `client.participants.create_test` creates test participants, in workspaces that are allowed to.
        """
        return post(self._transport, OBJECT, f"{_PATH}{study_id}/test-study")

    def recruitment_time(self, study_id: str) -> Record:
        """Prolific's prediction of the time until all places are taken.

        Returns
        -------
        Record
            ``precise_recruitment_time_hours, lower_bound_hours, upper_bound_hours``, and ``display_string`` in words.
        """
        return fetch(self._transport, OBJECT, f"{_PATH}{study_id}/predicted-recruitment-time/")

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
        """Like `recruitment_time`, before a draft exists.

        Parameters
        ----------
        reward : int
            Minor units for one submission.
        places : int
            Number of submissions.
        minutes : float
            Estimated time for one submission.
        filters : sequence of Filter or mapping
            Who may take part.
        study_type : str
            Required by Prolific, which publishes no list of values.
        **more
            Further fields of the API: ``device_compatibility``, ``peripheral_requirements``, ``study_labels``.
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
        return ask(self._transport, OBJECT, f"{_PATH}predicted-recruitment-time/", body)

    def access_progress(self, study_id: str) -> Record:
        """Participants assigned to each URL of a Taskflow study: ``progress``, one row for each URL.

        Raises
        ------
        NotFound
            If the study has no ``access_details``.
        """
        return fetch(self._transport, OBJECT, f"{_PATH}{study_id}/access-details-progress/")

    def submissions(self, study_id: str) -> Iterator[Record]:
        """All submissions of a study."""
        return iter_pages(self._transport, f"{_PATH}{study_id}/submissions/", shape=_SUBMISSION)

    def counts(self, study_id: str) -> Record:
        """Number of submissions by status, and ``TOTAL``."""
        return fetch(self._transport, _COUNTS, f"{_PATH}{study_id}/submissions/counts/")

    def export_demographics(self, study_id: str, filters: Sequence[str] = ()) -> bytes:
        """Request the demographic export of a study: the bytes of a CSV, one line per submission.

        Parameters
        ----------
        filters : sequence of str
            IDs of up to 15 further filters whose answers become columns; a study has at most two such exports.
        """
        path = f"{_PATH}{study_id}/demographic-export/"
        answer = self._transport.post_for_file(path, {"filters": require_list(filters, "filters")} if filters else {})
        if isinstance(answer, bytes):
            return answer
        return self._transport.download(checked(self._transport, Shape(url=URL), "POST", path, answer)["url"])

    def demographic_exports(self, study_id: str) -> Iterator[Record]:
        """Earlier demographic exports of a study."""
        return iter_pages(self._transport, f"{_PATH}{study_id}/demographic-export/", shape=OBJECT)

    def feedback(self, study_id: str, *, written: bool | None = None) -> Iterator[Record]:
        """Ratings and comments of participants on a study; not available to every workspace.

        Parameters
        ----------
        written : bool, optional
            Only feedback with a comment, or only without one.
        """
        query = None if written is None else {"has_written_feedback": str(written).lower()}
        return iter_pages(self._transport, f"{_PATH}{study_id}/feedback/responses/", query, shape=OBJECT)

    def total_cost(self, reward: int, places: int) -> int:
        """Cost of this number of places with fees and VAT; reward and result in minor units."""
        body = {"reward": reward, "total_available_places": places}
        total = ask(self._transport, OBJECT, "/api/v1/study-cost-calculator/", body).get("total_cost")
        return minor_units(total, f"the cost of {places} places at {reward}", least=reward * places)


def in_utc(moment: datetime) -> str:
    """A time in the API's format, in UTC.

    Raises
    ------
    ValueError
        If it has no time zone.
    """
    if moment.tzinfo is None:
        raise ArgumentError(f"{moment} has no time zone. Add one, for example datetime(..., tzinfo=timezone.utc).")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

"""Studies: what is published to participants and paid for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from .paging import each
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

    def list(self) -> Iterator[Record]:
        """All studies this account may see."""
        return each(self._transport, _PATH)

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
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone. Give one, for example datetime(..., tzinfo=timezone.utc).")
        body = {"action": "SCHEDULE_PUBLISH", "publish_at": at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        return Record(self._transport.post(f"{_PATH}{study_id}/transition/", body))

    def unschedule(self, study_id: str) -> Record:
        """Make a scheduled study a draft again."""
        return self.transition(study_id, "CANCEL_PUBLISH")

    def submissions(self, study_id: str) -> Iterator[Record]:
        """All submissions of a study."""
        return each(self._transport, f"{_PATH}{study_id}/submissions/")

    def counts(self, study_id: str) -> Record:
        """Number of submissions by status, and ``TOTAL``."""
        return Record(self._transport.get(f"{_PATH}{study_id}/submissions/counts/"))

    def total_cost(self, reward: int, places: int) -> int:
        """What so many places at this reward cost with fees and VAT, both in minor units."""
        body = {"reward": reward, "total_available_places": places}
        return int(self._transport.ask("/api/v1/study-cost-calculator/", body)["total_cost"])

"""Bonuses: creating a bonus file, which is free, and paying it, which must never be requested twice."""

from __future__ import annotations

from .records import Record
from .shapes import COUNT, ID, Shape, post
from .transport import Transport

MOST_LINES = 200
"""Prolific's recommended maximum number of lines in one file."""
_FILE = Shape(id=ID, total_amount=COUNT)


class Bonuses:
    """``client.bonuses``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, study_id: str, csv: str) -> Record:
        """Create a bonus file; nothing is paid yet.

        Parameters
        ----------
        csv : str
            Lines of ``submission_id,amount`` without a header, amounts in decimal MAJOR units: ``"…,4.25"`` is £4.25.

        Returns
        -------
        Record
            ``id, amount, fees, vat, total_amount``, in MINOR units.
        """
        body = {"study_id": study_id, "csv_bonuses": csv}
        return post(self._transport, _FILE, "/api/v1/submissions/bonus-payments/", body)

    def pay(self, bonus_id: str) -> None:
        """Pay a bonus file. Not idempotent: if the response was lost, check ``bonus_payments`` before paying again."""
        self._transport.post(f"/api/v1/bulk-bonus-payments/{bonus_id}/pay/")

"""Bonuses: a file of amounts, which costs nothing, and its payment, which is never to be asked for twice."""

from __future__ import annotations

from .records import Record
from .transport import Transport

MOST_LINES = 200
"""How many lines Prolific advises to send in one file."""


class Bonuses:
    """``client.bonuses``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, study_id: str, csv: str) -> Record:
        """Make a bonus file; nothing is paid.

        Parameters
        ----------
        csv : str
            Lines of ``submission_id,amount`` without a header, amounts in decimal MAJOR units: ``"…,4.25"`` is £4.25.

        Returns
        -------
        Record
            ``id, amount, fees, vat, total_amount``, in MINOR units.
        """
        return Record(
            self._transport.post("/api/v1/submissions/bonus-payments/", {"study_id": study_id, "csv_bonuses": csv})
        )

    def pay(self, bonus_id: str) -> None:
        """Pay a bonus file. Paying it again may pay it twice: after a lost answer look at ``bonus_payments`` first."""
        self._transport.post(f"/api/v1/bulk-bonus-payments/{bonus_id}/pay/")

"""The ledger of a rehearsal: in memory, and without the locks between programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from ...study.ledger import Ledger
from ...study.machine_lock import PATIENCE


class PrivateLedger(Ledger):
    """Records the steps of one rehearsal. No other program knows its sandbox, so no file keeps them apart."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._alone = RLock()

    @contextmanager
    def hold(self, what: str, name: str = "", *, patience: float = PATIENCE) -> Iterator[None]:
        """Keep other threads out meanwhile."""
        with self._alone:
            yield

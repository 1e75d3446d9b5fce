"""Bringing the rows to the server: streamed from disk, looked up before they are sent again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from ...api import Client, Record
from ...api.polling import wait_until
from ...common.progress import OnProgress, Progress
from ...errors import Forbidden, Rejected, StepFailed
from ..idempotent import UNCERTAIN_OUTCOME, IdempotentSteps
from ..ledger import Ledger

_ENDED = ("complete", "partial", "failed", "pending_schema")
_AS_IMPORT = {"UNINITIALISED": "uninitialised", "READY": "complete", "ERROR": "failed"}  # of an untyped dataset
_SHOWN_ERRORS = 20
_LONGEST = 300  # characters of the server's words on one row
_TRIES = 3
_TELLING = 1_000_000  # bytes: smaller files are gone before a bar could be seen


@dataclass(frozen=True)
class Rows:
    """What is to be uploaded.

    Parameters
    ----------
    numbers : sequence of int
        The spreadsheet's number of each row.
    write : callable
        Writes the upload into a file.
    typed : bool
        Whether it goes into a typed dataset, whose imports tell of each row.
    accept_partial : bool
        Whether to go on with the rows that the server accepted, if it rejected some.
    """

    numbers: Sequence[int]
    write: Callable[[IO[bytes]], None]
    typed: bool
    accept_partial: bool


def send_rows(client: Client, ledger: Ledger, key: str, dataset_id: str, rows: Rows, on_progress: OnProgress) -> None:
    """Upload the rows into a dataset, once, and wait until they are imported.

    Raises
    ------
    StepFailed
        Rows were rejected, or the import failed; the message has the server's words on each row.
    """
    sender = (_Uploader if rows.typed else _UntypedSender)(client, ledger, key, dataset_id)
    known = ledger.step(key, "import")
    if known is not None and known.state == "done":
        return
    ident = known.note if known is not None and sender.arrived(known.note, known.at) else None
    if ident is None:
        with TemporaryFile() as file:
            rows.write(file)
            ident = sender.send(file, on_progress)
    job = sender.wait(ident)
    if job.status != "complete" and not (job.status == "partial" and rows.accept_partial):
        ledger.withdraw(key, "dataset", "import")  # its rows are incomplete: the next launch begins with a new one
        raise StepFailed(_failure(job, rows.numbers))
    _check_count(client, ledger, key, dataset_id, rows)
    ledger.done(key, "import", ident)


class _Uploader:
    """Sends a file as an import, and knows whether it arrived."""

    def __init__(self, client: Client, ledger: Ledger, key: str, dataset_id: str) -> None:
        self._client, self._ledger, self._key, self._dataset = client, ledger, key, dataset_id

    def send(self, file: IO[bytes], on_progress: OnProgress) -> str:
        """Ask for an address and send the file there; an address that expired is asked for again."""
        for attempt in range(1, _TRIES + 1):
            address = self._client.datasets.upload_address(self._dataset, "data.csv")
            ident = str(address.get("import_id") or "")
            self._ledger.intend(self._key, "import", ident)
            try:
                self._client.datasets.send(address, _ProgressReader(file, on_progress))  # type: ignore[arg-type]
            except UNCERTAIN_OUTCOME:
                if attempt == _TRIES and not self.arrived(ident):
                    raise
            except (Forbidden, Rejected):  # what storage says of an address that has expired
                if attempt == _TRIES:
                    raise
                continue
            if self.arrived(ident):
                return ident
        raise StepFailed(
            f"The file was taken {_TRIES} times, and dataset {self._dataset} still has no sign of it. Nothing was "
            "published. Launch again later; if it stays so, tell Prolific's support."
        )

    def arrived(self, import_id: str, sent: float | None = None) -> bool:
        """Whether the server has the file of an import."""

        def find() -> str | None:
            status = self._look(import_id).status
            return None if status == "uninitialised" else str(status)

        return IdempotentSteps(self._client, self._ledger, self._key).search(find, sent) is not None

    def wait(self, import_id: str) -> Record:
        """The import once it has ended."""
        return wait_until(
            lambda: self._look(import_id),
            lambda job: job.status in _ENDED,
            what="The import of the rows",
            every=self._client.pace.job,
        )

    def _look(self, import_id: str) -> Record:
        return self._client.datasets.import_job(self._dataset, import_id)


class _UntypedSender(_Uploader):
    """Sends a file to an untyped dataset, which has one word for all its uploads and no word on single rows."""

    def _look(self, import_id: str) -> Record:
        status = self._client.datasets.status(self._dataset)
        return Record(status=_AS_IMPORT.get(status, status), reason=f"dataset {self._dataset} is {status}")


class _ProgressReader:
    """A file from its beginning that tells how much of it was read."""

    def __init__(self, file: IO[bytes], on_progress: OnProgress) -> None:
        self._file, self._tell = file, on_progress
        self._size, self._told = file.seek(0, 2), 0
        file.seek(0)

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        done = self._file.tell()
        if self._size >= _TELLING and (done - self._told >= self._size // 20 or (done == self._size > self._told)):
            self._told = done
            self._tell(Progress("Uploading the rows (kB)", done // 1000, self._size // 1000))
        return chunk


def _check_count(client: Client, ledger: Ledger, key: str, dataset_id: str, rows: Rows) -> None:
    """Refuse a dataset that has more rows than were given, or fewer where nothing else would tell.

    More: an upload thought lost arrived after all. Fewer: untyped datasets say nothing of single rows.
    """
    held, sent = int(client.datasets.get(dataset_id).get("total_datapoint_count") or 0), len(rows.numbers)
    said = f"Dataset {dataset_id} holds {held} rows where {sent} were sent"
    if held > sent:
        ledger.withdraw(key, "dataset", "import")
        raise StepFailed(
            f"{said}: an upload arrived twice. It costs nothing and is not used. Launch again: a new one is made."
        )
    if held < sent and not rows.typed and not rows.accept_partial:
        ledger.withdraw(key, "dataset", "import")
        raise StepFailed(
            f"{said}; which ones it left out Prolific does not say. Compare the file with the dataset on Prolific's "
            "page, mend it and launch again. Or go on without them: pnb.launch(..., accept_partial=True)."
        )


def _failure(job: Record, rows: Sequence[int]) -> str:
    """The end of an import in words; `rows` are the spreadsheet's numbers of the records, which count from zero."""
    errors = job.get("errors") or []
    said = []
    for error in errors[:_SHOWN_ERRORS]:
        index, column = error.get("record_index"), error.get("field")
        row = f"row {rows[index]}" if index is not None and index < len(rows) else "a row"
        said.append(f"{row}{f', column {column!r}' if column else ''}: {str(error.get('reason'))[:_LONGEST]}")
    if len(errors) > _SHOWN_ERRORS:
        said.append(f"and {len(errors) - _SHOWN_ERRORS} more")
    counts = f"{job.get('accepted_count', 0)} rows accepted, {job.get('rejected_count', 'all')} rejected"
    reasons = "; ".join([*said, *([str(job.reason)[:_LONGEST]] if job.get("reason") else [])])
    without = " Or go on without them: pnb.launch(..., accept_partial=True)." if job.status == "partial" else ""
    return (
        f"The import ended {job.status!r} ({counts}): {reasons or 'no reason given'}. Mend these rows and launch "
        f"again.{without}"
    )

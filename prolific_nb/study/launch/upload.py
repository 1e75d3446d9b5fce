"""Uploading the rows: streamed from disk, and only if the server does not have them yet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from ...api import Client, Record
from ...api.polling import wait_until
from ...common.display import notify
from ...common.progress import OnProgress, Progress
from ...errors import Forbidden, NotFound, Rejected, StepFailed, UnexpectedResponse
from ..flows import MAX_CHARS, describe_rejected
from ..idempotent import UNCERTAIN_OUTCOME, IdempotentSteps
from ..ledger import Ledger

_ENDED = ("complete", "partial", "failed", "pending_schema")
_AS_IMPORT = {"UNINITIALISED": "uninitialised", "READY": "complete", "ERROR": "failed"}  # of an untyped dataset
_TRIES = 3
_MIN_BYTES = 1_000_000  # smaller files are uploaded before a progress bar would be visible


@dataclass(frozen=True)
class Rows:
    """The rows to upload.

    Parameters
    ----------
    numbers : sequence of int or str
        The spreadsheet's number of each row, or its name.
    write : callable
        Writes the upload to a file.
    typed : bool
        Whether the dataset is typed; only imports of typed datasets report errors per row.
    accept_partial : bool
        Whether to continue with the accepted rows if the server rejected some.
    repeated_gold : bool
        Whether a gold row is in several task groups.
    """

    numbers: Sequence[int | str]
    write: Callable[[IO[bytes]], None]
    typed: bool
    accept_partial: bool
    repeated_gold: bool = False


def send_rows(client: Client, ledger: Ledger, key: str, dataset_id: str, rows: Rows, on_progress: OnProgress) -> None:
    """Upload the rows to a dataset once, and wait until they are imported.

    Raises
    ------
    StepFailed
        Rows were rejected, or the import failed; the message quotes the server's reason for each row.
    """
    uploader = (_Uploader if rows.typed else _UntypedUploader)(client, ledger, key, dataset_id)
    known = ledger.step(key, "import")
    if known is not None and known.state == "done":
        return
    ident = known.note if known is not None and uploader.arrived(known.note, known.at) else None
    if ident is None:
        with closing(_written(rows)) as file:
            ident = uploader.send(file, on_progress)
    job = uploader.wait(ident)
    if job.status != "complete" and not (job.status == "partial" and rows.accept_partial):
        ledger.withdraw(key, "dataset", "import")  # incomplete: the next launch creates a new dataset
        raise StepFailed(_failure(job, rows.numbers))
    _check_count(client, ledger, key, dataset_id, rows, job)
    ledger.done(key, "import", ident)


def _written(rows: Rows) -> IO[bytes]:
    """A temporary file with the rows, so that they are streamed from disk."""
    try:
        file = TemporaryFile()  # noqa: SIM115  (closed by the caller)
        try:
            rows.write(file)
            file.flush()  # a full disk is noticed here, not in the middle of the upload
        except BaseException:
            with suppress(OSError):  # closing writes what is left, and fails again
                file.close()
            raise
    except OSError as failure:
        raise StepFailed(
            f"The temporary file of the upload could not be written in {tempfile.gettempdir()}: "
            f"{failure.strerror or failure}. No rows were sent. Free some space there, or set TMPDIR to a folder on "
            "another disk and restart the kernel; then launch again."
        ) from failure
    return file


class _Uploader:
    """Uploads a file as an import, and checks whether it arrived."""

    def __init__(self, client: Client, ledger: Ledger, key: str, dataset_id: str) -> None:
        self._client, self._ledger, self._key, self._dataset = client, ledger, key, dataset_id

    def send(self, file: IO[bytes], on_progress: OnProgress) -> str:
        """Request an upload URL and send the file there; an expired URL is requested again."""
        for attempt in range(1, _TRIES + 1):
            target = self._client.datasets.upload_address(self._dataset, "data.csv")
            ident = str(target.get("import_id") or "")
            self._refuse_unnamed(ident)
            self._ledger.intend(self._key, "import", ident)
            try:
                self._client.datasets.send(target, _ProgressReader(file, on_progress))  # type: ignore[arg-type]
            except UNCERTAIN_OUTCOME:
                if attempt == _TRIES and not self.arrived(ident):
                    raise
            except (Forbidden, Rejected):  # storage's response for an expired URL
                if attempt == _TRIES:
                    raise
                continue
            if self.arrived(ident):
                return ident
        raise StepFailed(
            f"The file was uploaded {_TRIES} times, but dataset {self._dataset} shows no import. Nothing was "
            "published. Launch again later; if this repeats, contact Prolific's support."
        )

    def _refuse_unnamed(self, import_id: str) -> None:
        if not import_id:
            raise UnexpectedResponse(
                f"The upload URL of dataset {self._dataset} came without an import_id, so its import cannot be "
                "observed. Nothing was sent. Launch again.",
                field="import_id",
            )

    def arrived(self, import_id: str, sent: float | None = None) -> bool:
        """Whether the server has received the file of an import."""

        def find() -> str | None:
            try:
                status = self._look(import_id).status
            except NotFound:  # no such import: its file did not arrive under this ID
                return None
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


class _UntypedUploader(_Uploader):
    """Uploads a file to an untyped dataset, which has one status for all uploads and no errors per row."""

    def _refuse_unnamed(self, import_id: str) -> None:
        """Uploads to an untyped dataset have no ID."""

    def _look(self, import_id: str) -> Record:
        status = self._client.datasets.status(self._dataset)
        return Record(status=_AS_IMPORT.get(status, status), reason=f"dataset {self._dataset} is {status}")


class _ProgressReader:
    """A file that reports how much of it was read."""

    def __init__(self, file: IO[bytes], on_progress: OnProgress) -> None:
        self._file, self._on_progress = file, on_progress
        self._size, self._reported = file.seek(0, 2), 0
        file.seek(0)

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        done = self._file.tell()
        if self._size >= _MIN_BYTES and (
            done - self._reported >= self._size // 20 or (done == self._size > self._reported)
        ):
            self._reported = done
            self._on_progress(Progress("Uploading the rows (kB)", done // 1000, self._size // 1000))
        return chunk


def _check_count(client: Client, ledger: Ledger, key: str, dataset_id: str, rows: Rows, job: Record) -> None:
    """Refuse a dataset with more rows than were sent, or with fewer than the import accepted.

    More: an upload that seemed lost arrived after all. Fewer: untyped datasets do not report rejected rows, and the
    server may take rows for duplicates of others.
    """
    held, sent = int(client.datasets.get(dataset_id).get("total_datapoint_count") or 0), len(rows.numbers)
    what = f"Dataset {dataset_id} has {held} rows, but {sent} were sent"
    if held > sent:
        ledger.withdraw(key, "dataset", "import")
        raise StepFailed(
            f"{what}: an upload arrived twice. The dataset costs nothing and is not used. "
            "Launch again to create a new one."
        )
    missing = sent - held - int(job.get("rejected_count") or 0)
    if rows.typed and missing > 0:
        which = f"{missing} {'row is' if missing == 1 else 'rows are'} missing"
        why = f"the server reports {job.get('duplicate_count') or 0} as duplicates of other rows"
        if rows.accept_partial:
            notify(f"{what}. {which}: {why}. They will not be annotated.")
            return
        ledger.withdraw(key, "dataset", "import")
        raise StepFailed(
            f"{what}. {which}: {why}. Nothing was published. {_advice(rows)} and launch again. To continue without "
            "them: pnb.launch(..., accept_partial=True)."
        )
    if held < sent and not rows.typed and not rows.accept_partial:
        ledger.withdraw(key, "dataset", "import")
        raise StepFailed(
            f"{what}; Prolific does not report which rows it rejected. Compare the file with the dataset on Prolific's "
            "page, fix the rows and launch again. To continue without them: pnb.launch(..., accept_partial=True)."
        )


def _advice(rows: Rows) -> str:
    if rows.repeated_gold:
        return "Gold rows are in several task groups: add gold rows until each is in one, or leave them out,"
    return "Remove the rows that repeat another row's content"


def _failure(job: Record, rows: Sequence[int | str]) -> str:
    """A description of a failed import; `rows` are the spreadsheet's numbers of the records."""
    errors = describe_rejected(job.get("errors") or [], rows, first_index=0)
    counts = f"{job.get('accepted_count', 0)} rows accepted, {job.get('rejected_count', 'all')} rejected"
    reasons = "; ".join(filter(None, [errors, str(job.get("reason") or "")[:MAX_CHARS]]))
    without = " To continue without them: pnb.launch(..., accept_partial=True)." if job.status == "partial" else ""
    return (
        f"The import ended {job.status!r} ({counts}): {reasons or 'no reason given'}. Fix these rows and launch "
        f"again.{without}"
    )

"""The export of a batch: asked for, waited for, fetched, and unpacked where nothing else can be overwritten."""

from __future__ import annotations

import io
import json
import zipfile
from os import PathLike
from pathlib import Path, PurePosixPath, PureWindowsPath

from ...api import Client, Record
from ...api.polling import wait_until
from ...errors import Forbidden, NotFound, Rejected, StepFailed

_BATCH = "batch.json"
_MOST_BYTES = 20 << 30  # what an archive may unpack to; more fills a researcher's disk
_EXPIRED = (Forbidden, Rejected, NotFound)  # what storage says of an address that is no longer good


def fetch_archive(client: Client, batch_id: str) -> bytes:
    """The ZIP file of a fresh export.

    Raises
    ------
    StepFailed
        The server could not make it.
    """
    job = client.batches.request_export(batch_id)
    ident = job.get("export_id")
    for last in (False, True):
        if ident is not None:
            job = _finished(client, batch_id, ident)
        if job.get("status") != "complete":
            raise StepFailed(f"The export of batch {batch_id} ended {job.get('status')!r}. Ask for it again.")
        try:
            return client.batches.download_export(job)
        except _EXPIRED:
            if last:
                raise
        if ident is None:  # complete at once: asking again gives a new address
            job = client.batches.request_export(batch_id)
            ident = job.get("export_id")
    raise AssertionError("the second round returns or raises")


def _finished(client: Client, batch_id: str, export_id: str) -> Record:
    return wait_until(
        lambda: client.batches.export_job(batch_id, export_id),
        lambda seen: seen.status != "generating",
        what="The export",
        every=client.pace.job,
    )


def unpack(archive: bytes, folder: str | PathLike[str], batch_id: str) -> Path:
    """Unpack an export into a folder that is new, empty, or holds an earlier export of the same batch.

    Parameters
    ----------
    archive : bytes
        The ZIP file.
    folder : path
        Made if it does not exist.
    batch_id : str
        Whose export it is.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FileExistsError
        The folder holds something else; nothing was written.
    StepFailed
        The archive would write outside the folder, or is too large; nothing was written.
    """
    target = Path(folder).expanduser()
    _refuse_taken(target, batch_id)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        _refuse_unsafe(opened)
        target.mkdir(parents=True, exist_ok=True)
        opened.extractall(target)
    return target


def _refuse_taken(target: Path, batch_id: str) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    try:
        known = json.loads((target / _BATCH).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if not isinstance(known, dict) or known.get("id") != batch_id:
        raise FileExistsError(
            f"{target} exists and is no earlier export of batch {batch_id}. Nothing was written. "
            "Name a folder that is empty or does not exist yet."
        )


def _refuse_unsafe(opened: zipfile.ZipFile) -> None:
    entries = opened.infolist()
    # A symbolic link or a path with ".." could write anywhere that this user may.
    bad = [entry.filename for entry in entries if _leaves(entry.filename) or entry.external_attr >> 28 == 0xA]
    if bad:
        raise StepFailed(f"The export holds {', '.join(map(repr, bad))}, outside its folder. Nothing was unpacked.")
    size = sum(entry.file_size for entry in entries)
    if size > _MOST_BYTES:
        raise StepFailed(f"The export would unpack to {size:,} bytes, more than {_MOST_BYTES:,}. Nothing was unpacked.")


def _leaves(name: str) -> bool:
    ways = PurePosixPath(name), PureWindowsPath(name)
    return any(way.is_absolute() or ".." in way.parts or way.drive for way in ways)

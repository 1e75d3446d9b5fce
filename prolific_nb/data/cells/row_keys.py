"""Keys of rows, and the digest of a table: both depend on the content only, and are stored in ledgers and uploads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring

import numpy as np
import numpy.typing as npt

from .cell_store import CellStore

Digests = npt.NDArray[np.uint64]


def row_digests(store: CellStore) -> Digests:
    """The first 48 bits of the SHA-256 of the cells of each row as JSON."""
    chunks = [_digests_of(columns) for columns in store.chunks()]
    return np.concatenate(chunks) if chunks else np.empty(0, np.uint64)


def row_keys(digests: Digests) -> Iterator[str]:
    """The keys one by one: a million at once would exceed the memory budget of an upload."""
    ordered = np.sort(digests)
    seen = dict.fromkeys(ordered[1:][ordered[1:] == ordered[:-1]].tolist(), 0)
    for digest in digests:
        number = int(digest)
        if number in seen:
            seen[number] += 1
            yield f"{number:012x}-{seen[number]}"
        else:
            yield f"{number:012x}-1"


def table_digest(names: Sequence[str], store: CellStore) -> str:
    """SHA-256 of the column names and cells, in hex."""
    content = hashlib.sha256(_as_json(tuple(names)).encode())
    for columns in store.chunks():
        content.update("".join([f"\n{record}" for record in _records(columns)]).encode())
    return content.hexdigest()


def _digests_of(columns: Sequence[Sequence[str]]) -> Digests:
    whole = b"".join([hashlib.sha256(record.encode()).digest()[:8] for record in _records(columns)])
    return np.frombuffer(whole, ">u8").astype(np.uint64) >> np.uint64(16)


def _records(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    return map(_as_list, zip(*(map(encode_basestring, column) for column in columns), strict=True))


def _as_json(record: Sequence[str]) -> str:
    return _as_list(tuple(map(encode_basestring, record)))


def _as_list(encoded: tuple[str, ...]) -> str:
    return f"[{','.join(encoded)}]"

"""Keys of rows, and the digest of a table: both depend on the content only, and are stored in ledgers and uploads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring

import numpy as np
import numpy.typing as npt

from .cell_store import CellStore

_AT_ONCE = 1024  # keys

Digests = npt.NDArray[np.uint64]


def digests(names: Sequence[str], store: CellStore) -> tuple[Digests, str]:
    """The first 48 bits of the SHA-256 of the cells of each row as JSON; and in hex, that of all names and cells."""
    whole, rows = hashlib.sha256(_as_list(tuple(map(encode_basestring, names))).encode()), [np.empty(0, np.uint64)]
    for columns in store.chunks():
        records = map(_as_list, zip(*(map(encode_basestring, column) for column in columns), strict=True))
        joined = "\n".join(records).encode()
        whole.update(b"\n" + joined)
        each = b"".join([hashlib.sha256(record).digest() for record in joined.split(b"\n")])
        rows.append(np.frombuffer(each, ">u8")[::4].astype(np.uint64) >> np.uint64(16))
    return np.concatenate(rows), whole.hexdigest()


def row_keys(digests: Digests) -> Iterator[str]:
    """The keys one by one: a million at once would exceed the memory budget of an upload."""
    ordered = np.sort(digests)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    seen = dict.fromkeys(repeated.tolist(), 0)
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        in_hex = (some << np.uint64(16)).astype(">u8").view(np.uint8).reshape(-1, 8)[:, :6].tobytes().hex(" ", 6)
        keys = in_hex.replace(" ", "-1 ").split(" ")
        keys[-1] += "-1"
        for place in np.flatnonzero(np.isin(some, repeated)).tolist() if seen else ():
            number = int(some[place])
            seen[number] += 1
            keys[place] = f"{number:012x}-{seen[number]}"
        yield from keys


def _as_list(encoded: tuple[str, ...]) -> str:
    return f"[{','.join(encoded)}]"

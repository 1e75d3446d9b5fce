"""IDs as a deterministic function of the seed and of the object they identify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Ids:
    """Generates deterministic IDs and fractions.

    Parameters
    ----------
    seed : int
        The sandbox's seed.

    Examples
    --------
    >>> Ids(0).uuid("dataset", 1) == Ids(0).uuid("dataset", 1)
    True
    >>> len(Ids(0).hex24("study", 1))
    24
    """

    seed: int

    def digest(self, *parts: object) -> str:
        """64 hex digits for `parts`; the separator keeps ("a", "bc") and ("ab", "c") apart."""
        return sha256(_joined(self.seed, *parts).encode()).hexdigest()

    def uuid(self, *parts: object) -> str:
        """A UUID in the form of a name-based one (version 5)."""
        return _as_uuid(self.digest(*parts))

    def uuids(self, *parts: object, numbers: Iterable[int]) -> Iterator[str]:
        """The UUIDs of `parts` followed by each number; faster than `uuid` for each.

        Examples
        --------
        >>> list(Ids(0).uuids("task", numbers=[4])) == [Ids(0).uuid("task", 4)]
        True
        """
        prefix = sha256(f"{_joined(self.seed, *parts)}{_SEPARATOR}".encode())
        for number in numbers:
            whole = prefix.copy()
            whole.update(b"%d" % number)
            yield _as_uuid(whole.hexdigest())

    def uuid7(self, milliseconds: int, number: int, *parts: object) -> str:
        """A UUID that begins with a moment in milliseconds since 1970 (version 7), as the IDs of responses do.

        Those of one moment are ordered by `number` (modulo 4096): method 1 of RFC 9562, section 6.2.

        Examples
        --------
        >>> Ids(0).uuid7(1_767_603_600_000, 1, "response")[:18]
        '019b8d62-7a80-7001'
        """
        h, moment = self.digest(*parts), f"{milliseconds:012x}"
        return f"{moment[:8]}-{moment[8:]}-7{number % 4096:03x}-8{h[17:20]}-{h[20:32]}"

    def hex24(self, *parts: object) -> str:
        """24 hex digits, the form of Prolific's core IDs."""
        return self.digest(*parts)[:24]

    def fraction(self, *parts: object) -> float:
        """A fixed number in [0, 1) for `parts`."""
        return int(self.digest(*parts)[:13], 16) / 16**13


def _joined(*parts: object) -> str:
    return _SEPARATOR.join(map(str, parts))


def _as_uuid(h: str) -> str:
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-8{h[17:20]}-{h[20:32]}"

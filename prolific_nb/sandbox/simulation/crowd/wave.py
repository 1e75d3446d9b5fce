"""A wave: another mixture of people among those who arrive within a part of the arrival window."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from random import Random
from typing import Any

from ....errors import ArgumentError
from .weighted_draw import drawn


class Wave:
    """Shares of kinds among those who arrive between two shares of the arrival window; the rest are as usual.

    Parameters
    ----------
    start, end : float
        Shares of the arrival window, from 0 to 1.
    **shares : float
        Share of each kind, by name, among those who arrive then; together at most 1.

    Raises
    ------
    ValueError
        Values are out of range; all are named at once.

    Examples
    --------
    >>> Wave(0.4, 0.6, spammer=0.5)
    Wave(0.4, 0.6, spammer=0.5)
    """

    __slots__ = ("end", "shares", "start")
    start: float
    end: float
    shares: dict[str, float]

    def __init__(self, start: float, end: float, **shares: float) -> None:
        given = {"start": start, "end": end, **shares}
        found = [
            f"{name} is {value!r:.80}. Use a number from 0 to 1."
            for name, value in given.items()
            if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= value <= 1
        ]
        if not found and start >= end:
            found.append(f"start is {start:g} and end is {end:g}. Use a start before the end.")
        if not found and sum(shares.values()) > 1 + 1e-9:
            found.append(f"The shares sum to {sum(shares.values()):g}. Use at most 1.")
        if not shares:
            found.append("There is no share of a kind. Add one, for example spammer=0.5.")
        if found:
            raise ArgumentError("The wave cannot be used:\n- " + "\n- ".join(found))
        for name, value in (("start", start), ("end", end), ("shares", dict(shares))):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"A wave is not changed, so {name} cannot be set. Make another one.")

    def holds(self, moment: float) -> bool:
        """Whether it is going on at this share of the arrival window."""
        return self.start <= moment < self.end

    def kind_at(self, draw: float) -> str | None:
        """The kind for a number in [0, 1); None for the usual mixture."""
        return drawn(self.shares.items(), draw)

    def _key(self) -> tuple[Any, ...]:
        return self.start, self.end, tuple(self.shares.items())

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, self._key()

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Wave) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        shares = "".join(f", {name}={value!r}" for name, value in self.shares.items())
        return f"Wave({self.start!r}, {self.end!r}{shares})"


def kind_in_wave(waves: Sequence[Wave], moment: float, rng: Random) -> str | None:
    """Name of the kind that a wave brings at this share of the arrival window; None for the usual mixture."""
    wave = next((each for each in waves if each.holds(moment)), None)
    return wave.kind_at(rng.random()) if wave else None


def _remade(start: float, end: float, shares: tuple[tuple[str, float], ...]) -> Wave:
    return Wave(start, end, **dict(shares))

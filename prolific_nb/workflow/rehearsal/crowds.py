"""Simulated people by the shares of their kinds, for callers above the workflow."""

from __future__ import annotations

from collections.abc import Mapping

from ...sandbox import People


def crowd_of(shares: Mapping[str, float]) -> People:
    """`People.mix` of these shares.

    Examples
    --------
    >>> crowd_of({"spammer": 0.2})
    People.mix(careful=0.8, spammer=0.2)
    """
    return People.mix(**shares)  # type: ignore[arg-type]  # the names are those of kinds

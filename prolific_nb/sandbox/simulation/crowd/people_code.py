"""The expression that makes some people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from .built_in_kinds import BUILT_IN
from .mixture import REPLACED, mixed
from .person_kind import PersonKind

_ALWAYS = 5  # fields that are written even with their default


def code_of(people: Any, default: Any, default_mix: Any, prefix: str) -> str:
    """A call of ``People.mix`` if it makes these people, or else of ``People``.

    Parameters
    ----------
    people, default, default_mix : People
        What is written, and what both calls make without arguments.
    prefix : str
        Before each name of the package, such as ``"pnb."``.
    """
    names = [each.name for each in fields(people)]
    same = all(getattr(people, name) == getattr(default_mix, name) for name in REPLACED)  # which mix does not take
    shares = _shares(people.kinds) if people.kinds and same else None
    if shares is None:
        given = [
            f"{name}={_value(getattr(people, name), prefix)}"
            for place, name in enumerate(names)
            if place < _ALWAYS or getattr(people, name) != getattr(default, name)
        ]
        return f"{prefix}People({', '.join(given)})"
    own = people.kinds[len(shares) :]
    given = [f"{name}={share!r}" for name, share in shares.items()]
    given += [f"kinds={_value(own, prefix)}"] if own else []
    given += [f"{name}={_value(value, prefix)}" for name, value in _further(people, default_mix)]
    return f"{prefix}People.mix({', '.join(given)})"


def _shares(kinds: Sequence[PersonKind]) -> dict[str, float] | None:
    """The arguments of `mix` that make these kinds, beside `kinds`; None if none do."""
    known: dict[str, float | None] = dict.fromkeys(BUILT_IN, 0.0)
    found = dict[str, float]()
    for kind in kinds:
        if kind.name not in BUILT_IN or replace(BUILT_IN[kind.name], share=kind.share) != kind:
            break
        found[kind.name] = kind.share
    made = mixed({**known, **found}, kinds[len(found) :])
    return found if made == tuple(kinds) else None


def _further(people: Any, default: Any) -> Iterator[tuple[str, Any]]:
    for each in fields(people):
        value = getattr(people, each.name)
        if each.name not in (*REPLACED, "kinds") and value != getattr(default, each.name):
            yield each.name, value


def _value(value: Any, prefix: str) -> str:
    if not isinstance(value, tuple):
        return repr(value)
    parts = [f"{prefix}{each!r}" for each in value]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"

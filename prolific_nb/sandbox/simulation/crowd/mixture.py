"""Which kinds make up the participants, and in which shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ....common.plurals import a_type
from ....errors import ArgumentError
from .built_in_kinds import BUILT_IN, SHARES
from .person_kind import PersonKind
from .wave import Wave
from .weighted_draw import drawn

REPLACED = ("skill", "skill_spread", "pace_spread")
"""The fields of people that kinds replace."""
_NEARLY = 1e-9
_REST = "careful"


def mixed(shares: Mapping[str, float | None], kinds: Sequence[PersonKind]) -> tuple[PersonKind, ...]:
    """The built-in kinds with a share, careful people as the rest unless given, then `kinds`.

    Raises
    ------
    ArgumentError
        A share is not a number from 0 to 1, they leave less than nothing for careful people, or nobody takes part.
    """
    wrong = [each for each in kinds if not isinstance(each, PersonKind)]
    if wrong:
        raise ArgumentError(f"kinds contains {wrong[0]!r:.80}, which is not a PersonKind. Pass PersonKind(...) only.")
    named = dict(shares)
    if not kinds and all(share is None for share in named.values()):
        named = dict(SHARES)
    found = {name: replace(BUILT_IN[name], share=share) for name, share in named.items() if share is not None}
    if named[_REST] is None:
        rest = 1 - sum(each.share for each in (*found.values(), *kinds))
        if rest < -_NEARLY:
            raise ArgumentError(f"The shares of the kinds sum to {1 - rest:g}, above 1. Reduce them.")
        found = {_REST: replace(BUILT_IN[_REST], share=max(round(rest, 12), 0.0)), **found}
    made = (*(each for each in found.values() if each.share), *kinds)
    if not made:
        raise ArgumentError("The shares of the kinds sum to 0, but must sum to 1. Leave out careful.")
    return made


def checked_kinds(kinds: Sequence[PersonKind], waves: Sequence[Wave]) -> Iterator[str]:
    """What is wrong with the kinds and waves of some people."""
    for name, values, known in (("kinds", kinds, PersonKind), ("waves", waves, Wave)):
        for each in values:
            if not isinstance(each, known):
                yield f"{name} contains {a_type(each)}. Pass {known.__name__}(...) only."
                return
    names = [each.name for each in kinds]
    for name in dict.fromkeys(each for each in names if names.count(each) > 1):
        yield f"There are {names.count(name)} kinds with the name {name!r}. Give each another name."
    total = sum(each.share for each in kinds)
    if kinds and abs(total - 1) > 1e-6:
        yield f"The shares of the kinds sum to {total:g}, but must sum to 1. Leave out careful, which is then the rest."
    known_names = [*names, *(each for each in BUILT_IN if each not in names)]
    for name in dict.fromkeys(name for wave in waves for name in wave.shares if name not in known_names):
        yield f"A wave has the kind {name!r}, which is unknown. Use one of {', '.join(known_names)}."


def kind_at(kinds: Sequence[PersonKind], draw: float) -> PersonKind:
    """The kind for a number in [0, 1)."""
    found = drawn(((kind, kind.share) for kind in kinds), draw)
    return found or next(each for each in reversed(kinds) if each.share)  # by a rounding error

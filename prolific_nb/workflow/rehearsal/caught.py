"""Which kinds of simulated people the flags found."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from ...analysis import Flags
from ...analysis.flag_rules import FLAGS
from ...sandbox import People
from ...sandbox.simulation.crowd.built_in_kinds import BUILT_IN

_HALF = 0.5
_ONE_KIND = "simulated person"


def honest_kinds(people: People) -> set[str]:
    """The names of the kinds most of whose answers follow from the row, not from a habit, a guess or the clipboard."""
    kinds = BUILT_IN | {each.name: each for each in people.kinds}  # a wave may bring kinds that are not among these
    careless = {name for name, each in kinds.items() if max(each.bias, each.guesses, each.pastes) > _HALF}
    return {_ONE_KIND, *kinds} - careless


def caught_by_kind(
    frame: pd.DataFrame, found: Flags | None, kinds: Mapping[str, str], honest: Collection[str]
) -> pd.DataFrame:
    """One row per kind of people: how many took part, how many have a flag, and how many have each flag.

    Parameters
    ----------
    frame : DataFrame
        The answers, with ``participant_id``.
    found : Flags or None
        None without answers.
    kinds : mapping of str to str
        The kind of each participant, by ID; empty if all are of one kind.
    honest : collection of str
        As `honest_kinds`.
    """
    people = list(dict.fromkeys(frame["participant_id"].astype(object)))
    kind = pd.Series({each: kinds.get(each, _ONE_KIND) for each in people}, dtype=object)
    order = sorted(set(kind), key=lambda each: (each not in honest, each))
    rows = []
    for each in order:
        of_kind = kind.index[kind == each]
        named = None if found is None else found[found["participant_id"].isin(list(of_kind))]
        flagged = [0 if named is None else _people(named)]
        flagged += [0 if named is None else _people(named[named["flag"] == flag]) for flag in FLAGS]
        rows.append((each, each in honest, len(of_kind), *flagged))
    table = pd.DataFrame(rows, columns=["kind", "honest", "people", "flagged", *FLAGS])
    numbers = dict.fromkeys(("people", "flagged", *FLAGS), "int64")
    return table.astype({"kind": object, "honest": bool, **numbers})


def _people(named: pd.DataFrame) -> int:
    return int(named["participant_id"].nunique())

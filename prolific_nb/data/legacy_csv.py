"""The CSV for Prolific's legacy flow, where the column names control what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..common.findings import Finding

HIDDEN = "META_"
GROUPING = "META_TASK_GROUP_ID"
_ROW_COLUMN = "pnb_row"
_PLAYED = ("audio", "video")


def headers(kinds: Mapping[str, str], shown: Sequence[str]) -> dict[str, str]:
    """The header of each column, in the order of the upload: shown columns first.

    Parameters
    ----------
    kinds : mapping of str to str
        Kind by name of column.
    shown : sequence of str
        Columns that participants see, in order.

    Examples
    --------
    >>> headers({"id": "other", "review": "text", "meta_task_group_id": "group"}, ["review"])
    {'review': 'review', 'id': 'META_id', 'meta_task_group_id': 'META_TASK_GROUP_ID'}
    """
    hidden = [name for name in kinds if name not in shown]
    return {name: name for name in shown} | {name: _hidden(name, kinds[name]) for name in hidden}


def _hidden(name: str, kind: str) -> str:
    if kind == "group":
        return GROUPING
    return name if name.startswith(HIDDEN) and name != GROUPING else f"{HIDDEN}{name}"


def check_untyped(kinds: Mapping[str, str], shown: Sequence[str]) -> Iterator[Finding]:
    """Problems with showing these columns in the legacy flow; every name in `shown` must exist."""
    for name in shown:
        if name.startswith(HIDDEN):
            what = f"The legacy flow hides columns whose names begin with {HIDDEN}, so this one would not be shown."
            yield Finding("error", what, "Rename it in the file.", column=name)
        elif kinds[name] in _PLAYED:
            what = f"Playback of {kinds[name]} in the legacy flow is undocumented; participants may see only the URL."
            yield Finding("warning", what, 'Launch with flow="layout".', column=name)
    counts = Counter([*headers(kinds, shown).values(), f"{HIDDEN}{_ROW_COLUMN}"])
    for name, header in headers(kinds, shown).items():
        if counts[header] > 1:
            what = f"In the legacy flow, this column and another one would both be named {header}."
            yield Finding("error", what, "Rename one of them in the file.", column=name)

"""The upload of Prolific's older flow: the names of the columns say what is shown and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..common.findings import Finding

HIDDEN = "META_"
GROUPING = "META_TASK_GROUP_ID"
_ROW_COLUMN = "pnb_row"
_HEARD_OR_WATCHED = ("audio", "video")


def headers(kinds: Mapping[str, str], shown: Sequence[str]) -> dict[str, str]:
    """The header that each column gets, in the order of the upload: the shown ones first.

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
    """What the older flow would not show, or would confuse; only columns that exist may be named."""
    for name in shown:
        if name.startswith(HIDDEN):
            what = f"The older flow hides columns whose names begin with {HIDDEN}, so nobody would see this one."
            yield Finding("error", what, "Rename it in the file.", column=name)
        elif kinds[name] in _HEARD_OR_WATCHED:
            what = f"That the older flow plays {kinds[name]} is documented nowhere; people may see the bare address."
            yield Finding("warning", what, 'Launch with flow="layout".', column=name)
    counted = Counter([*headers(kinds, shown).values(), f"{HIDDEN}{_ROW_COLUMN}"])
    for name, header in headers(kinds, shown).items():
        if counted[header] > 1:
            what = f"In the older flow this column and another one would both be called {header}."
            yield Finding("error", what, "Rename one of them in the file.", column=name)

"""Columns of a review frame that look like one that is read, and would be ignored."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from ...common.findings import Finding
from ..monitor.submissions_table import COLUMNS as SUBMISSIONS

_OWN = {*SUBMISSIONS, "bonus_had"}
"""Columns of ``run.submissions()`` and ``proposal.acts``: frames usually start from them."""
_QUALIFIERS = {
    "participant",
    "reject",
    "rejected",
    "rejection",
    "reason",
    "review",
    "reviewer",
    "code",
    "text",
    "my",
    "for",
    "of",
    "the",
}
_WORDS = {  # words that mean a column, alone or with qualifiers and numbers
    "submission_id": {"submission", "submissions", "sub"},
    "action": {"action", "actions", "act", "decision", "decisions", "verdict", "approve", "approval", "reject"},
    "category": {"category", "categories"},
    "message": {"message", "messages", "msg"},
    "bonus": {"bonus", "bonuses", "amount", "amounts", "payment", "payments", "payout"},
}
_REASON = {"reason", "reasons", "rejection", "rejectionreason", "rejectreason"}
_MONEY = {"gbp", "usd", "pounds", "dollars", "pence", "cents", "minor", "major", "paid", "due", "to", "pay", "total"}
_UNRELATED = {"bogus", "auction", "massage"}  # one letter away


def check_similar(columns: Iterable[object], known: Sequence[str]) -> Iterator[Finding]:
    """Findings about columns that resemble one of the known ones.

    An error if the resembled column is missing, or is written the same but for case, spaces and punctuation; otherwise
    a warning.

    Parameters
    ----------
    columns : iterable
        The labels of the frame's columns.
    known : sequence of str
        The columns that are read.

    Examples
    --------
    >>> known = ("submission_id", "action", "category", "message", "bonus")
    >>> [finding.level for finding in check_similar(["submission_id", "action", "Bonus", "minutes"], known)]
    ['error']
    """
    labels = list(columns)
    for name, times in Counter(label for label in labels if label in known).items():
        if times > 1:
            yield Finding("error", f"The frame has {times} columns of this name.", "Keep one.", column=str(name))
    for label in labels:
        if label in known or label in _OWN:
            continue
        meant = _resembled(str(label), known)
        if meant:
            alike = any(_folded(str(label)) == _folded(name) for name in meant)
            error = alike or any(name not in labels for name in meant)
            names = " or ".join(repr(name) for name in meant)
            what = f"This column is not read, but its name looks like {names}."
            remedy = f"Rename it to {names}, or drop it."
            yield Finding("error" if error else "warning", what, remedy, column=str(label))


def _resembled(label: str, known: Sequence[str]) -> list[str]:
    folded, words = _folded(label), _words(label)
    exact = [name for name in known if folded == _folded(name)]
    if exact:
        return exact
    if folded in _REASON or (words & _REASON and words <= _REASON | _QUALIFIERS):
        return ["category", "message"]
    for name in known:
        if name == "bonus" and "bonus" in folded:
            return [name]
        others = words - _WORDS[name]
        if words & _WORDS[name] and all(word in _allowed(name) or word.isdecimal() for word in others):
            return [name]
    return [name for name in known if folded not in _UNRELATED and _is_misspelt(folded, _folded(name))]


def _allowed(name: str) -> set[str]:
    return {"submission_id": {"id", "ids", "identifier", "number"}, "bonus": _MONEY}.get(name, _QUALIFIERS)


def _folded(label: str) -> str:
    """Letters and digits only, in one case; full-width and other compatible forms as usual ones."""
    return "".join(char for char in unicodedata.normalize("NFKC", label).casefold() if char.isalnum())


def _words(label: str) -> set[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", label)).casefold()
    return set(re.findall(r"[^\W_]+", split))


def _is_misspelt(given: str, right: str) -> bool:
    """Whether one letter was left out, added, replaced, or swapped with the next; the first letter is right."""
    if given[:1] != right[:1] or abs(len(given) - len(right)) > 1:
        return False
    start = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(given, right, strict=False))))
    a, b = given[start:], right[start:]
    swapped = len(a) == len(b) >= 2 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped

"""What the judge sees of a dispute: the row as participants saw it, their answers, the options, the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import Any

from ...common import render
from ...common.display import visible
from ...data import Dataset
from ...design.codebook import text_of
from ...workflow.run import Run
from .decisions_made import Decided
from .disputes import Dispute, Given, shown

_NO_ROWS = (
    "The rows of this study are not loaded, so this one cannot be shown as participants saw it. "
    "Open the study together with its data file to see it. Deciding works without."
)
_NO_SUCH_ROW = "The data that are loaded have no such row. Open the study together with the file it was launched with."


class Pages:
    """The rows of a run as participants saw them; a page is drawn once."""

    def __init__(self, run: Run, cells: Mapping[str, Mapping[str, str]]) -> None:
        self._run, self._cells = run, cells
        self._task = run.design.to_api()
        self._places = _places(run.data)
        self.html = lru_cache(maxsize=16)(self._html)

    def _html(self, row: str) -> str:
        """The document; empty if the cells of the row are not known."""
        datapoint = self._datapoint(row)
        if datapoint is None:
            return ""
        kinds = self._run.data.kinds if self._run.data is not None else None
        details = self._task["task_details"]
        return render.document(self._task["batch_items"], datapoint, task_details=details, kinds=kinds)

    def _datapoint(self, row: str) -> Mapping[str, str] | None:
        if self._run.data is not None:
            return self._run.data.row(self._places[row]) if row in self._places else None
        cells = self._cells.get(row, {})
        needed = self._run.design.shown
        return cells if needed and set(needed) <= cells.keys() else None

    def title(self, row: str) -> str:
        """The number of the row in the file, or its key."""
        data = self._run.data
        return f"Row {data.rows[self._places[row]]:,} of the file" if data and row in self._places else f"Row {row}"

    def missing(self) -> str:
        """Why a row cannot be shown, and what to do."""
        return _NO_ROWS if self._run.data is None else _NO_SUCH_ROW


def _places(data: Dataset | None) -> dict[str, int]:
    return {} if data is None else {key: place for place, key in enumerate(data.row_keys)}


def shown_dispute(
    dispute: Dispute, place: int, pages: Pages, decided: Decided | None, *, blind: bool
) -> dict[str, Any]:
    """A dispute for the `DisputeDesk`, of JSON types only; its texts are written as text there."""
    asked, html = dispute.asked, pages.html(dispute.row)
    order = Random(dispute.id)  # the same whenever the row is shown
    answers = _without_names(dispute, order) if blind else _with_names(dispute)
    offered = _options(dispute) if asked.options else [(each["value"], each["label"]) for each in answers]
    keys = _keys([label for _, label in offered])
    return {
        "id": dispute.id,
        "place": place,
        "title": visible(pages.title(dispute.row)),
        "html": html,
        "missing": "" if html else pages.missing(),
        "question": visible(asked.question),
        "many": asked.kind == "many",
        "limit": asked.limit or 0,
        "own": asked.kind if asked.kind in ("text", "number") else "",
        "options": [
            {"value": value, "label": visible(label), "key": key}
            for (value, label), key in zip(offered, keys, strict=True)
        ],
        "answers": answers,
        "decision": _decision(dispute, decided),
    }


def _options(dispute: Dispute) -> list[tuple[str, str]]:
    """Value and label of everything that was offered."""
    asked = dispute.asked
    return [(text_of(value), label) for value, label in zip(asked.options, asked.labels, strict=True)]


def _keys(labels: Sequence[str]) -> list[str]:
    """The key of each option: its place from 1, or the label itself where all labels are single digits."""
    if len({*labels}) == len(labels) and all(len(label) == 1 and label in "0123456789" for label in labels):
        return list(labels)
    return [str(place) if place <= 9 else "" for place in range(1, len(labels) + 1)]


def _label(dispute: Dispute, given: Given) -> str:
    return f"{shown(dispute.asked, given.values)} {given.unit}".rstrip()


def _without_names(dispute: Dispute, order: Random) -> list[dict[str, Any]]:
    """Each different answer once, in random order, with all explanations of it; nothing says how often it was given."""
    found = _by_label(dispute)
    labels = list(found)
    order.shuffle(labels)
    return [_answer(label, found[label], order) for label in labels]


def _with_names(dispute: Dispute) -> list[dict[str, Any]]:
    """Everyone's answer, in the order in which they were given; texts and numbers once, with all who gave them."""
    if dispute.asked.options:
        everyone = enumerate(dispute.answers, 1)
        return [_answer(_label(dispute, each), [(place, each)]) for place, each in everyone]
    return [_answer(label, answers) for label, answers in _by_label(dispute).items()]


def _by_label(dispute: Dispute) -> dict[str, list[tuple[int, Given]]]:
    found: dict[str, list[tuple[int, Given]]] = {}
    for place, each in enumerate(dispute.answers, 1):
        found.setdefault(_label(dispute, each), []).append((place, each))
    return found


def _answer(label: str, answers: Sequence[tuple[int, Given]], order: Random | None = None) -> dict[str, Any]:
    """One answer; without names where there is an order in which to show the explanations."""
    words = list(dict.fromkeys(each for _, given in answers for each in given.words))
    if order is not None:
        order.shuffle(words)
    return {
        "value": " ".join(answers[0][1].values),
        "label": visible(label),
        "who": "" if order is not None else ", ".join(_who(given, place) for place, given in answers),
        "words": [[visible(about), visible(text)] for about, text in words],
    }


def _who(given: Given, place: int) -> str:
    time = "" if given.seconds is None else f" · {_seconds(given.seconds)}"
    return f"{place}. {visible(given.participant[:8])}{'…' if len(given.participant) > 8 else ''}{time}"


def _seconds(seconds: float) -> str:
    """Such as “34 s” or “2 min 5 s”."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def _decision(dispute: Dispute, decided: Decided | None) -> dict[str, Any] | None:
    if decided is None:
        return None
    words = visible(decided.words(dispute.asked))
    return {"values": list(decided.values), "words": words, "reason": decided.reason}


def progress_words(decided: int, total: int) -> str:
    """Such as “12 of 40 decided”.

    Examples
    --------
    >>> progress_words(12, 40), progress_words(40, 40), progress_words(0, 0)
    ('12 of 40 decided', 'All 40 decided', '')
    """
    if not total:
        return ""
    return f"{decided:,} of {total:,} decided" if decided < total else f"All {total:,} decided"

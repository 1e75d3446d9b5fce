"""Which datapoint of the report belongs to which task.

A response names its task, the report names a datapoint, and whether these are the same ID is undocumented. Where they
differ, the answers tell: a task belongs to the datapoint for which the same participants gave the same answers. A task
for which several datapoints fit stays without one.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from ...design import Codebook, Question, text_of
from .report_lines import ReportLine

_Cells = Mapping[tuple[str, str], Mapping[str, list[tuple[str, Any]]]]


@lru_cache(maxsize=1 << 16)  # a study has few labels, each given many times
def plain(text: str) -> str:
    r"""A string as it is compared: composed characters, and single spaces instead of any white space.

    Examples
    --------
    >>> plain(" a\r\n b ")
    'a b'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(frozen=True)
class _Given:
    """One response: what the report should have for it."""

    task: str
    participant: str
    question: str
    moment: Any
    exact: frozenset[str]
    parts: tuple[frozenset[str], ...]
    others: frozenset[str] = frozenset()

    def fits(self, cell: str) -> bool:
        """Whether a cell may be this answer. How several parts are put together is undocumented."""
        if self.exact:
            return cell in self.exact
        return all(any(word in cell for word in part) for part in self.parts) and not any(
            word in cell for word in self.others
        )


def match_datapoints(
    records: Iterable[Mapping[str, Any]], lines: Sequence[ReportLine], codebook: Codebook
) -> dict[str, str]:
    """The datapoint of each task, as far as it is certain.

    Parameters
    ----------
    records : iterable of mapping
        Records of the API's responses.
    lines : sequence of ReportLine
        The report, downloaded after the responses.
    codebook : Codebook
        The questions with their instruction IDs, to know the labels of the answers.
    """
    records = list(records)
    tasks = {str(record["task_id"]) for record in records}
    if same := tasks & {line.datapoint for line in lines}:
        return {task: task for task in same}
    given = _given(records, codebook)
    cells = _cells(lines)
    if not _same_clock(given, cells):
        given = [replace(each, moment=None) for each in given]
    return _certain(_candidates(given, cells))


def _given(records: Iterable[Mapping[str, Any]], codebook: Codebook) -> list[_Given]:
    asked = {each.instruction_id: each for each in codebook}
    found = []
    for record in records:
        question = asked.get(record["response"]["instruction_id"])
        if question is not None:
            exact, parts = _expected(question, record["response"]["answer"])
            moment = _moment(record["created_at"])
            who, what = str(record["participant_id"]), plain(question.question)
            others = _not_picked(question, parts)
            found.append(_Given(str(record["task_id"]), who, what, moment, exact, parts, others))
    return found


def _expected(question: Question, answer: Any) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The strings one of which the cell must be, or, if there are none, those of which it must contain one each."""
    elements = [each if isinstance(each, Mapping) else {"value": each} for each in answer]
    words = []
    for element in elements:
        if element.get("value") is not None:
            value = text_of(element["value"])
            words.append(_shown(question, value))
    bare = len(elements) == 1 and len(words) == 1 and not set(elements[0]) - {"value"}
    if bare and question.kind in ("single", "scale", "text"):
        return words[0], ()
    more = [each[name] for each in elements for name in ("file_name", "explanation") if isinstance(each.get(name), str)]
    return frozenset(), (*words, *(frozenset({plain(each)}) for each in more))


def _not_picked(question: Question, parts: Sequence[frozenset[str]]) -> frozenset[str]:
    """The labels that the cell must not contain: those of options that were not picked, where only labels are given."""
    if question.kind != "many" or "free_text" in question.type:
        return frozenset()
    labels = map(plain, question.labels or map(text_of, question.options))
    return frozenset(label for label in labels if label and not any(label in word for part in parts for word in part))


@lru_cache(maxsize=1 << 12)
def _shown(question: Question, value: str) -> frozenset[str]:
    """A value and the labels that participants saw for it."""
    pairs = zip(question.options, question.labels or tuple(map(text_of, question.options)), strict=True)
    return frozenset({plain(value), *(plain(label) for option, label in pairs if text_of(option) == value)})


def _cells(lines: Sequence[ReportLine]) -> _Cells:
    """Response and moment by datapoint, for each participant and question."""
    found: dict[tuple[str, str], dict[str, list[tuple[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        for participant, response, timestamp in line.answers:
            cell = (plain(response), _moment(timestamp))
            found[participant, plain(line.question)][line.datapoint].append(cell)
    return found


def _moment(text: Any) -> Any:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None


def _same_clock(given: Sequence[_Given], cells: _Cells) -> bool:
    """Whether the report's timestamps are the moments of the responses; it may have later ones."""
    reported = {(who, moment) for (who, _), of in cells.items() for each in of.values() for _, moment in each}
    known = {who for who, _ in cells}
    return all(each.moment is not None and (each.participant, each.moment) in reported for each in given
               if each.participant in known)  # fmt: skip


def _candidates(given: Sequence[_Given], cells: _Cells) -> dict[str, set[str]]:
    """The datapoints that fit all responses of each task."""
    participants, questions = ({key[n] for key in cells} for n in (0, 1))
    usable = [each for each in given if each.participant in participants and each.question in questions]
    fitting = [_fitting(each, cells, by_text=True) for each in usable]
    # How the answers to a question are written may be unknown; then only who answered it counts.
    understood = {each.question for each, fits in zip(usable, fitting, strict=True) if fits}
    found: dict[str, set[str]] = {}
    for each, fits in zip(usable, fitting, strict=True):
        fits = fits if each.question in understood else _fitting(each, cells, by_text=False)
        found[each.task] = found[each.task] & fits if each.task in found else fits
    return found


def _fitting(given: _Given, cells: _Cells, *, by_text: bool) -> set[str]:
    return {
        datapoint
        for datapoint, each in cells.get((given.participant, given.question), {}).items()
        if any(
            (given.moment is None or given.moment == moment) and (not by_text or given.fits(cell))
            for cell, moment in each
        )
    }


def _certain(candidates: Mapping[str, set[str]]) -> dict[str, str]:
    """The tasks for which one datapoint is left, after those that other tasks need are taken away."""
    left = {task: frozenset(each) for task, each in candidates.items() if each}
    settled: set[frozenset[str]] = set()
    while True:
        claims = Counter(left.values())
        # As many tasks as datapoints that fit them: no other task can have one of these.
        full = {each for each, tasks in claims.items() if tasks == len(each)} - settled
        if not full:
            return {task: next(iter(each)) for task, each in left.items() if len(each) == 1 == claims[each]}
        owner = {datapoint: each for each in full for datapoint in each}
        settled |= full
        for task, each in left.items():
            if each not in full:
                left[task] = frozenset(datapoint for datapoint in each if datapoint not in owner)

"""One cell of the report → the elements of an answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ...design import Codebook, Question, text_of
from .match_datapoints import plain
from .report_lines import ReportLine

Element = Mapping[str, Any]
Reader = Callable[[str, Counter[str]], list[Element]]

_SEPARATORS = (" | ", "|", "; ", ";", ", ", ",", "\n")
_MOST = 2  # ways to read a cell: two are enough to know that it is ambiguous
_NUMBER = re.compile(r"([-+]?[0-9][0-9.,]*(?:[eE][-+]?[0-9]+)?)\s+(\S.*)", re.DOTALL)
_FILE = re.compile(r"[^\n]+\.\w+")

Pick = tuple[str, str | None]
"""A label and its explanation."""


def reader_of(text: str, codebook: Codebook, lines: Iterable[ReportLine]) -> Reader:
    """What reads the cells of a question.

    Parameters
    ----------
    text : str
        The question's text in the report.
    codebook : Codebook
        The questions; a question that it does not have is read as free text.
    lines : iterable of ReportLine
        The whole report, to learn how several answers are separated.
    """
    asked = [each for each in codebook if plain(each.question) == plain(text)]
    if len(asked) != 1 or asked[0].kind == "text":
        return _as_text
    question = asked[0]
    if question.kind == "number":
        return lambda cell, unread: _as_number(cell, question)
    cells = {cell for line in lines if plain(line.question) == plain(text) for _, cell, _ in line.answers if cell}
    if question.kind == "file":
        separator = _separator(cells, lambda cell, sep: all(map(_FILE.fullmatch, cell.split(sep))))
        return lambda cell, unread: [{"file_name": each} for each in cell.split(separator)] if cell else [{}]
    return _of_options(question, cells)


def _as_text(cell: str, unread: Counter[str]) -> list[Element]:
    return [{"value": cell or None}]


def _as_number(cell: str, question: Question) -> list[Element]:
    known = next((unit for unit in sorted(question.units, key=len, reverse=True) if cell.endswith(f" {unit}")), None)
    split = _NUMBER.fullmatch(cell)
    value, unit = (cell[: -len(known) - 1], known) if known else split.groups() if split else (cell, None)
    try:
        number = float(value)
    except ValueError:  # such as "about 3"; it stays in `value`
        number = None
    return [{"value": value or None, "number": number, "number_unit": unit}]


def _of_options(question: Question, cells: set[str]) -> Reader:
    labels = question.labels or tuple(map(text_of, question.options))
    values = _values(question, labels)
    explained = "free_text" in question.type
    offered = set(map(text_of, question.options))
    numbers: dict[str | None, float] = {
        text_of(each): float(each) for each in question.options if type(each) in (int, float)
    }
    several = question.limit != 1

    def ways(cell: str, separators: Sequence[str]) -> set[tuple[Pick, ...]]:
        found = {way for each in separators for way in _ways(cell, values, each, explained)}
        return {tuple(sorted(way)) for way in found}

    separators: tuple[str, ...] = ("\0",)
    if several:
        read = {each: sum(bool(ways(cell, [each])) for cell in cells) for each in _SEPARATORS}
        separators = tuple(each for each in _SEPARATORS if read[each] == max(read.values()))

    def read_cell(cell: str, unread: Counter[str]) -> list[Element]:
        if not cell:
            return [{}]
        found = ways(cell, separators)
        if not found and cell in offered:
            return [{"value": cell, "number": numbers.get(cell)}]
        if not found:
            unread["answers that are not the label of an option" if question.options else "answers"] += 1
            return [{"value": cell}]
        if len(found) > 1:
            unread["answers that can be read in several ways"] += 1
            return [{}]
        [way] = found
        if any(values[label] is None for label, _ in way):
            unread["answers with a label that several options share"] += 1
        order = {label: place for place, label in enumerate(values)}
        picks = sorted(way, key=lambda pick: order[pick[0]])
        return [
            {"value": values[label], "explanation": why, "number": numbers.get(values[label])} for label, why in picks
        ]

    return read_cell


def _values(question: Question, labels: Sequence[str]) -> dict[str, str | None]:
    """The value of each label; None if several options with different values share it."""
    values: dict[str, str | None] = {}
    for label, option in zip(labels, question.options, strict=True):
        value = text_of(option)
        values[label] = value if values.get(label, value) == value else None
    return values


def _ways(cell: str, labels: Mapping[str, Any], separator: str, explained: bool) -> set[tuple[Pick, ...]]:
    """The first two ways to read a cell as different labels with their explanations."""
    found: set[tuple[Pick, ...]] = set()

    def read(rest: str, picks: tuple[Pick, ...]) -> None:
        for label in labels:
            if len(found) >= _MOST or not rest.startswith(label) or label in (pick[0] for pick in picks):
                continue
            for why, left in _explanations(rest[len(label) :], separator, explained):
                way = (*picks, (label, why))
                if not left:
                    found.add(way)
                elif left.startswith(separator):
                    read(left[len(separator) :], way)

    read(cell, ())
    return found


def _explanations(rest: str, separator: str, explained: bool) -> list[tuple[str | None, str]]:
    """The ways to take an explanation in parentheses from the beginning, and what is left after it."""
    if not explained or not rest.startswith(" ("):
        return [(None, rest)]
    ends = [
        n for n in range(2, len(rest)) if rest[n] == ")" and (n + 1 == len(rest) or rest.startswith(separator, n + 1))
    ]
    return [(rest[2:n], rest[n + 1 :]) for n in ends]


def _separator(cells: Iterable[str], fits: Callable[[str, str], bool]) -> str:
    """The separator at which most cells can be split; one that occurs nowhere if none can."""
    counts = {each: sum(each in cell and fits(cell, each) for cell in cells) for each in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda each: counts[each])
    return best if counts[best] else "\0"

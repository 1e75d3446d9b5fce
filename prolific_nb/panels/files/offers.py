"""What one click changes: fixes of the data, and options of reading that a message recommends; and its words."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import Any

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ...data.quality import fixes
from ..kit.html_table import shorten

OPTIONS = {
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "header_rows": "Header rows",
    "skip_rows": "Skip rows above the header",
    "sheet": "Sheet",
}
"""The arguments of `read_data` with a control in the panel, and its label."""

_NAMES = "|".join(OPTIONS)
_VALUE = r"\[[\d, ]+\]|\d+|\"[^\"]*\"|'(?:[^'\\]|\\.)*'"
_GIVEN = re.compile(rf"\b({_NAMES})=({_VALUE})")
_ALTERNATIVE = re.compile(rf",? or ({_NAMES})=({_VALUE})")
_LEFT_OUT = re.compile(r"\b([Pp])ass skip_rows=\[([\d, ]+)\](?: to leave (?:it|them) out)?")
_EXAMPLE = re.compile(r",? as in (?:read_data\(…, )?\w+=.*?(?=[.;](?:\s|$))")
_PASS = re.compile(rf"\b([Pp]ass|[Tt]ry) ({_NAMES})=({_VALUE})?")
_KIND = re.compile(r"read it with kinds=\{.*?: \"(\w+)\"\}")
_CODE = re.compile(r"read_data\(|\bpd\.|\bframe\b|\bpandas\.|\w+=")
_CLAUSE = re.compile(r"(?<=[.;:,]) ")


@dataclass(frozen=True)
class Offer:
    """A button: a fix of the data (`fix`, for `column` or all), or an option of reading (`option` with `value`)."""

    label: str
    fix: str = ""
    column: str | None = None
    option: str = ""
    value: Any = None


def fix_offers(findings: Findings) -> list[Offer]:
    """A button for each finding that a program can fix; one for the white space of all columns."""
    spaced = [finding for finding in findings if finding.fix == fixes.TRIM]
    offers = [_fix_offer(finding) for finding in findings if finding.fix and finding.fix != fixes.TRIM]
    if len(spaced) == 1:
        offers.append(_fix_offer(spaced[0]))
    elif spaced:
        cells = sum(len(finding.rows) for finding in spaced)
        offers.append(Offer(f"Trim {counted(cells, 'cell')}", fixes.TRIM))
    return offers


def _fix_offer(finding: Finding) -> Offer:
    column, rows = f"“{shorten(finding.column or '', 30)}”", len(finding.rows)
    labels = {
        fixes.EMPTY_ROWS: f"Delete {counted(rows, 'empty row')}",
        fixes.REPEATED_ROWS: f"Delete {counted(rows, 'repeated row')}",
        fixes.ROWS_WITHOUT: f"Delete {counted(rows, 'row')} without {column}",
        fixes.COLUMN: f"Delete column {column}",
        fixes.TRIM: f"Trim {counted(rows, 'cell')} of {column}",
        fixes.RENAME: f"Rename column {column}",
        fixes.HTTPS: f"Use https in {column}",
    }
    return Offer(labels[str(finding.fix)], str(finding.fix), finding.column)


def reading_offers(findings: Findings) -> list[Offer]:
    """The options of reading that errors and warnings recommend, in the order of their mention."""
    remedies = [finding.remedy for finding in findings if finding.level != "note"]
    found = [(match[1], ast.literal_eval(match[2])) for remedy in remedies for match in _GIVEN.finditer(remedy)]
    return list(dict.fromkeys(_reading_offer(option, value) for option, value in found))


def _reading_offer(option: str, value: Any) -> Offer:
    if isinstance(value, list):
        words = f"row {value[0]}" if len(value) == 1 else counted(len(value), "row")
        return Offer(f"Leave out {words}", option=option, value=tuple(value))
    return Offer(_reading_label(option, value), option=option, value=value)


def _reading_label(option: str, value: Any) -> str:
    if option == "header_rows":
        return counted(value, "header row") if value else "No header row"
    if option == "skip_rows":
        return f"Skip {counted(value, 'row')}" if value else "Row 1 is the header"
    if option == "delimiter":
        return f"Separate at {value!r}"
    return f"Read as {value}" if option == "encoding" else f"Sheet “{shorten(str(value), 30)}”"


def in_panel(findings: Findings) -> Findings:
    """The findings with remedies that name the panel's controls instead of arguments of functions."""
    return Findings(replace(finding, remedy=_in_words(finding.remedy)) for finding in findings)


def _in_words(remedy: str) -> str:
    """One remedy; a clause of code for which the panel has no control is left out.

    Examples
    --------
    >>> _in_words("Pass skip_rows=2 to skip them, or skip_rows=0 if row 1 is the header.")
    'Set “Skip rows above the header” to 2 to skip them, or to 0 if row 1 is the header.'
    >>> _in_words("Choose one, as in read_data(…, sheet='reviews').")
    'Choose one.'
    """
    words = _EXAMPLE.sub("", remedy)
    words = _KIND.sub(r"change its kind to “\1” below", words)
    words = _LEFT_OUT.sub(lambda match: f"{'Leave' if match[1] == 'P' else 'leave'} out rows {match[2]}", words)
    first = _PASS.search(words)
    words = _ALTERNATIVE.sub(lambda match: _or(match, first[2] if first is not None else ""), words)
    words = _PASS.sub(_set, words)
    words = words.replace("read_data(…)", "reading").replace("Pass the", "Choose the").replace("pass the", "choose the")
    clauses = _CLAUSE.split(words)
    kept = next((place for place, clause in enumerate(clauses) if _CODE.search(clause)), len(clauses))
    shown = " ".join(clauses[:kept]).rstrip(" ,;:")
    return shown if not shown or shown.endswith((".", "…", "?")) else f"{shown}."


def _or(match: re.Match[str], before: str) -> str:
    option = "" if match[1] == before else f"set “{OPTIONS[match[1]]}” "
    return f", or {option}to {_plain(match[2])}"


def _set(match: re.Match[str]) -> str:
    verb = "Set" if match[1][0].isupper() else "set"
    return f"{verb} “{OPTIONS[match[2]]}”{f' to {_plain(match[3])}' if match[3] else ''}"


def _plain(value: str) -> str:
    return str(ast.literal_eval(value))

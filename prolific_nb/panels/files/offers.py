"""What one click changes: fixes of the data, and options of reading that a message recommends."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ...data.quality import fixes
from ..kit.html_table import shorten
from ..kit.wording.control_names import OPTIONS

_VALUE = r"\[[\d, ]+\]|\d+|\"[^\"]*\"|'(?:[^'\\]|\\.)*'"
_GIVEN = re.compile(rf"\b({'|'.join(OPTIONS)})=({_VALUE})")


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

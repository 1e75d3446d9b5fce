"""Findings as an HTML list: level, location, what was found, and the remedy."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from .html_table import shorten

_MAX_SHOWN = 50


def findings_html(findings: Findings, nothing: str = "No problems found.") -> str:
    """A list of findings, errors first, the first 50 of them.

    Parameters
    ----------
    findings : Findings
        Their text is escaped here.
    nothing : str
        The text to show if there are none.

    Examples
    --------
    >>> findings_html(Findings([Finding("note", "Read as <cp1252>.", "")]))
    '<ul class="pnb-findings"><li class="pnb-finding-note"><b>Note</b>: Read as &lt;cp1252&gt;.</li></ul>'
    """
    if not findings:
        return f'<div class="pnb-muted">{escape(nothing)}</div>'
    more = len(findings) - _MAX_SHOWN
    rest = f"<li>{counted(more, 'more finding')}: fix these first.</li>" if more > 0 else ""
    return f'<ul class="pnb-findings">{"".join(map(_line, findings[:_MAX_SHOWN]))}{rest}</ul>'


def counts(findings: Findings) -> str:
    """The number of findings of each level.

    Examples
    --------
    >>> counts(Findings([Finding("note", "Read as cp1252.", ""), Finding("error", "No rows.", "Add some.")]))
    '1 error, 1 note'
    >>> counts(Findings())
    'none'
    """
    levels = [finding.level for finding in findings]
    words = [counted(levels.count(level), level) for level in ("error", "warning", "note") if level in levels]
    return ", ".join(words) or "none"


def _line(finding: Finding) -> str:
    column = finding.column and shorten(finding.column, 60)
    where = f", <bdi>{escape(replace(finding, column=column).where)}</bdi>" if finding.where else ""
    remedy = f' <span class="pnb-remedy">{escape(finding.remedy)}</span>' if finding.remedy else ""
    # <bdi>: a column name in a right-to-left script must not reverse the order of the sentence.
    return (
        f'<li class="pnb-finding-{finding.level}"><b>{finding.level.capitalize()}</b>{where}: '
        f"{escape(finding.what)}{remedy}</li>"
    )

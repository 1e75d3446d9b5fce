"""Findings as a list in a panel: what kind it is as a word, where, what, and the remedy."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from .html_table import shorten

_MOST = 50


def findings_html(findings: Findings, nothing: str = "No problems found.") -> str:
    """A list of findings, errors first, the first 50 of them.

    Parameters
    ----------
    findings : Findings
        Its words are escaped here.
    nothing : str
        What is said where there is none.

    Examples
    --------
    >>> findings_html(Findings([Finding("note", "Read as <cp1252>.", "")]))
    '<ul class="pnb-findings"><li class="pnb-finding-note"><b>Note</b>: Read as &lt;cp1252&gt;.</li></ul>'
    """
    if not findings:
        return f'<div class="pnb-muted">{escape(nothing)}</div>'
    more = len(findings) - _MOST
    rest = f"<li>And {counted(more, 'finding')} more, after these are mended.</li>" if more > 0 else ""
    return f'<ul class="pnb-findings">{"".join(map(_line, findings[:_MOST]))}{rest}</ul>'


def counts(findings: Findings) -> str:
    """How many there are of each level, in words.

    Examples
    --------
    >>> counts(Findings([Finding("note", "Read as cp1252.", ""), Finding("error", "No rows.", "Add some.")]))
    '1 error, 1 note'
    >>> counts(Findings())
    'nothing'
    """
    levels = [finding.level for finding in findings]
    words = [counted(levels.count(level), level) for level in ("error", "warning", "note") if level in levels]
    return ", ".join(words) or "nothing"


def _line(finding: Finding) -> str:
    column = finding.column and shorten(finding.column, 60)
    where = f", <bdi>{escape(replace(finding, column=column).where)}</bdi>" if finding.where else ""
    remedy = f' <span class="pnb-remedy">{escape(finding.remedy)}</span>' if finding.remedy else ""
    # The place names a column, whose right-to-left words must not turn the sentence: hence bdi.
    return (
        f'<li class="pnb-finding-{finding.level}"><b>{finding.level.capitalize()}</b>{where}: '
        f"{escape(finding.what)}{remedy}</li>"
    )

"""Findings as an HTML list: level, location, what was found, and the remedy."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from ...common.display import visible
from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ...errors import InputError, ProlificError
from .html_table import shorten
from .wording.panel_words import in_panel_words, without_code

_MAX_SHOWN = 50


def for_panel(finding: Finding) -> Finding:
    """The finding as a panel shows it: it names the panel's controls, and no code.

    A clause about code that no control stands for is left out of the remedy.

    Examples
    --------
    >>> for_panel(Finding("error", "No name.", "Name it, or pass header_rows=0 if the first row is data.")).remedy
    'Name it, or set “Header rows” to 0 if the first row is data.'
    """
    remedy = without_code(in_panel_words(finding.remedy))
    return replace(finding, what=in_panel_words(finding.what), remedy=remedy)


def error_words(failure: BaseException) -> str:
    """The message of an error as a panel shows it."""
    if isinstance(failure, InputError):
        findings = Findings(map(for_panel, failure.findings))
        return f"{visible(failure.subject)} cannot be used:\n{findings}"
    if isinstance(failure, ProlificError):
        return in_panel_words(str(failure))
    return f"{type(failure).__name__}: {failure}"


def findings_html(findings: Findings, nothing: str = "No problems found.") -> str:
    """A list of findings in the words of the panels, errors first, the first 50 of them.

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


def _line(found: Finding) -> str:
    finding = for_panel(found)
    column = finding.column and shorten(finding.column, 60)
    where = f", <bdi>{escape(replace(finding, column=column).where)}</bdi>" if finding.where else ""
    remedy = f' <span class="pnb-remedy">{escape(finding.remedy)}</span>' if finding.remedy else ""
    # <bdi>: a column name in a right-to-left script must not reverse the order of the sentence.
    return (
        f'<li class="pnb-finding-{finding.level}"><b>{finding.level.capitalize()}</b>{where}: '
        f"{escape(finding.what)}{remedy}</li>"
    )

"""The findings that the plan panel shows, with remedies that name its own controls."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ..kit.findings_list import findings_html
from ..kit.wording.panel_words import in_panel_words, names_code

_REMEDIES = {
    "pay": "Raise the reward, or put fewer tasks into a group and reduce the minutes.",
    "reward": "Enter the reward in that currency; it is not converted.",
    "filters": "Change or remove its chip.",
    "filter_set_id": "Remove its chip and choose another set.",
    "filter_set_version": "Remove its chip and choose the set again.",
    "study_type": "Choose another sample.",
    "draft": "",
}
TOO_FEW = "Remove a chip, or reduce the annotators per task or the rows."
_NOTE = "It is not needed for a launch."


def own_findings(findings: Findings) -> Findings:
    """The findings about the plan itself, without that of too few participants, which stands with their number."""
    own = [each for each in findings if each.place in _REMEDIES and not _too_few(each)]
    return Findings([_worded(each) for each in own])


def findings_line(own: Findings, all_of_them: Findings) -> str:
    """The findings as HTML, and in one sentence how many there are about data and design."""
    listed = findings_html(own, "") if own else ""
    elsewhere = len([each for each in all_of_them if each.place not in _REMEDIES])
    if not elsewhere:
        return listed
    words = f"{counted(elsewhere, 'finding')} about the data or the design: see these steps."
    return f'{listed}<div class="pnb-muted">{escape(words)}</div>'


def _too_few(finding: Finding) -> bool:
    return finding.place == "filters" and finding.level == "warning" and "the study needs" in finding.what


def _worded(finding: Finding) -> Finding:
    if finding.level == "note":
        return replace(finding, remedy=_NOTE)
    plain = finding.remedy and not names_code(in_panel_words(finding.remedy)) and finding.place != "pay"
    return finding if plain else replace(finding, remedy=_REMEDIES[finding.place or ""])

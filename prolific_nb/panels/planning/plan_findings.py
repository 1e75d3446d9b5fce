"""The findings that the plan panel shows, with remedies that name its own controls."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ..kit.findings_list import findings_html

_REMEDIES = {
    "pay": "Raise the reward, or put fewer tasks into a group and reduce the minutes.",
    "reward": "Enter the reward in that currency; it is not converted.",
    "filters": "Change or remove its chip.",
    "filter_set_id": "Remove its chip and choose another set.",
    "filter_set_version": "Remove its chip and choose the set again.",
    "study_type": "Choose another sample.",
    "draft": "",
}
_FEW = "Remove a chip, or reduce the annotators per task or the rows."
_NOTE = "It is not needed for a launch."


def own_findings(findings: Findings) -> Findings:
    """The findings about the plan itself; those about data and design are shown in their own panels."""
    return Findings([_worded(each) for each in findings if each.place in _REMEDIES])


def findings_line(own: Findings, elsewhere: int) -> str:
    """The findings as HTML, and in one sentence how many there are about data and design."""
    listed = findings_html(own, "") if own else ""
    if not elsewhere:
        return listed
    words = f"{counted(elsewhere, 'finding')} about the data or the design: see these steps."
    return f'{listed}<div class="pnb-muted">{escape(words)}</div>'


def _worded(finding: Finding) -> Finding:
    remedy = _REMEDIES[finding.place or ""]
    if finding.level == "note":
        remedy = _NOTE
    elif finding.level == "warning" and finding.place == "filters":
        remedy = _FEW
    return replace(finding, remedy=remedy)

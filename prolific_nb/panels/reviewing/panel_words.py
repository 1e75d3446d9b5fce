"""Sentences of a review in the words of its panel: they name calls of Python, and the panel has buttons."""

from __future__ import annotations

import re
from dataclasses import replace

from ...common.findings import Finding, Findings
from ...errors import UnclearPayment

AGAIN = 'again="reason"'
"""What a sentence names if something is repeated only on purpose."""
REASON = "Reason to repeat"
_APPLY = r'proposal\.apply\((?:\.\.\., )?again="reason"\)'
_WORDS = [
    (rf"insist with {_APPLY}", f"insist with “{REASON}”"),
    (_APPLY, f"type the reason under “{REASON}”"),
    (r"Run proposal\.apply\(\.\.\.\) again", "Click “Apply” again"),
    (r"apply\(\) ", "“Apply” "),
    (r"Start from run\.submissions\(\) and add the column action: [^.]*\.", "Load the submissions again."),
    (r"(?:the |Take the )?IDs? from run\.submissions\(\)", "the submissions from the table"),
    (r"run\.submissions\(\) shows", "the table shows"),
    (r"[Cc]all run\.bonus_to\(\.\.\.\) again and check the new proposal", "Remove these bonuses and add them anew"),
    (r"call run\.bonus_to\(\.\.\.\) again", "add them anew"),
    (r"above max_cost", "above the amount agreed to,"),
    (r"Raise max_cost or reduce", "Reduce"),
    (r"Leave these rows out of the frame and review again", "Remove these bonuses"),
    (r"Leave the (?:row out|action empty)", "Remove its decision"),
    (r"leave the row out", "remove its bonus"),
    (r"Leave the bonus empty", "Remove the bonus"),
    (r"Make a new proposal with", "Keep only"),
]


def in_panel_words(sentence: str) -> str:
    """A sentence without calls of Python.

    Examples
    --------
    >>> in_panel_words('apply() refuses to pay more. To insist: proposal.apply(..., again="reason").')
    '“Apply” refuses to pay more. To insist: type the reason under “Reason to repeat”.'
    """
    for pattern, words in _WORDS:
        sentence = re.sub(pattern, words, sentence)
    return sentence


def findings_in_panel_words(findings: Findings) -> Findings:
    """Findings without calls of Python."""
    return Findings(_reworded(finding) for finding in findings)


def _reworded(finding: Finding) -> Finding:
    return replace(finding, what=in_panel_words(finding.what), remedy=in_panel_words(finding.remedy))


def unclear_words(unclear: UnclearPayment) -> str:
    """What is unclear about a payment, and what to choose."""
    lines = "".join(f"\n- submission {each}: {amount}" for each, amount in unclear.unclear.items())
    paid = f"\n{len(unclear.told)} others of this payment show it." if unclear.told else ""
    return (
        f"No response arrived to the payment of bonuses, and these submissions do not show it yet:{lines}{paid}\n"
        "Look at their bonuses on Prolific's page, then choose below. Until then no bonus of this study is paid."
    )

"""A checked proposal as HTML: its figures, its findings, and every decision in full."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from ...common.display import visible
from ...common.plurals import counted
from ...errors import UnclearPayment
from ..kit.findings_list import findings_html
from ..kit.html_table import facts_html
from .applying import Checked
from .decisions import Decisions, messages

_HEADS = {
    "participant_id": "Participant",
    "status": "Status",
    "action": "Decision",
    "bonus": "Bonus",
    "bonus_had": "Bonus had",
    "category": "Category",
    "message": "Sentence to the participant",
}


def figures_html(checked: Checked | None, decisions: Decisions) -> str:
    """What the decisions do and cost, as a small table."""
    rows = _counts(decisions)
    if checked is not None:
        if "Bonuses" in rows:
            rows["Bonuses"] += f", {checked.bonuses:,} still to be paid"
            rows["Fees and VAT"] = f"{checked.cost - checked.bonuses:,}"
            rows["Total"] = f"{checked.cost:,}. This is also the cap: above it, nothing is paid."
        else:
            rows["Total"] = f"{checked.cost:,}"
    return facts_html(rows, "What will be applied")


def _counts(decisions: Decisions) -> dict[str, str]:
    number = {name: sum(len(each.ids) for each in decisions if each.action == name) for name in _NAMES}
    rows = {words: f"{number[name]:,}" for name, words in _NAMES.items() if number[name]}
    if "Approvals" in rows:
        rows["Approvals"] += "; their rewards are reserved already"
    return rows


_NAMES = {"approve": "Approvals", "reject": "Rejections", "bonus": "Bonuses", "message": "Messages"}


def findings_part(checked: Checked | None) -> str:
    """The findings about a proposal, or nothing."""
    if checked is None or not checked.findings:
        return ""
    return findings_html(checked.findings)


def everything_html(checked: Checked | None) -> str:
    """Every decision with its sentence, in full: it should be read before it is sent."""
    if checked is None:
        return ""
    acts = checked.proposal.acts if checked.proposal is not None else None
    table = _table(acts) if acts is not None and len(acts) else ""
    texts = [
        f"<li>To {counted(len(decision.ids), 'participant')}: {escape(visible(text))}</li>"
        for text, decision in messages(checked.decisions)
    ]
    sent = f'<ul class="pnb-findings">{"".join(texts)}</ul>' if texts else ""
    return f"{table}{sent}"


def _table(acts: pd.DataFrame) -> str:
    kept = [name for name in _HEADS if (acts[name] != "").any()]
    ordered = acts.sort_values("action", key=lambda action: action == "approve", kind="stable")  # sentences first
    shown: Any = ordered[kept].map(visible).rename(columns=_HEADS)
    with pd.option_context("display.max_colwidth", None):
        table = shown.to_html(index=False, border=0)
    look = "max-height:220px;overflow:auto"
    return (
        f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="Every decision" style="{look}">{table}</div>'
    )


def unclear_words(unclear: UnclearPayment) -> str:
    """What is unclear about a payment, and what to choose."""
    lines = "".join(f"\n- submission {each}: {amount}" for each, amount in unclear.unclear.items())
    paid = f"\n{len(unclear.told)} others of this payment show it." if unclear.told else ""
    return (
        f"No response arrived to the payment of bonuses, and these submissions do not show it yet:{lines}{paid}\n"
        "Look at their bonuses on Prolific's page, then choose below. Until then no bonus of this study is paid."
    )

"""Submissions by status, money and real pay of a running study, as aligned tables."""

from __future__ import annotations

from html import escape

from ...common.money import Money
from .study_words import Known, counts_by_state

STYLE = """<style>
.pnb-tally { border-collapse: collapse; width: 100%; max-width: 26em; }
.pnb-tally caption { text-align: start; font-weight: 600; padding: 0 0 2px; }
.pnb-tally :is(th, td) { padding: 2px 0; border-bottom: 1px solid var(--pnb-line); text-align: start;
  font-weight: 400; background: none; color: inherit; vertical-align: top; }
.pnb-tally td { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; padding-inline-start: 12px; }
.pnb-tally + .pnb-tally { margin-top: 10px; }
.pnb-tally + p { margin-top: 6px; }
</style>"""


def figures_html(known: Known) -> str:
    """Two tables and a sentence about the hourly pay."""
    if known.status is None:
        return ""
    counts = {name: f"{number:,}" for name, number in counts_by_state(known.status.counts).items()}
    submissions = _table("Submissions", counts or {"None yet": "0"})
    return f"{submissions}{_table('Money', money(known))}{_pay(known)}"


def money(known: Known) -> dict[str, str]:
    """What is spent and reserved, and what is left of the cap or, where no cap is known, what all places cost."""
    seen = known.status
    if seen is None:
        return {}
    rows = {"Spent": f"{seen.spent:,}", "Reserved for open places": f"{seen.reserved:,}"}
    if known.cap is None:
        return rows | ({"Cost of all places": f"{known.cost:,}"} if known.cost is not None else {})
    left = known.cap - seen.spent - seen.reserved
    label = f"Left of the cap of {known.cap:,}"
    if left.minor >= 0:
        return rows | {label: f"{left:,}"}
    return rows | {
        label: f"{Money(0, left.currency):,}",
        "Beyond the cap, such as bonuses": f"{Money(-left.minor, left.currency):,}",
    }


def pay_words(known: Known) -> tuple[bool, str]:
    """Whether the real hourly pay is too low, and the pay in words."""
    seen, floor = known.status, known.floor
    if seen is None or seen.hourly is None:
        return False, "Real hourly pay: known once a submission is completed."
    paid = f"Real hourly pay: {seen.hourly:,} (median time {seen.median_minutes:.1f} minutes)"
    if floor is None:
        return False, f"{paid}. Prolific's minimum is not known."
    if seen.hourly < floor:
        return True, f"{paid}, below the minimum of {floor:,}. A bonus can lift it: see the Review step."
    return False, f"{paid}, at least the minimum of {floor:,}."


def _pay(known: Known) -> str:
    low, words = pay_words(known)
    mark = "<b>Warning:</b> " if low else ""
    return f'<p class="{"pnb-warning" if low else "pnb-muted"}">{mark}{escape(words)}</p>'


def _table(caption: str, rows: dict[str, str]) -> str:
    lines = "".join(
        f'<tr><th scope="row"><bdi>{escape(name)}</bdi></th><td>{escape(value)}</td></tr>'
        for name, value in rows.items()
    )
    return f'<table class="pnb-tally"><caption>{escape(caption)}</caption>{lines}</table>'

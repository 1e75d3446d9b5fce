"""Tables of a rehearsal: figures and what they depend on, who was caught, assumptions, all rehearsals so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import isnan
from typing import Any

import pandas as pd

from ..kit.html_table import shorten
from .rehearsal_choice import KINDS
from .rehearsal_prose import NOTE
from .rehearsed import Rehearsed

Cells = Sequence[str]


def figures_html(found: pd.DataFrame) -> str:
    """The figures; one that depends on assumptions says on which."""
    several = "median" in found
    others = {"one_more": "One more annotator", "ordinary": "Without the scenario"}
    shown = [] if several else [name for name in others if name in found]
    value = "Median (nine in ten)" if several else "Value (95 % interval)"
    head = ["Figure", value, *(others[name] for name in shown), "Depends on assumptions"]
    rows = []
    for each in found.to_dict("records"):
        told = _told(each["median" if several else "value"], each["unit"])
        own = [f"{told}{_span(each)}", *(_told(each[name], each["unit"]) for name in shown)]
        why = each["depends_on"] if each["assumption"] else "no"
        name = f"{each['figure']}, “{shorten(each['question'], 60)}”" if each["question"] else each["figure"]
        rows.append([name[:1].upper() + name[1:], *own, why])
    return table_html("Figures of the rehearsal", head, rows, numbers=range(1, 2 + len(shown)))


def _told(value: float, unit: str) -> str:
    from ...workflow.rehearsal.rehearsed_figures import Figure, in_words

    return "—" if isnan(value) else in_words(Figure("", value, unit)).removesuffix(" Krippendorff's α")


def _span(each: dict[Any, Any]) -> str:
    from ...workflow.rehearsal.rehearsed_figures import digits

    if isnan(each["low"]) or ("median" in each and each["low"] == each["high"]):
        return ""
    return f" ({digits(each['low'], each['unit'])} to {digits(each['high'], each['unit'])})"


def caught_html(caught: pd.DataFrame) -> str:
    """Who took part, and how many of them have which flag; flags that nobody has are left out."""
    flags = [name for name in caught.columns[4:] if caught[name].any()]
    head = ["Kind of people", "Answer from the rows", "People", "Flagged", *(name.capitalize() for name in flags)]
    rows = [
        [KINDS.get(each["kind"], each["kind"]), "yes" if each["honest"] else "no"]
        + [f"{each[name]:,}" for name in ("people", "flagged", *flags)]
        for each in caught.to_dict("records")
    ]
    return table_html("Who was caught", head, rows, numbers=range(2, len(head)))


def assumptions_html(found: pd.DataFrame) -> str:
    """What the people are assumed to be like, with the source of each figure."""
    rows = [[_assumed(each["figure"]), str(each["value"]), each["source"]] for each in found.to_dict("records")]
    return table_html("Assumptions", ["Figure", "Value", "Source"], rows)


def _assumed(name: str) -> str:
    kind, colon, rest = name.partition(": ")
    return (f"{KINDS.get(kind, kind)}: {rest}" if colon else name).replace("_", " ")


def compared_html(all_of_them: Sequence[Rehearsed], shown: Rehearsed) -> str:
    """All rehearsals so far, the newest first, each with what was changed since the one before."""
    head = ["No.", "Crowd and scenario", "Changed", "Agreement", "Cost", "Last place filled", "Flagged"]
    before = [None, *all_of_them]
    pairs = [*zip(all_of_them, before, strict=False)][::-1]
    rows = [
        [
            str(each.number),
            f"{each.choice.title} (shown above)" if each is shown else each.choice.title,
            "" if last is None else _changed(each, last),
            each.agreement,
            each.told("cost of all places"),
            each.told("hours until all places are filled"),
            each.told("flagged people"),
        ]
        for each, last in pairs
    ]
    return table_html("Rehearsals so far", head, rows, numbers=range(3, 7))


def _changed(now: Rehearsed, before: Rehearsed) -> str:
    parts = [now.study.changes(before.study)]
    parts += ["crowd"] if now.choice.shares != before.choice.shares else []
    parts += ["scenario"] if now.choice.scenario != before.choice.scenario else []
    parts += ["intended answers"] if now.choice.truth != before.choice.truth else []
    return ", ".join(filter(None, parts)) or "nothing"


def table_html(label: str, head: Cells, rows: Iterable[Cells], numbers: Iterable[int] = ()) -> str:
    """A table in a scrolling region, below the sentence that goes with every output."""
    right = set(numbers)

    def line(cells: Cells, first: str, rest: str) -> str:
        made = []
        for place, cell in enumerate(cells):
            tag, look = (rest if place else first), ' class="pnb-number"' if place in right else ""
            made.append(f"<{tag}{look}>{escape(cell)}</{tag.split()[0]}>")
        return f"<tr>{''.join(made)}</tr>"

    top = line(head, 'th scope="col"', 'th scope="col"')
    body = "".join(line(each, 'th scope="row"', "td") for each in rows)
    named = escape(f"{label}, simulated people", quote=True)
    table = f'<table aria-label="{named}"><thead>{top}</thead><tbody>{body}</tbody></table>'
    region = f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="{named}">{table}</div>'
    return f'<p class="pnb-muted">{escape(NOTE)}</p>{region}'

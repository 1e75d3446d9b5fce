"""Earlier runs that asked a question with the same options: pilots for the next study."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ....api import Client
from ....design import Design
from ....design.codebook import Question
from ....study.ledger import ledger_of
from ....workflow.reopen import runs
from ...kit.html_table import shorten

_MOST = 20  # newest runs that are looked at


def pilots(client: Client | None, asked: Iterable[Question]) -> dict[str, tuple[str, frozenset[str]]]:
    """Published runs of this computer by key, newest first: a line for each, and which of the questions it asked."""
    if client is None:
        return {}
    table, ledger = runs(client=client), ledger_of(client)
    table = table[(table["mode"] == client.mode) & table["gone"].isna() & (table["stage"] == "published")]
    wanted = {(each.question, each.options) for each in asked}
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for _, run in table.iloc[::-1].head(_MOST).iterrows():
        known = ledger.run(str(run["key"]))
        design = Design.from_json(known["design"]) if known is not None and known["design"] else Design("")
        same = frozenset(each.question for each in design.codebook() if (each.question, each.options) in wanted)
        if same:
            found[str(run["key"])] = (_line(run), same)
    return found


def _line(run: pd.Series) -> str:
    return f"answers of {shorten(str(run['name']), 40)}, {run['made']:%Y-%m-%d %H:%M}"

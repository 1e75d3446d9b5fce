"""Answers that are known to be right, kept in the ledger of a run: they are never sent to Prolific."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from ..common.json_fields import WRONG_SHAPE
from ..design import Codebook, Question
from .ledger import Ledger

TRUTHS = "truths"
"""The step of the ledger that holds them."""

Gold = tuple[tuple[str, str], ...]


def remember(ledger: Ledger, key: str, codebook: Codebook) -> None:
    """Keep the right answers of attention checks and gold rows, so that `recall` has them in another kernel.

    They replace those kept before: launching again with a corrected answer corrects it.

    Parameters
    ----------
    key : str
        The run.
    codebook : Codebook
        Its questions with ``right`` and ``gold``; their IDs do not matter.
    """
    known = [
        {"question": each.question, "right": each.right, "gold": each.gold}
        for each in codebook
        if each.right is not None or each.gold
    ]
    if known or ledger.step(key, TRUTHS) is not None:
        ledger.done(key, TRUTHS, json.dumps(known, ensure_ascii=False))


def recall(ledger: Ledger, key: str, codebook: Codebook) -> Codebook:
    """The codebook with the right answers that `remember` kept for a run; as it is if nothing was kept.

    Raises
    ------
    LedgerError
        What was kept cannot be read.
    """
    step = ledger.step(key, TRUTHS)
    if step is None:
        return codebook
    try:
        records = json.loads(step.ident)
        known = {each["question"]: (each["right"], _pairs(each["gold"])) for each in records}
    except WRONG_SHAPE as failure:
        raise ledger.damaged(f"the right answers of run {key} cannot be read: {type(failure).__name__}") from None
    return Codebook(_with(each, *known.get(each.question, (None, ()))) for each in codebook)


def with_gold_of(codebook: Codebook, other: Codebook) -> Codebook:
    """The codebook with the gold rows of another one, by question; row keys are the same in every study."""
    gold = {each.question: each.gold for each in other}
    return Codebook(_with(each, each.right, each.gold or gold.get(each.question, ())) for each in codebook)


def _with(question: Question, right: str | None, gold: Gold) -> Question:
    return replace(question, right=right, gold=gold)


def _pairs(records: Iterable[Iterable[str]]) -> Gold:
    return tuple((str(row), str(right)) for row, right in records)

"""Right answers are kept in the ledger of a run and found again in another kernel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prolific_nb.design import Codebook, Design
from prolific_nb.errors import LedgerError
from prolific_nb.study.ledger import Ledger
from prolific_nb.study.local_truths import TRUTHS, recall, remember, with_gold_of

ASKED = Design("Reviews").choose("Good?", ["yes", "no"]).choose("Choose “b”.", ["a", "b"]).write("Why?").codebook()
GOOD, CHECK, WHY = ASKED
KNOWN = Codebook([replace(GOOD, gold=(("r1", "yes"), ("r2", "no"))), replace(CHECK, right="b"), WHY])


def test_another_ledger_object_recalls_what_one_remembered() -> None:
    remember(Ledger(), "k", KNOWN)
    assert recall(Ledger(), "k", ASKED.with_ids("1 2 3")) == KNOWN.with_ids("1 2 3")
    assert recall(Ledger(), "other", ASKED) == ASKED


def test_a_corrected_answer_replaces_the_first_and_a_withdrawn_one_is_gone() -> None:
    ledger = Ledger()
    remember(ledger, "k", KNOWN)
    remember(ledger, "k", Codebook([replace(CHECK, right="a")]))
    assert [(each.right, each.gold) for each in recall(ledger, "k", KNOWN)] == [(None, ()), ("a", ()), (None, ())]
    remember(ledger, "k", ASKED)
    assert recall(ledger, "k", KNOWN) == ASKED


def test_nothing_known_writes_nothing() -> None:
    ledger = Ledger()
    remember(ledger, "k", ASKED)
    assert ledger.step("k", TRUTHS) is None


def test_gold_rows_of_another_study_are_added_where_there_are_none() -> None:
    assert with_gold_of(ASKED, KNOWN)[0] == KNOWN[0]
    own = Codebook([replace(GOOD, gold=(("r9", "no"),))])
    assert with_gold_of(own, KNOWN) == own


@pytest.mark.parametrize("kept", ["{", "[1]", '[{"question": "Good?", "right": null, "gold": [["r1"]]}]'])
def test_a_record_that_cannot_be_read_says_so(kept: str) -> None:
    Ledger().done("k", TRUTHS, kept)
    with pytest.raises(LedgerError, match="right answers of run k cannot be read"):
        recall(Ledger(), "k", ASKED)

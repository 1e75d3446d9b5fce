"""Answers are found by question, label, participant and text."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.responses.find_answers import Searchable

FRAME = pd.DataFrame(
    {
        "participant_id": ["a", "b", "a", "b"],
        "question": ["How?", "How?", "Why?", "Why?"],
        "value": ["good", None, "It is <LOUD>.", "straße\nund mehr"],
        "explanation": [None, "Because of the colour", None, None],
        "number": [1.0, 2.0, None, None],
        "review": ["A kettle", "A lamp", "A kettle", "A lamp"],
    }
)


def places(**wanted: object) -> list[int]:
    return pnb.find_answers(FRAME, **wanted).index.tolist()  # type: ignore[arg-type]


def test_each_filter_and_all_together() -> None:
    assert places() == [0, 1, 2, 3]
    assert places(question="Why?") == [2, 3]
    assert places(label="good") == [0]
    assert places(participant="b") == [1, 3]
    assert places(text="kettle", participant="a", question="How?") == [0]
    assert places(text="kettle", label="bad") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<loud>", [2]),  # as written, in upper or lower case
        ("STRASSE", [3]),
        ("straße und", [3]),  # over a line break
        (" lamp ", [1, 3]),  # a column of the uploaded row
        ("colour", [1]),
        ("a", [0, 1, 2, 3]),
        ("How?", []),  # the question has its own filter
        (".*", []),
        ("", [0, 1, 2, 3]),
    ],
)
def test_text_is_found_in_answers_explanations_and_rows(text: str, found: list[int]) -> None:
    assert places(text=text) == found


def test_labels_may_be_numbers() -> None:
    frame = pd.DataFrame({"value": [1.0, 2.5, None]})
    assert pnb.find_answers(frame, label=1).index.tolist() == [0]
    assert pnb.find_answers(frame.astype({"value": "category"}), label="2.5").index.tolist() == [1]


def test_an_unknown_question_is_refused_with_similar_ones() -> None:
    with pytest.raises(LookupError, match=r"Did you mean 'How\?'"):
        pnb.find_answers(FRAME, question="How")


def test_a_prepared_table_of_100_000_answers_is_searched_in_a_fraction_of_a_second() -> None:
    rng = np.random.default_rng(0)
    words = np.array(["kettle", "litre", "noise", "price", "water"])
    texts = [" ".join(each) for each in words[rng.integers(0, 5, (50_000, 20))].tolist()]
    frame = pd.DataFrame({"value": texts * 2, "review": [f"{each}." for each in texts] * 2})
    table = Searchable(frame)
    started = time.thread_time()
    assert len(table.find(text="kettle kettle noise")) < 100_000
    assert time.thread_time() - started < 0.2

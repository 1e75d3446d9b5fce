"""Annotators and flags of a million answers by 20,000 people: seconds and memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from prolific_nb import analysis

from .measuring import Job, Row, limit, memory

ANSWERS, PEOPLE, PER_UNIT, CATEGORIES, ROUNDS = 1_000_000, 20_000, 5, 5, 3
WORDS = "a the room was very clean and the staff is kind but food cold late"
WRITTEN = 20  # one answer in as many has a text


def answers(n: int = ANSWERS, people: int = PEOPLE) -> pd.DataFrame:
    """Labels in groups of 50 rows, each answered by the same five people; times, and some texts."""
    rng = np.random.default_rng(0)
    each = n // people
    who = np.repeat(np.arange(people), each)
    unit = who // PER_UNIT * each + np.tile(np.arange(each), people)
    truth = rng.choice(CATEGORIES, size=unit.max() + 1, p=[0.4, 0.3, 0.15, 0.1, 0.05])[unit]
    careful = rng.random(people)[who] > 0.05
    value = np.where((rng.random(n) < 0.75) & careful, truth, rng.integers(CATEGORIES, size=n))
    words = np.array(WORDS.split(), dtype=object)
    texts = [" ".join(row) for row in words[rng.integers(len(words), size=(n // WRITTEN, 9))]]
    explanation = np.full(n, None, dtype=object)
    explanation[::WRITTEN] = texts[: len(explanation[::WRITTEN])]
    return pd.DataFrame({
        "participant_id": pd.Categorical.from_codes(who, [f"p{x}" for x in range(people)]),
        "submission_id": pd.Categorical.from_codes(who, [f"s{x}" for x in range(people)]),
        "row": pd.Categorical.from_codes(unit, [f"r{x}" for x in range(unit.max() + 1)]),
        "position": pd.array(np.tile(np.arange(each) + 1, people), dtype="Int64"),
        "seconds": pd.array(np.exp(rng.normal(2.5, 0.5, n) + rng.normal(0, 0.3, people)[who]), dtype="Float64"),
        "value": pd.Categorical.from_codes(value, list("abcde")),
        "explanation": explanation,
    })  # fmt: skip


def processor_seconds(job: Job) -> float:
    """Of one run, on one processor: an absolute limit must not depend on what else the machine does."""
    start = time.process_time()
    job()
    return time.process_time() - start


def rows() -> Iterator[Row]:
    """Both calls together; the flags include the table of annotators."""
    frame = answers()
    analysis.flags(answers(10_000, 200))  # imports
    best = min(processor_seconds(lambda: analysis.flags(frame)) for _ in range(ROUNDS))
    alone = min(processor_seconds(lambda: analysis.annotators(frame)) for _ in range(ROUNDS))
    peak = memory(lambda: analysis.flags(frame))
    yield limit(f"annotators and flags, {ANSWERS:,} answers, {PEOPLE:,} people", best, 2, "s")
    yield limit("annotators alone", alone, 2, "s")
    yield limit("memory of both", peak, 500, "MiB")

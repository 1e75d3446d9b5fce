"""Small tables of answers, as `run.responses()` returns them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from prolific_nb.design.codebook import Codebook, Question
from prolific_nb.responses import COLUMNS

HOW = Question("How?", "single", "multiple_choice", ("good", "bad", "mixed"), ("Good", "Bad", "Mixed"), 1)
WHAT = Question("What?", "many", "multiple_choice", ("price", "quality"), ("Price", "Quality"), None)
SURE = Question("Sure?", "scale", "multiple_choice", (0, 1, 2, 3, 4), ("0", "1", "2", "3", "4"), 1)
HEAVY = Question("Heavy?", "number", "free_text_with_unit", units=("g", "kg"))
WHY = Question("Why?", "text", "free_text")
BOOK = Codebook([HOW, WHAT, SURE, HEAVY, WHY])


def answers(lines: Iterable[tuple[Any, ...]], cells: Mapping[str, Mapping[str, str]] | None = None) -> pd.DataFrame:
    """A frame of ``row, person, question, value`` and, if given, a dictionary of further columns.

    A list of values is an answer with several elements.
    """
    rows = []
    for number, (row, person, question, value, *more) in enumerate(lines):
        base = {
            "response_id": str(number),
            "created_at": pd.Timestamp("2026-11-30", tz="UTC") + pd.Timedelta(number, "s"),
            "participant_id": person,
            "row": row,
            "question": question,
            **(more[0] if more else {}),
        }
        values = value if isinstance(value, list) else [value]
        rows += [{**base, "value": each} for each in values or [None]]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("response_id", "participant_id", "row", "question", "value", "number_unit"):
        frame[name] = frame[name].astype("category")
    frame["seconds"] = frame["seconds"].astype("Float64")
    for name in next(iter((cells or {}).values()), {}):
        frame[name] = [(cells or {}).get(row, {}).get(name) for row in frame["row"].astype(object)]
    return frame


def votes(**labels: str) -> list[tuple[str, str, str, str]]:
    """Answers to “How?” by row, one letter a person: ``votes(r1="gb")``."""
    words = {"g": "good", "b": "bad", "m": "mixed"}
    return [(row, f"p{n}", "How?", words[letter]) for row, given in labels.items() for n, letter in enumerate(given)]

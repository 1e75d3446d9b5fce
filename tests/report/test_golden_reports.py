"""The default report of each kind of question is pinned: its numbers to rounding, its words as text.

``python -m tests.report.test_golden_reports`` writes the files again; a change of a number there is a decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from prolific_nb.design.codebook import Question
from prolific_nb.report import AgreementReport, agreement

FOLDER = Path(__file__).with_name("golden")
NUMBERS = ("value", "low", "high")

FEEL = Question("How does it feel?", "single", "multiple_choice", ("good", "bad", "mixed"), ("Good", "Bad", "Mixed"), 1)
STARS = Question("How many stars?", "scale", "multiple_choice", (1, 2, 3, 4, 5), tuple("12345"), 1)
TOPICS = Question("Which topics?", "many", "multiple_choice", ("price", "battery", "looks"), ("P", "B", "L"))
PRICE = Question("Which price?", "number", "free_text_with_unit", units=("USD", "cent"))


def noise(*parts: int) -> int:
    """A number from 0 to 99 that depends on nothing but its arguments (a linear congruence per argument)."""
    state = 12345
    for part in parts:
        state = ((state ^ part) * 1103515245 + 12345) % 2**31
    return (state >> 8) % 100


def answers(question: Question, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["row", "participant_id", "value"]).assign(question=question.question)


def single(people: int) -> AgreementReport:
    rows = []
    for unit in range(48):
        truth = FEEL.options[noise(unit, 1) % 3]
        for who in range(people):
            if noise(unit, who, 2) < 92:  # some answers are missing
                said = truth if noise(unit, who, 3) < 75 else FEEL.options[noise(unit, who, 4) % 3]
                rows.append((f"r{unit}", f"p{who}", said))
    return agreement(answers(FEEL, rows), questions=[FEEL])


def scale() -> AgreementReport:
    rows = []
    for unit in range(40):
        truth = 1 + noise(unit, 5) % 5
        for who in range(4):
            rows.append((f"r{unit}", f"p{who}", str(min(5, max(1, truth + noise(unit, who, 6) % 3 - 1)))))
    return agreement(answers(STARS, rows), questions=[STARS])


def several_picks() -> AgreementReport:
    rows: list[tuple[Any, ...]] = []
    for unit in range(40):
        true = {place for place in range(3) if noise(unit, place, 7) < 50}
        for who in range(3):
            picks = [
                each for place, each in enumerate(TOPICS.options) if (place in true) != (noise(unit, who, place) < 12)
            ]
            rows += [(f"r{unit}", f"p{who}", pick) for pick in picks or [None]]
    return agreement(answers(TOPICS, rows), questions=[TOPICS])


def number_in_two_units() -> AgreementReport:
    rows = [(unit, who, 10 * unit + noise(unit, who, 8)) for unit in range(30) for who in range(3)]
    frame = answers(PRICE, [(f"r{unit}", f"p{who}", str(cents)) for unit, who, cents in rows])
    in_cents = frame["participant_id"] == "p2"
    cents = pd.Series([float(each) for *_, each in rows])
    frame["number"] = cents.where(in_cents, cents / 100)
    frame["number_unit"] = in_cents.map({True: "cent", False: "USD"})
    return agreement(frame, questions=[PRICE], units={"USD": 1, "cent": 0.01})


REPORTS: dict[str, Callable[[], AgreementReport]] = {
    "single_two_people": lambda: single(2),
    "single_many_people": lambda: single(6),
    "scale": scale,
    "several_picks": several_picks,
    "number_in_two_units": number_in_two_units,
}


def recorded(report: AgreementReport) -> dict[str, Any]:
    """What a reader of the report sees, as plain JSON."""
    axes = report.plot(Figure().add_subplot())
    return {
        "table": json.loads(report.table.to_json(orient="records", double_precision=15)),
        "words": report.words.split("\n\n"),
        "headline": report.headline,
        "methods": report.to_methods(),
        "title": axes.get_title(loc="left").split("\n"),
    }


@pytest.mark.parametrize("name", REPORTS)
def test_the_default_report_is_the_recorded_one(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    found = recorded(REPORTS[name]())
    assert len(found["table"]) == len(expected["table"])
    for row, wanted in zip(found["table"], expected["table"], strict=True):
        assert [row.pop(column) for column in NUMBERS] == pytest.approx(
            [wanted.pop(column) for column in NUMBERS], rel=1e-9, abs=1e-9
        )
    assert found == expected


if __name__ == "__main__":
    for name, make in REPORTS.items():
        text = json.dumps(recorded(make()), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")

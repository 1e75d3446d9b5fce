"""The distribution of numbers, and of the lengths of texts."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

import prolific_nb as pnb
from prolific_nb import plots
from prolific_nb.plots import histogram

DESIGN = pnb.Design("R").measure("How heavy?", ["g", "kg"]).write("Why?").choose("How?", ["good", "bad"])


def answers(question: str, values: list[str], units: list[str | None] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"question": question, "value": values, "number_unit": units or [None] * len(values)})
    frame["number"] = pd.to_numeric(frame["value"], errors="coerce").astype("Float64")
    frame.attrs["questions"] = DESIGN.codebook().to_records()
    return frame


def heights(ax: object) -> list[float]:
    return [bar.get_height() for bar in ax.patches]  # type: ignore[attr-defined]


def test_numbers_are_drawn_in_the_unit_used_most() -> None:
    frame = answers("How heavy?", ["1", "2", "9", "0.5", "heavy"], ["g", "g", "g", "kg", "g"])
    ax = histogram(frame, question="How heavy?", ax=Figure().add_subplot())
    assert sum(heights(ax)) == 3
    assert "The median of 3 answers is 2; they range from 1 to 9" in ax.get_title(loc="left").replace("\n", " ")
    assert "answer, g; 2 in other units, or not numbers, left out" in plots.alt_text(ax)


def test_texts_are_drawn_by_their_number_of_words() -> None:
    ax = histogram(answers("Why?", ["Loud.", "Too $x$ loud", "Good"]), question="Why?", ax=Figure().add_subplot())
    assert heights(ax) == [2, 0, 1]
    assert "Half of the 3 texts have 1 word or fewer" in ax.get_title(loc="left").replace("\n", " ")


def test_as_many_whole_numbers_are_in_each_bar() -> None:
    frame = answers("Why?", [" ".join(["a"] * length) for length in range(1, 101)])
    assert heights(histogram(frame, question="Why?", ax=Figure().add_subplot())) == [5] * 20


def test_without_answers_it_says_so_and_labels_are_refused() -> None:
    ax = histogram(answers("Why?", []), question="Why?", ax=Figure().add_subplot())
    assert "There are no answers yet." in plots.alt_text(ax)
    with pytest.raises(ValueError, match=r"plots\.labels draws them"):
        histogram(answers("How?", ["good"]), question="How?")
    with pytest.raises(ValueError, match="3 questions"):
        histogram(answers("How?", ["good"]))

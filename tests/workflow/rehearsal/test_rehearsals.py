"""Several rehearsals: other people each time, the spread of their figures, and sandboxes that are closed again."""

from __future__ import annotations

from threading import enumerate as threads

import pandas as pd
import pytest
from matplotlib.figure import Figure

import prolific_nb as pnb
from prolific_nb.common.progress import Progress
from prolific_nb.errors import UnknownName
from prolific_nb.workflow.rehearsal.rehearsals import Rehearsals

from .a_study import FEELS, SAYS, study

SEEN: list[Progress] = []


@pytest.fixture(scope="module")
def three() -> Rehearsals:
    before = sum(thread.name == "sandbox" for thread in threads())
    made = pnb.rehearse(*study(), truth="sentiment", seed=7, times=3, on_progress=SEEN.append)
    assert sum(thread.name == "sandbox" for thread in threads()) <= before
    return made


def test_each_has_other_people_and_can_be_repeated_by_its_seed(three: Rehearsals) -> None:
    assert three.frame["rehearsal"].tolist() == [1, 2, 3]
    assert three.frame["seed"].nunique() == 3
    assert three.frame[f"agreement: {FEELS}"].nunique() == 3
    one = pnb.rehearse(*study(), truth="sentiment", seed=int(three.frame["seed"][1]))
    figure, asked = one.figures["figure"], one.figures["question"]
    names = figure.where(asked == "", figure + ": " + asked).tolist()
    assert three.frame.loc[1, names].tolist() == one.figures["value"].tolist()
    again = pnb.rehearse(*study(), truth="sentiment", seed=7, times=2, on_progress=SEEN.append)
    pd.testing.assert_frame_equal(again.frame, three.frame.head(2))
    assert [(each.done, each.total) for each in SEEN[:3]] == [(1, 3), (2, 3), (3, 3)]


def test_the_spread_is_that_of_the_frame(three: Rehearsals) -> None:
    row = three.spread.set_index("figure").loc["agreement"]
    column = three.frame[f"agreement: {FEELS}"]
    expected = [column.quantile(0.05), column.median(), column.quantile(0.95), column.min(), column.max()]
    names = ["low", "median", "high", "smallest", "largest"]
    assert row[names].tolist() == pytest.approx(expected, abs=1e-6)
    assert row["assumption"]
    assert not three.spread.set_index("figure").loc["places", "assumption"]


def test_every_output_says_that_the_people_are_simulated(three: Rehearsals) -> None:
    assert len(three) == 3
    for text in (three.words, repr(three), three._repr_html_()):
        assert SAYS in text
        assert "not how real people differ" in text
    assert [each.attrs["rehearsal"] for each in (three.frame, three.spread, three.caught)] == [SAYS] * 3
    ax = three.plot(ax=Figure().add_subplot())
    assert ax.get_title(loc="left").startswith("Simulated people: ")


def test_the_plot_has_a_line_for_each(three: Rehearsals) -> None:
    ax = three.plot(FEELS, ax=Figure().add_subplot())
    [points] = [line for line in ax.lines if line.get_marker() == "o"]
    assert list(points.get_ydata()) == pytest.approx(sorted(three.frame[f"agreement: {FEELS}"]), abs=1e-6)
    with pytest.raises(UnknownName, match="Those with a score: 'How does the writer feel"):
        three.plot("Why?")


def test_the_words_about_a_few_rehearsals_are_their_ends(three: Rehearsals) -> None:
    people = three.spread.set_index("figure").loc["returned submissions"]
    assert people["smallest"] < people["low"]  # a quantile between two of three
    expected = f"{people['smallest']:.0f} to {people['largest']:.0f}, median {people['median']:.0f} submissions"
    assert expected in three.words
    assert expected in repr(three)
    assert "All lie between the two figures" in three.words
    many = Rehearsals(three.asked, three.seeds * 7, three.outcomes * 7)
    assert "Nine in ten lie between the two figures" in many.words

"""The starting sentences: long enough for Prolific, and nothing of them is sent unfinished."""

from __future__ import annotations

import pytest

from prolific_nb.panels.reviewing.rejection_sentences import CATEGORY_WORDS, blanks, filled, starting_sentence
from prolific_nb.study.review.actions import CATEGORIES, MIN_MESSAGE

FIGURES = {"minutes": "1.2", "median": "6.0", "answers": "12"}


def test_every_category_has_words_and_a_sentence() -> None:
    assert tuple(CATEGORY_WORDS) == CATEGORIES


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_sentence_is_long_enough_without_its_blanks_and_offers_a_way_back(category: str) -> None:
    sentence = filled(starting_sentence(category), FIGURES)
    for blank in blanks(sentence):
        sentence = sentence.replace(blank, "")
    assert len(sentence) >= MIN_MESSAGE
    assert sentence.endswith("please write to us, and we will look at your submission again.")


def test_figures_that_are_not_known_stay_blanks() -> None:
    assert blanks(filled(starting_sentence("TOO_QUICKLY"), {"median": "6.0"})) == ["[minutes]"]


def test_brackets_of_the_researcher_are_no_blanks() -> None:
    assert blanks(filled("See page [2] and [minutes].", FIGURES)) == []

"""Measured lines: they fit, lose no letter, and end in an ellipsis only if they must."""

from __future__ import annotations

import pytest

from prolific_nb.plots.layout.pen import Pen

PEN = Pen(("DejaVu Sans",))
WORDS = "How does the writer of this review feel about the product?"


@pytest.mark.parametrize("room", [40, 80, 200])
@pytest.mark.parametrize("text", [WORDS, "antidisestablishmentarianism", "この商品はとても良いと思います"])
def test_lines_fit_and_are_complete_with_enough_lines(text: str, room: float) -> None:
    lines = PEN.wrap(text, 8, room, 20)
    assert PEN.width(lines, 8) <= room
    assert lines.replace("\n", "").replace(" ", "") == text.replace(" ", "")


def test_lines_are_even_and_keep_a_number_with_its_unit() -> None:
    first, second = PEN.wrap(WORDS, 8, 0.9 * PEN.width(WORDS, 8), 3).split("\n")
    assert PEN.width(second, 8) > 0.6 * PEN.width(first, 8)
    room = PEN.width("86\u00a0% of", 10)
    assert "86\u00a0%" in PEN.wrap("It wins 86 % of all", 10, room, 9)


def test_longer_text_ends_in_an_ellipsis_within_its_room() -> None:
    lines = PEN.wrap(WORDS, 8, 90, 2).split("\n")
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert PEN.width(lines[1], 8) <= 90


def test_names_are_cut_where_they_stay_distinct() -> None:
    cut = PEN.cut_names(["subject number 1, in detail", "subject number 2, in detail"], 8, 40)
    assert len(set(cut)) == 2
    assert PEN.widest(cut, 8) <= 40


def test_text_is_wider_on_coarse_screens() -> None:
    coarse, fine = Pen(("DejaVu Sans",), 72), Pen(("DejaVu Sans",), 300)
    assert coarse.width("text", 8) > fine.width("text", 8)


def test_fonts_of_other_scripts_are_used_only_where_needed() -> None:
    assert Pen.for_text(["plain", "é", "שלום"]).family == Pen.for_text([]).family
    assert Pen.for_text(["商品"]).family[: len(Pen.for_text([]).family)] == Pen.for_text([]).family

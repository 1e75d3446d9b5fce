"""What IDs and names may do to a display: nothing."""

from __future__ import annotations

import ast

import pytest

import prolific_nb as pnb
from prolific_nb.common.display import card, lines, quoted, visible

NASTY = "Ann\x1b[2J\x07\r\u202egpj.exe\u2066\u200e\ufeff\x9b\u2028"
HIDDEN = "\x1b\x07\r\u202e\u2066\u200e\ufeff\x9b\u2028"


@pytest.mark.parametrize(
    "shown",
    [
        lines(NASTY, {NASTY: NASTY}),
        card("SANDBOX", NASTY, {NASTY: NASTY}),
        str(pnb.Finding("error", NASTY, NASTY, column=NASTY, place=NASTY)),
        repr(pnb.Findings([pnb.Finding("note", NASTY, "")])),
        pnb.Findings([pnb.Finding("note", NASTY, "")])._repr_html_(),
        str(pnb.InputError(NASTY, [])),
        repr(pnb.Design(NASTY).show(NASTY)),
        repr(pnb.read_data(b"Ann\xe2\x80\xaegpj,b\n1,2\n")),
        pnb.read_data(b"Ann\xe2\x80\xaegpj,b\n1,2\n")._repr_html_().partition("<table")[0],
    ],
)
def test_control_and_bidirectional_characters_are_shown_escaped(shown: str) -> None:
    assert not set(HIDDEN) & set(shown)
    assert "\\u202e" in shown


def test_a_line_break_in_a_value_does_not_look_like_another_row() -> None:
    assert lines("SANDBOX run", {"name": "a\n  cost  0.00 GBP", "cost": 5}).splitlines() == [
        "SANDBOX run",
        "  name  a",
        "          cost  0.00 GBP",
        "  cost  5",
    ]


@pytest.mark.parametrize("text", ["Zoë, 日本語", "שלום", "👩\u200d👧", "می\u200cخواهم", "two\nlines"])
def test_words_of_any_language_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", ["How?", 'a"b\\c\n', "Ünïcode ✓", "\u202egnp.exe", "\x00\x7f", "\U000e0001", "\u2028"])
def test_a_quoted_string_is_code_for_the_same_string(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    assert quoted(text).isprintable()

"""Data with gold rows: what is about their own rows, and what changes of the data do to gold rows."""

from __future__ import annotations

import pickle

import pytest

from prolific_nb.data import Dataset, arranged, read_data
from prolific_nb.errors import DataError

from ..tables import made

OWN = made(id=["1", "2", "3", "4"], text=["I like this one", " I hate this one", "I know this one", "I saw this one"])
GOLD = made(text=["a gold row here", " another gold row", "the last gold row"], right=["x", "y", "x"])
DATA = OWN.with_gold(GOLD, answers={"How?": "right"})


def texts(data: Dataset, size: int = 3) -> set[str]:
    return {text for text in arranged(data, size).upload.cells("text") if "gold" in text}


def test_what_describes_the_data_is_about_its_own_rows() -> None:
    assert (len(DATA), DATA.row_keys, DATA.digest) == (len(OWN), OWN.row_keys, OWN.digest)
    assert DATA.frame.equals(OWN.frame)
    assert DATA.head().equals(OWN.head())
    assert DATA.describe().equals(OWN.describe())
    assert DATA.check() == OWN.check() + [each for each in DATA.check() if each.place]
    assert repr(DATA) == "Dataset('data': 4 rows + 3 gold rows; id other, text text)"
    assert "4 rows + 3 gold rows" in DATA._repr_html_()
    assert DATA != OWN
    assert pickle.loads(pickle.dumps(DATA)) == DATA


def test_the_gold_rows_are_a_value_with_their_answers() -> None:
    gold = DATA.gold
    assert gold is not None
    assert (gold.answers, gold.per_group, gold.seed, len(gold)) == ({"How?": "right"}, 1, 0, 3)
    assert gold.frame.columns.tolist() == ["text", "How?"]
    assert gold.frame["How?"].tolist() == ["x", "y", "x"]
    assert repr(gold) == "GoldRows(3 rows, 1 per group; 'How?': right)"
    assert OWN.gold is None


def test_gold_rows_are_replaced_by_later_ones_and_a_cell_run_again_changes_nothing() -> None:
    assert DATA.with_gold(GOLD, answers={"How?": "right"}) is DATA
    other = DATA.with_gold(GOLD, answers={"How?": "right"}, per_group=2)
    assert (len(other._spreads), other.gold and other.gold.per_group) == (1, 2)


def test_kinds_selections_and_added_rows_keep_gold_rows() -> None:
    assert DATA.with_kinds({"id": "text"}).gold == DATA.gold
    some = DATA.select(DATA.row_keys[1:3])
    assert (len(some), some.gold) == (2, DATA.gold)
    assert some.to_code().strip().endswith(f".select({list(DATA.row_keys[1:3])!r})")
    plain = DATA.extended(made(id=["9"], text=["a new row here"]))
    assert [(spread.own, spread.gold is None) for spread in plain._spreads] == [(4, False), (1, True)]
    assert plain.select(plain.row_keys[4:])._spreads == ()
    known = DATA.extended(OWN)
    assert (known, known._spreads) == (DATA, DATA._spreads)
    more = OWN.extended(made(text=["a new row here"], id=["9"]).with_gold(GOLD, answers={"How?": "right"}))
    assert [(spread.own, spread.gold is None) for spread in more._spreads] == [(4, True), (1, False)]


def test_fixes_change_gold_rows_as_they_change_the_data() -> None:
    trimmed = DATA.fixed("trim spaces")
    assert texts(trimmed, 2) == {"a gold row here", "another gold row", "the last gold row"}
    without = DATA.fixed("delete column", "id")
    assert (arranged(without, 3).upload.columns, without.gold) == (("text", "pnb_group"), DATA.gold)
    long = read_data(f"{'n' * 140}\nwords of one row\n".encode())
    named = long.with_gold(f"{'n' * 140},right\nother words here,x\n".encode(), answers={"How?": "right"})
    renamed = named.fixed("rename column", "n" * 140)
    assert renamed.gold is not None
    assert renamed.gold.columns == renamed.columns
    sparse = made(text=["words of one row", "", "more words of one"]).with_gold(GOLD, answers={"How?": "right"})
    filled = sparse.fixed("delete rows without a value", "text")
    assert ([spread.own for spread in filled._spreads], list(filled.rows)) == ([2], [2, 4])


def test_gold_rows_without_rows_of_the_data_are_not_selected() -> None:
    keys = [key for key, _, _ in arranged(DATA, 3).gold]
    with pytest.raises(DataError, match="There are no rows"):
        DATA.select(keys)

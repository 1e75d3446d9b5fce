"""Rows are joined by content: on random uploads and edits, every joined row is the one that was sent."""

from __future__ import annotations

import random
from collections import Counter

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.responses.content_join import match_content

WORDS = ("fine", "Fine", "broken", "0", "00", "é", "e\u0301", "=1", "")


def squeezed(cell: str) -> str:
    """The cell as the service may return it."""
    return " ".join(cell.replace("e\u0301", "é").split())


def edited(rng: random.Random, table: pd.DataFrame) -> pd.DataFrame:
    """The same file some weeks later."""
    table = table.copy()
    for _ in range(rng.randrange(4)):
        table.iat[rng.randrange(len(table)), rng.randrange(2)] = rng.choice(WORDS)
    if rng.random() < 0.4:
        table = table.iloc[rng.sample(range(len(table)), rng.randrange(1, len(table) + 1))]
    if rng.random() < 0.3:
        table = pd.concat([table, table.sample(1, random_state=rng.randrange(99)).assign(origin="new")])
    if rng.random() < 0.3:
        table = table[rng.sample(list(table.columns), table.shape[1])]
    if rng.random() < 0.3:
        table = table.drop(columns="hidden")
    return table.rename(columns={"shown": "renamed"}) if rng.random() < 0.2 else table


@settings(max_examples=150, deadline=None)
@given(st.integers())
def test_a_joined_row_has_the_content_that_was_sent(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.randrange(1, 9)
    pairs = [(" ".join(rng.choices(WORDS, k=rng.choice([1, 3]))), rng.choice(WORDS)) for _ in range(count)]
    upload = pd.DataFrame(pairs, columns=["shown", "hidden"])
    cells = {f"t{n}": {"shown": squeezed(a), "META_hidden": b, "pnb_row": "x"} for n, (a, b) in enumerate(pairs)}
    table = edited(rng, upload.assign(origin=[f"t{n}" for n in range(count)]))
    data = pnb.read_data(table)
    match = match_content(cells, data, ["shown"], cells)
    rows = dict(zip(data.row_keys, data.table.fillna("").to_dict("records"), strict=True))
    for task, key in match.rows.items():
        shown = rows[key].get("shown", rows[key].get("renamed"))
        assert squeezed(shown) == cells[task]["shown"]
        assert squeezed(rows[key].get("hidden", cells[task]["META_hidden"])) == squeezed(cells[task]["META_hidden"])
    assert len(set(match.rows.values())) == len(match.rows)
    if "shown" in table:  # unique on both sides: joined; a copy on either side: not
        used = ["shown", "hidden"] if "hidden" in table else ["shown"]
        sent = {task: tuple(squeezed(cells[task][{"hidden": "META_hidden"}.get(n, n)]) for n in used) for task in cells}
        times = Counter(sent.values())
        there = Counter(tuple(map(squeezed, map(str, row))) for row in table[used].fillna("").to_numpy().tolist())
        assert set(match.rows) == {task for task, content in sent.items() if times[content] == there[content] == 1}
        assert match.ambiguous == {task for task, content in sent.items() if there[content] and task not in match.rows}


def test_only_wanted_tasks_get_a_row_but_all_count() -> None:
    data = pnb.read_data(pd.DataFrame({"shown": ["a", "b"]}))
    cells = {"t1": {"shown": "a"}, "t2": {"shown": "a"}, "t3": {"shown": "b"}}
    match = match_content(cells, data, ["shown"], {"t1"})
    assert (match.rows, match.ambiguous) == ({}, {"t1"})


def test_a_source_without_what_was_shown_is_not_compared() -> None:
    data = pnb.read_data(pd.DataFrame({"shown": ["a", "b"], "n": ["1", "2"]}))
    match = match_content({"t1": {"n": "1"}}, data, ["shown"], {"t1"})
    assert (match.rows, match.compared) == ({}, False)


def test_a_column_of_few_values_is_not_taken_for_a_renamed_one() -> None:
    data = pnb.read_data(pd.DataFrame({"other": ["yes", "no", "yes", "no"], "n": list("1234")}))
    cells = {f"t{n}": {"shown": ("yes", "no")[n % 2], "n": str(n + 1)} for n in range(4)}
    match = match_content(cells, data, ["shown"], cells)
    assert match.rows == {}
    assert "no column 'shown'" in match.notes[0]

"""How gold rows are spread over the task groups, whatever the sizes are."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prolific_nb.data import Dataset, arranged, gold_count, group_count, read_data
from prolific_nb.data.gold.gold_rows import GROUP_COLUMN

from ..tables import made

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def data_of(own: int, gold: int, per_group: int = 1, seed: int = 0, start: int = 0, known: int = 0) -> Dataset:
    data = made(text=[f"row {n} of the data" for n in range(start, start + own)])
    right = {"text": [f"gold row {n} here" for n in range(known, known + gold)], "right": ["good"] * gold}
    return data.with_gold(made(**right), answers={"How?": "right"}, per_group=per_group, seed=seed)


def groups_of(data: Dataset, size: int) -> list[list[str]]:
    frame = arranged(data, size).upload.frame
    return [group["text"].tolist() for _, group in frame.groupby(data.grouping or GROUP_COLUMN, sort=False)]


def golds(texts: list[str]) -> list[str]:
    return [text for text in texts if text.startswith("gold")]


@QUICK
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 4), st.integers(2, 9), st.integers(0, 3))
def test_each_group_has_its_gold_rows_and_the_rows_keep_their_order(
    own: int, gold: int, per_group: int, size: int, seed: int
) -> None:
    per_group = min(per_group, gold, size - 1)
    data = data_of(own, gold, per_group, seed)
    groups = groups_of(data, size)
    assert [text for group in groups for text in group if text.startswith("row")] == data.cells("text")
    assert all(len(golds(group)) == len(set(golds(group))) == per_group for group in groups)
    assert all(len(group) == size for group in groups[:-1])
    assert len(groups) == group_count(data, size) == -(-own // (size - per_group))
    used = Counter(text for group in groups for text in golds(group))
    assert max(used.values()) - min([used[text] for text in data.gold.frame["text"]]) <= 1  # type: ignore[union-attr]
    assert gold_count(data, size) == sum(used.values())
    arrangement = arranged(data, size)
    assert (arrangement.most_used > 1) == (max(used.values()) > 1)
    keys = arrangement.upload.row_keys
    assert len(set(keys)) == len(keys)
    assert [key for key in keys if key in data.row_keys] == list(data.row_keys)
    assert Counter(key for key, _ in arrangement.truths("How?")) == Counter(set(keys) - set(data.row_keys))


@QUICK
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=20), st.integers(2, 5), st.integers(1, 2))
def test_a_grouping_column_keeps_its_groups_and_gets_gold_rows(names: list[str], gold: int, per_group: int) -> None:
    frame = {"text": [f"row {n} of the data" for n in range(len(names))], "task_group_id": names}
    right = {"text": [f"gold row {n} here" for n in range(gold)], "right": ["good"] * gold}
    data = made(**frame).with_gold(made(**right), answers={"How?": "right"}, per_group=per_group)
    upload = arranged(data, 3).upload
    assert upload.columns == data.columns
    rows = upload.frame
    assert rows.loc[rows["text"].str.startswith("row"), "task_group_id"].tolist() == names
    assert [text for text in rows["text"] if text.startswith("row")] == data.cells("text")
    for _, group in rows.groupby("task_group_id"):
        assert len(golds(group["text"].tolist())) == len(set(golds(group["text"].tolist()))) == per_group
    more = made(text=["row of a later file", "row of another group"], task_group_id=[names[0], "new"])
    later = arranged(data.extended(more.with_gold(made(**right), answers={"How?": "right"})), 3).upload
    assert later.row_keys[: len(upload)] == upload.row_keys
    assert later.cells("task_group_id")[len(upload) :].count("new") == 2  # its groups are complete already
    assert len(later) == len(upload) + 3
    assert (group_count(data, 3), gold_count(data, 3)) == (len(set(names)), len(set(names)) * per_group)


@QUICK
@given(st.integers(1, 12), st.integers(1, 12), st.booleans(), st.integers(2, 5))
def test_rows_added_later_leave_the_earlier_upload_as_it_is(first: int, more: int, gold: bool, size: int) -> None:
    data = data_of(first, 3)
    later = data_of(more, 2, start=100, known=2) if gold else made(text=[f"row {n} later" for n in range(more)])
    before, after = arranged(data, size).upload, arranged(data.extended(later), size).upload
    assert after.row_keys[: len(before)] == before.row_keys
    assert after.frame.iloc[: len(before)].equals(before.frame)
    new = after.frame.iloc[len(before) :]
    assert not set(new[GROUP_COLUMN]) & set(before.frame[GROUP_COLUMN])
    assert {len(golds(group["text"].tolist())) for _, group in new.groupby(GROUP_COLUMN)} == {int(gold)}
    assert len(set(after.row_keys)) == len(after)
    assert group_count(data.extended(later), size) == after.frame[GROUP_COLUMN].nunique()


def test_where_a_gold_row_stands_is_not_fixed_and_depends_on_the_seed_only() -> None:
    places = Counter(
        next(place for place, text in enumerate(group) if text.startswith("gold"))
        for group in groups_of(data_of(360, 20), 10)
    )
    assert set(places) == set(range(10))
    assert arranged(data_of(30, 5), 6).upload.digest == arranged(data_of(30, 5), 6).upload.digest
    assert arranged(data_of(30, 5), 6).upload.digest != arranged(data_of(30, 5, seed=1), 6).upload.digest
    # The same in every process, on every version of Python and pandas: a second launch finds the first.
    assert arranged(data_of(7, 2), 4).upload.cells("text") == [
        *("row 0 of the data", "gold row 1 here", "row 1 of the data", "row 2 of the data"),
        *("row 3 of the data", "gold row 0 here", "row 4 of the data", "row 5 of the data"),
        *("row 6 of the data", "gold row 1 here"),
    ]


def test_a_gold_row_is_used_again_only_after_all_others_also_for_added_rows() -> None:
    data = data_of(6, 6).extended(data_of(6, 6, start=50))
    used = Counter(golds(arranged(data, 3).upload.cells("text")))
    assert (sum(used.values()), max(used.values()), len(used)) == (6, 1, 6)


def test_data_without_gold_rows_are_uploaded_as_they_are() -> None:
    data = read_data(b"a,b\nx,y\n")
    assert arranged(data, 3).upload is data
    assert arranged(data, 3).row_names == data.rows


def test_a_gold_row_like_a_row_of_the_data_has_a_key_of_its_own() -> None:
    data = made(text=["the same words here", "other words in this"])
    gold = made(text=["the same words here"], right=["good"])
    arrangement = arranged(data.with_gold(gold, answers={"How?": "right"}), 2)
    keys = arrangement.upload.row_keys
    assert len(set(keys)) == len(keys) == 4
    assert set(data.row_keys) < set(keys)
    assert set(arrangement.row_names) == {2, 3, "2 of the gold rows"}


@pytest.mark.parametrize("size", [1, 2])
def test_groups_without_room_for_rows_are_still_finite(size: int) -> None:
    assert group_count(data_of(5, 4, per_group=3), size) == 5
    assert len(arranged(data_of(5, 4, per_group=3), size).gold) == 5 * (size - 1)

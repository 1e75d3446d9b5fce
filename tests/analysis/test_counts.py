"""The one pass: what is counted, what is left out, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import count
from prolific_nb.errors import DataError

from . import published


def frame_of(labels, **columns):
    n = len(labels)
    base = {"row": [i // 2 for i in range(n)], "participant_id": [f"p{i % 2}" for i in range(n)], "value": labels}
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize(
    ("labels", "categories"),
    [
        (["b", "a", None, "a"], ("a", "b")),
        ([2, 1, None, 1], (1, 2)),
        ([2.5, 1.0, float("nan"), 1.0], (1.0, 2.5)),
        (pd.array([2, 1, None, 1], dtype="Int64"), (1, 2)),
        (pd.array([True, False, None, False], dtype="boolean"), (False, True)),
        (pd.Categorical(["b", "a", None, "a"], categories=["b", "a"]), ("b", "a")),
        (["x", 1, None, 1], (1, "x")),
    ],
)
def test_labels_of_any_kind(labels, categories):
    counts = count(frame_of(labels))
    assert counts.categories == categories
    assert sorted(counts.totals) == [1, 2]
    assert (counts.n_units, counts.n_single, counts.n_ratings, counts.n_missing) == (2, 1, 3, 1)


def test_options_nobody_chose_are_known():
    assert count(frame_of(["a", "b"]), categories=["c", "b", "a"]).patterns.tolist() == [[0, 1, 1]]
    unused = pd.Categorical(["a", "b"], categories=["a", "b", "c"])
    assert count(frame_of(unused)).patterns.tolist() == [[1, 1, 0]]


def test_a_label_that_is_not_on_offer_is_named():
    with pytest.raises(DataError, match=r"'c' is not among the categories: 'a', 'b'"):
        count(frame_of(["a", "c"]), categories=["a", "b"])


def test_categories_named_twice_are_refused():
    with pytest.raises(ValueError, match="'a' more than once"):
        count(frame_of(["a", "a"]), categories=["a", "a"])


def test_an_annotator_twice_on_a_unit_is_named_and_can_be_kept():
    frame = frame_of(["a", "a", "b", "b"]).assign(participant_id="ann", row=["u1", "u1", "u2", "u3"])
    with pytest.raises(DataError, match=r"'ann' on 'u1'.*drop_duplicates.*duplicates='keep'"):
        count(frame)
    assert count(frame, duplicates="keep").n_ratings == 4
    with pytest.raises(ValueError, match="'error' or 'keep'"):
        count(frame, duplicates="first")


def test_a_repeat_without_a_label_is_no_repeat():
    assert count(frame_of(["a", None], participant_id="ann")).n_ratings == 1


def test_labels_of_nobody_and_of_nothing_are_left_out_and_counted():
    frame = frame_of(["a", "b", "a", "b"], participant_id=["p", None, "p", "q"], row=[1, 1, None, 2])
    counts = count(frame)
    assert (counts.n_ratings, counts.n_unplaced, counts.n_units, counts.n_annotators) == (2, 2, 2, 2)


def test_units_are_rows_else_tasks():
    frame = frame_of(["a", "b", "a", "b"], task_id=["t1", "t1", "t1", "t2"])
    frame = frame.assign(participant_id=list("pqrs"))
    assert count(frame).patterns.tolist() == [[1, 1]]
    assert count(frame.assign(row=None)).patterns.tolist() == [[0, 1], [2, 1]]
    with pytest.raises(DataError, match=r"no column 'row' or 'task_id'.*pass unit="):
        count(frame.drop(columns=["row", "task_id"]))


def test_every_missing_column_is_named_with_its_option():
    frame = pd.DataFrame({"task": [1], "worker": ["w"], "label": ["x"]})
    with pytest.raises(DataError, match="'task', 'worker', 'label'") as caught:
        count(frame, unit="item")
    assert [f.column for f in caught.value.findings] == ["item", "participant_id", "value"]
    assert "pass annotator=" in str(caught.value)


def test_a_matrix_is_refused_whichever_way_it_lies():
    wide = published.krippendorff_four().pivot(index="row", columns="participant_id", values="value")
    for matrix in (wide, wide.T):
        with pytest.raises(DataError, match="one row per label"):
            count(matrix, unit="row")
        with pytest.raises(TypeError, match="one row per label"):
            count(matrix.to_numpy())


def test_units_and_annotators_swapped_are_refused():
    with pytest.raises(DataError, match="look swapped"):
        count(published.krippendorff_four(), unit="participant_id", annotator="row")
    with pytest.raises(DataError, match="same column twice"):
        count(published.krippendorff_four(), unit="row", annotator="row")


def test_several_questions_are_refused_by_name():
    with pytest.raises(DataError, match=r"2 questions: 'How\?', 'Why\?'.*questions=codebook"):
        count(frame_of(["a", "b"], question=["How?", "Why?"]))
    asked = pd.Categorical(["How?", "How?"], categories=["How?", "Why?"])
    assert count(frame_of(["a", "b"], question=asked)).n_ratings == 2


def test_columns_of_the_same_name_are_refused():
    frame = frame_of(["a", "b"])
    with pytest.raises(DataError, match="Several columns have this name"):
        count(pd.concat([frame, frame[["value"]]], axis=1))


def test_lists_are_no_labels():
    with pytest.raises(DataError, match="one label per row"):
        count(frame_of([["a"], ["a", "b"]]))


def test_an_empty_frame_has_no_units():
    counts = count(frame_of([]))
    assert (counts.n_units, counts.n_ratings, counts.patterns.shape) == (0, 0, (0, 0))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), max_size=20))
def test_patterns_are_the_different_rows_with_how_often_they_occur(rows):
    counts = count(published.from_counts(rows), categories=list("012"))
    used = np.array([row for row in rows if sum(row)], dtype=int).reshape(-1, 3)
    patterns, multiplicity = np.unique(used, axis=0, return_counts=True)
    assert counts.patterns.tolist() == patterns.tolist()
    assert counts.multiplicity.tolist() == multiplicity.tolist()


def test_many_categories_do_not_overflow():
    names = [f"{k:02}" for k in range(90)]
    rng = np.random.default_rng(0)
    table = rng.integers(0, 3, (50, 90))
    table = np.vstack([table, table[:20]])
    units = [[name for name, n in zip(names, row, strict=True) for _ in range(n)] for row in table]
    given = [(u, f"r{who}", label) for u, labels in enumerate(units) for who, label in enumerate(labels)]
    counts = count(pd.DataFrame(given, columns=["row", "participant_id", "value"]), categories=names)
    patterns, multiplicity = np.unique(table, axis=0, return_counts=True)
    assert (counts.patterns == patterns).all()
    assert (counts.multiplicity == multiplicity).all()


@pytest.mark.parametrize("kind", ["object", "category"])
def test_codes_have_names(kind):
    frame = frame_of(["a", "b", "a", "b", None, "a"], row=[*"vvuutt"], participant_id=[*"qpqppr"])
    frame = frame.astype({"row": kind, "participant_id": kind}).iloc[:5]
    counts = count(frame)
    said = zip(counts.unit_names[counts.units], counts.annotator_names[counts.annotators], strict=True)
    assert list(said) == [("v", "q"), ("v", "p"), ("u", "q"), ("u", "p")]
    assert (len(counts.unit_names), len(counts.annotator_names)) == (counts.n_units, counts.n_annotators) == (2, 2)


def test_some_of_the_labels_are_the_counts_of_some_of_the_rows():
    frame = published.krippendorff_four()
    kept = (frame["participant_id"] != "B").to_numpy() & (frame["row"] > 1).to_numpy()
    part, again = count(frame).where(kept), count(frame[kept], categories=[*"12345"])
    for name in ("units", "annotators", "labels", "patterns", "multiplicity", "unit_names", "annotator_names"):
        assert list(map(str, getattr(part, name))) == list(map(str, getattr(again, name)))


def test_counts_do_not_follow_what_is_written_into_the_frame():
    frame = frame_of(["a", "b", "b", "b"]).astype("category")
    counts = count(frame)
    for column in frame:
        frame[column].array._codes[:] = 0  # what writing in place comes down to
    assert counts.units.tolist() == [0, 0, 1, 1]
    assert counts.annotators.tolist() == [0, 1, 0, 1]
    assert counts.labels.tolist() == [0, 1, 1, 1]


@settings(max_examples=100, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_every_repeat_is_found_and_nothing_else(pairs):
    units, annotators = zip(*pairs, strict=True) if pairs else ((), ())
    frame = pd.DataFrame({"row": units, "participant_id": annotators, "value": "x"})
    repeats = len({pair for pair in pairs if pairs.count(pair) > 1})
    if not repeats:
        assert count(frame).n_ratings == len(pairs)
        return
    with pytest.raises(DataError, match="more than once") as caught:
        count(frame)
    named = str(caught.value).count(" on ")
    more = f"and {repeats - 3} more" if repeats > 3 else "more than once"
    assert named == min(repeats, 3)
    assert more in str(caught.value)


def test_repeats_in_a_crowded_table_are_found():
    """A hundred thousand labels find many slots taken by others; the only repeat may be among those."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"row": np.arange(100_000), "participant_id": rng.integers(5_000, size=100_000), "value": "x"})
    for place in rng.integers(100_000, size=25):
        with pytest.raises(DataError, match=rf"on {place}\."):
            count(pd.concat([frame, frame.iloc[[place]]]))
    assert count(frame).n_units == 100_000


def test_patterns_with_wide_keys_are_the_same(monkeypatch):
    frame = published.fleiss()
    few = count(frame)
    monkeypatch.setattr("prolific_nb.analysis.unique_rows._FEW_KEYS", 1)
    sorted_ = count(frame)
    assert few.patterns.tolist() == sorted_.patterns.tolist()
    assert few.multiplicity.tolist() == sorted_.multiplicity.tolist()


def test_rows_selected_from_several_questions_have_no_categories_of_the_others() -> None:
    """Texts that answer another question would count as options nobody chose, in κ of Brennan & Prediger and in AC1."""
    rows = [(row, who, "Good?", "yes" if row < 2 else "no") for row in range(4) for who in "ab"]
    rows += [(row, who, "Why?", f"because {row} {who}") for row in range(4) for who in "ab"]
    table = pd.DataFrame(rows, columns=["row", "participant_id", "question", "value"])
    table = table.astype({"question": "category", "value": "category"})
    assert count(table[table["question"] == "Good?"]).categories == ("no", "yes")
    offered = table[table["question"] == "Good?"].assign(question="Good?")
    offered["value"] = offered["value"].cat.set_categories(["yes", "no", "unsure"])
    assert count(offered).categories == ("yes", "no", "unsure")

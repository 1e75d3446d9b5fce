"""A design as a list of entries, and the methods that change it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from prolific_nb.design import Design, Entry
from prolific_nb.design.items import DatasetField, Option, RichText, Unit, Validation
from prolific_nb.design.layout import Column, Page, Row
from prolific_nb.design.question_types import MultipleChoice
from prolific_nb.errors import DesignError

from .designs import EDITED, SANE_DESIGNS

relaxed = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ABC = Design("x").write("a").write("b").write("c")
PAIR = Design("x").write("w").show("l").show("r").beside().write("z")
PAGES = Design("x").intro("<p>hi</p>").write("a").page().write("b").outro("<p>bye</p>")


def shape(design: Design) -> list[str]:
    """One word per entry: ``-body`` starts a page, ``+x`` is beside the entry before."""
    return [("+" if each.beside else "") + word(each) for each in design.entries]


def word(entry: Entry) -> str:
    item: Any = entry.item
    if item is None:
        return f"-{entry.page}"
    return str(getattr(item, "description", "") or getattr(item, "field", "") or getattr(item, "content", ""))


def rows(design: Design) -> list[list[list[int]]]:
    return [[[len(column.items) for column in row.columns] for row in page.rows] for page in design.pages]


def test_the_list_reads_as_the_participant_does() -> None:
    assert shape(PAGES) == ["-intro", "<p>hi</p>", "-body", "a", "-body", "b", "-outro", "<p>bye</p>"]
    assert shape(PAIR) == ["w", "l", "+r", "z"]
    assert shape(Design("x")) == []
    assert shape(Design("x").page().page().write("a")) == ["-body", "-body", "a"]
    assert shape(Design("x").show("a", caption="above")) == ["above", "a"]


def test_only_the_first_item_of_a_second_column_is_beside() -> None:
    items = [RichText(text) for text in "abcd"]
    page = Page((Row((Column((items[0], items[1])), Column((items[2], items[3])))),))
    design = Design("x", pages=(page,))
    assert shape(design) == ["a", "b", "+c", "d"]
    assert rows(design.with_entries(design.entries)) == [[[1], [1, 1], [1]]]


@relaxed
@given(SANE_DESIGNS)
def test_the_list_rebuilds_the_pages(design: Design) -> None:
    shared = any(len(column.items) != 1 for page in design.pages for row in page.rows for column in row.columns)
    again = design.with_entries(design.entries)
    assert again.items == design.items
    assert (again == design) is not shared
    assert again.with_entries(again.entries) == again


@relaxed
@given(EDITED)
def test_any_list_is_stable_after_one_round_trip(design: Design) -> None:
    once = design.with_entries(design.entries)
    assert once.items == design.items
    assert once.with_entries(once.entries) == once
    assert all(len(row) <= 2 and set(row) == {1} for page in rows(once) for row in page)


@relaxed
@given(st.lists(st.builds(Entry, st.none() | st.builds(DatasetField, st.sampled_from("abc")), st.booleans())))
def test_lists_made_by_hand_never_fail(entries: list[Entry]) -> None:
    design = Design("x").with_entries(entries)
    assert list(design.items) == [each.item for each in entries if each.item is not None]
    assert design.with_entries(design.entries) == design


@relaxed
@given(EDITED, st.data())
def test_a_move_goes_where_it_should_and_back(design: Design, data: st.DataObject) -> None:
    count = len(design.entries)
    assume(count and not any(each.beside or each.item is None for each in design.entries))
    design = design.with_entries(design.entries)
    source, target = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, count - 1))
    there = design.move(source, target)
    expected = list(design.entries)
    expected.insert(target, expected.pop(source))
    assert list(there.entries) == expected
    assert there.move(target, source) == design


@relaxed
@given(EDITED, st.data())
def test_no_edit_loses_or_doubles_an_item(design: Design, data: st.DataObject) -> None:
    assume(design.entries)
    place = data.draw(st.integers(0, len(design.entries) - 1))
    items = sorted(map(repr, design.items))
    here = design.entries[place].item
    assert sorted(map(repr, design.move(place, data.draw(st.integers(0, len(design.entries) - 1))).items)) == items
    assert sorted(map(repr, design.beside(place, False).items)) == items
    assert len(design.remove(place).items) == len(items) - (here is not None)
    assert list(design.insert(RichText("new"), place).items).count(RichText("new")) == 1 + list(design.items).count(
        RichText("new")
    )


@relaxed
@given(EDITED, st.data())
def test_edit_touches_nothing_else(design: Design, data: st.DataObject) -> None:
    places = [place for place, each in enumerate(design.entries) if isinstance(each.item, MultipleChoice)]
    assume(places)
    place = data.draw(st.sampled_from(places))
    edited = design.edit(place, description="new")
    assert rows(edited) == rows(design)
    assert [n for n, (one, other) in enumerate(zip(design.entries, edited.entries, strict=True)) if one != other] in (
        [place],
        [],
    )
    assert edited.entries[place].item.description == "new"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (ABC.move(0, 2), "b c a"),
        (ABC.move("c", "a"), "c a b"),
        (ABC.move(-1, 0), "c a b"),
        (ABC.move(1, 1), "a b c"),
        (ABC.remove("b"), "a c"),
        (ABC.duplicate("a"), "a a b c"),
        (ABC.insert(DatasetField("d")), "a b c d"),
        (ABC.insert(DatasetField("d"), 0), "d a b c"),
        (ABC.insert(DatasetField("d"), "b"), "a d b c"),
        (ABC.insert(DatasetField("d"), -1), "a b c d"),
        (ABC.insert(Entry(DatasetField("d"), beside=True), 1), "a +d b c"),
        (ABC.insert(Entry(), 1), "a -body b c"),
        (ABC.insert(Entry(page="intro")), "-intro -body a b c"),
        (ABC.insert(Entry(page="outro")), "a b c -outro"),
        (ABC.beside(), "a b +c"),
        (ABC.beside("b"), "a +b c"),
        (Design("x").intro("i").insert(DatasetField("d")), "-intro i -body d"),
        (Design("x").outro("o").insert(DatasetField("d")), "d -outro o"),
    ],
)
def test_what_each_method_does(design: Design, expected: str) -> None:
    assert shape(design) == expected.split()


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (PAIR.move(1, 2), "w r +l z"),  # the two items of a row swap sides
        (PAIR.move(2, 1), "w r +l z"),
        (PAIR.move("w", 1), "l +r w z"),  # other items do not split the row
        (PAIR.move("z", 2), "w z l +r"),
        (PAIR.move(2, 3), "w l z r"),  # an item that leaves the row gets its own
        (PAIR.move(1, 0), "l w r z"),
        (PAIR.move(2, 2), "w l +r z"),
        (PAIR.remove(1), "w r z"),
        (PAIR.remove(2), "w l z"),
        (PAIR.duplicate(1), "w l +r l z"),
        (PAIR.duplicate(2), "w l +r r z"),
        (PAIR.insert(RichText("n"), 2), "w l +r n z"),
        (PAIR.beside(2), "w l +r z"),
        (PAIR.beside(2, False), "w l r z"),
        (PAIR.beside(0, on=False), "w l +r z"),
    ],
)
def test_rows_of_two_stay_together(design: Design, expected: str) -> None:
    assert shape(design) == expected.split()


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (PAGES.move(4, 3), "-intro <p>hi</p> -body -body a b -outro <p>bye</p>"),
        (PAGES.move(4, 5), "-intro <p>hi</p> -body a b -body -outro <p>bye</p>"),
        (PAGES.remove(4), "-intro <p>hi</p> -body a b -outro <p>bye</p>"),
        (PAGES.remove(0), "<p>hi</p> -body a -body b -outro <p>bye</p>"),
        (PAGES.duplicate(0), "-intro <p>hi</p> -intro <p>hi</p> -body a -body b -outro <p>bye</p>"),
        (PAGES.duplicate(4), "-intro <p>hi</p> -body a -body b -body b -outro <p>bye</p>"),
        (PAGES.edit(0, page="outro"), "a -body b -outro <p>hi</p> -outro <p>bye</p>"),
        (PAGES.move("a", 1), "-intro a <p>hi</p> -body -body b -outro <p>bye</p>"),
        (PAGES.move("a", 0), "-intro <p>hi</p> -body a -body -body b -outro <p>bye</p>"),
    ],
)
def test_boundaries_of_pages_move(design: Design, expected: str) -> None:
    assert shape(design) == expected.split()


@pytest.mark.parametrize(
    ("design", "which", "said"),
    [
        (ABC, 0, "first item on its page"),
        (PAGES, "b", "first item on its page"),
        (PAGES, 4, "start of a page"),
        (PAIR, "z", "already beside"),
        (PAIR, 1, "already beside"),
    ],
)
def test_an_impossible_second_column_is_refused_with_a_remedy(design: Design, which: Any, said: str) -> None:
    with pytest.raises(DesignError, match=said) as caught:
        design.beside(which)
    assert all(finding.remedy and finding.place for finding in caught.value.findings)


@pytest.mark.parametrize(
    ("which", "error", "said"),
    [
        (3, IndexError, "no entry 3: the design has 3"),
        (-4, IndexError, "no entry -4"),
        ("A", LookupError, "There is no question 'A'. The questions are 'a', 'b', 'c'."),
        (True, TypeError, "by its index or by the text"),
        (1.0, TypeError, "by its index or by the text"),
    ],
)
def test_entries_that_do_not_exist(which: Any, error: type[Exception], said: str) -> None:
    for verb in (
        ABC.remove,
        ABC.duplicate,
        ABC.edit,
        ABC.beside,
        lambda at: ABC.move(at, 0),
        lambda at: ABC.move(0, at),
    ):
        with pytest.raises(error, match=said):
            verb(which)
    with pytest.raises(LookupError, match=r"2 questions have the text 'a'.*0, 1"):
        ABC.duplicate("a").remove("a")


def test_edit_reads_values_as_the_methods_do() -> None:
    design = Design("x").choose("q", ["a", "b"], helper="h")
    assert design.edit("q", options=["c", 1]) == Design("x").choose("q", ["c", 1], helper="h")
    assert design.edit("q", options={"c": "C", "d": "D"}, helper_text=None) == Design("x").choose(
        "q", {"c": "C", "d": "D"}
    )
    assert design.edit(
        0, answer_limit=-1, description="r", options=(Option("A", "a"), Option("B", "b", True))
    ).items == (MultipleChoice("r", (Option("A", "a"), Option("B", "b", True)), -1, "h"),)
    assert Design("x").choose("q", [1, 2]).edit(0, ordered=True) == Design("x").rate("q", [1, 2])
    units = Design("x").measure("q", ["cm", "m"])
    assert units.edit(0, unit_options={"cm": "C", "m": "M"}) == Design("x").measure("q", {"cm": "C", "m": "M"})
    assert (
        units.edit(0, unit_options=[Unit("cm", "cm", Validation("number")), Unit("m", "m", Validation("number"))])
        == units
    )
    words = Design("x").write("q")
    assert words.edit(0, validation=Validation("string", 3)) == Design("x").write("q", min_chars=3)
    files = Design("x").upload("q", types=[".a"])
    assert files.edit(0, accepted_file_types=[".b", ".c"]) == Design("x").upload("q", types=[".b", ".c"])
    assert files.edit(0, accepted_file_types=None) == Design("x").upload("q")


def test_headings_follow_the_question_they_repeat() -> None:
    flat, groups = ["a", "b"], {"G": ["a"], "H": ["b"]}
    explained = Design("x").choose_and_explain("q", flat)
    assert explained.edit("q", description="r") == Design("x").choose_and_explain("r", flat)
    assert explained.edit("q", options=groups) == Design("x").choose_and_explain("q", groups)
    grouped = Design("x").choose_and_explain("q", groups)
    assert grouped.edit("q", description="r") == Design("x").choose_and_explain("r", groups)
    assert grouped.edit("q", description="r", options=flat) == Design("x").choose_and_explain("r", flat)
    assert (
        explained.edit("q", options=flat, answer_limit=2).to_api()["batch_items"][0]["rows"][0]["columns"][0]["items"][
            0
        ]["answer_limit"]
        == 2
    )


@pytest.mark.parametrize(
    ("design", "changes", "error", "said"),
    [
        (
            ABC,
            {"question": "?"},
            TypeError,
            "FreeText has no field 'question'. Its fields are description, helper_text",
        ),
        (ABC, {"description": 3}, TypeError, "must be a string"),
        (ABC, {"helper_text": 3}, TypeError, "must be a string"),
        (ABC, {"validation": {"min": 3}}, TypeError, "must be a Validation"),
        (Design("x").choose("q", ["a"]), {"options": "ab"}, TypeError, "must be a list"),
        (Design("x").choose("q", ["a"]), {"options": [float("inf")]}, ValueError, "JSON"),
        (Design("x").upload("q"), {"accepted_file_types": ".jpg"}, TypeError, "must be a list"),
        (PAGES, {"description": "?"}, TypeError, "start of a page has no field 'description'. Its fields are page"),
        (PAGES, {"page": "middle"}, ValueError, "not a valid page position"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    design: Design, changes: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        design.edit(0, **changes)


def test_code_of_rows_of_two_and_of_long_intros_consists_of_methods() -> None:
    design = Design("x").intro("a", "b").show("c").choose("q", ["d", "e"]).beside().write("r").write("s").beside()
    assert design.to_code() == (
        "design = (\n"
        '    pnb.Design("x")\n'
        '    .intro("a", "b")\n'
        '    .show("c")\n'
        '    .choose("q", ["d", "e"])\n'
        "    .beside()\n"
        '    .write("r")\n'
        '    .write("s")\n'
        "    .beside()\n"
        ")\n"
    )


def test_a_preview_is_an_inert_frame() -> None:
    class Data:
        columns = ("a", "b")
        kinds = MappingProxyType({"a": "text", "b": "text"})

        def cells(self, column: str) -> list[str]:
            return ['"></iframe><script>alert(1)</script>', "second"]

        def __len__(self) -> int:
            return 2

    design = Design('N"ame').show("a").show("gone").write("q")
    shown = design.preview(Data())
    frame = shown._repr_html_()
    assert frame.startswith('<iframe sandbox="" ')
    assert frame.count("<") == 2
    assert "&lt;/iframe&gt;&lt;script&gt;" in shown.html
    assert "second" in design.preview(Data(), row=-1).html
    assert "The data has no column “gone”." in shown.html
    assert "The column “a” of your data appears here." in design.preview().html
    assert repr(shown).startswith("Preview('N\"ame, row 0': ")
    assert shown == design.preview(Data())
    with pytest.raises(IndexError, match="no row 2: the data has 2"):
        design.preview(Data(), 2)

"""The codebook: what was asked, in order, with the server's IDs."""

from __future__ import annotations

from typing import Any

import pytest

from prolific_nb.design import Codebook, Design, Question, text_of
from prolific_nb.errors import StepFailed

DESIGN = (
    Design("All kinds")
    .show("review")
    .choose("single", {"g": "Good", "b": "Bad"})
    .rate("scale", [1, 2, 3])
    .choose_many("many", ["a", "b", "c"], at_most=2)
    .choose_many("any", ["a", "b"])
    .page()
    .choose_and_explain("why", ["x", "y"])
    .choose_and_explain("why each", {"A": ["x"], "B": ["x"]})
    .measure("length", ["cm", "m"])
    .write("words")
    .upload("file", types=[".jpg"])
)


def answered(design: Design) -> list[dict[str, Any]]:
    """The layout as the server returns it: the same, with an id on every item that can have one."""
    pages: list[dict[str, Any]] = design.to_api()["batch_items"]
    items = [item for page in pages for row in page["rows"] for column in row["columns"] for item in column["items"]]
    for number, item in enumerate(items):
        item["id"] = f"id-{number}"
    return pages


def test_each_method_has_its_kind() -> None:
    book = DESIGN.codebook()
    assert [(q.question, q.kind, q.limit) for q in book] == [
        ("single", "single", 1),
        ("scale", "scale", 1),
        ("many", "many", 2),
        ("any", "many", None),
        ("why", "single", 1),
        ("why each", "many", None),
        ("length", "number", None),
        ("words", "text", None),
        ("file", "file", None),
    ]
    assert (book[0].options, book[0].labels) == (("g", "b"), ("Good", "Bad"))
    assert book.find("length").units == ("cm", "m")
    assert book.find("why each").options == ("A: x", "B: x")


def test_records_are_json_and_survive_a_round_trip() -> None:
    book = DESIGN.codebook()
    assert Codebook.from_records(book.to_records()) == book
    assert Codebook.from_json(book.to_json()) == book
    assert book.to_records()[0]["options"] == ["g", "b"]
    assert book[1:3] == Codebook([book[1], book[2]])
    with pytest.raises(ValueError, match="Record 2"):
        Codebook.from_records([book.to_records()[0], {"frage": "?"}])


def test_the_error_for_an_unknown_question_names_similar_ones() -> None:
    with pytest.raises(LookupError, match=r"singel.*single"):
        DESIGN.codebook().find("singel")


def test_the_ids_of_the_server() -> None:
    book = DESIGN.codebook().with_instructions(answered(DESIGN))
    assert [q.instruction_id for q in book] == [f"id-{number}" for number in range(1, 10)]
    assert Codebook.from_json(book.to_json()) == book


def test_a_batch_with_other_questions_is_refused() -> None:
    book = DESIGN.codebook()
    reworded, shorter, nameless = answered(DESIGN), answered(DESIGN), answered(DESIGN)
    reworded[0]["rows"][1]["columns"][0]["items"][0]["description"] = "other"
    del shorter[1]
    del nameless[0]["rows"][1]["columns"][0]["items"][0]["id"]
    for pages in (reworded, shorter, nameless):
        with pytest.raises(StepFailed, match="differ from those of the design"):
            book.with_instructions(pages)


def test_items_of_unknown_types_are_skipped() -> None:
    pages = answered(DESIGN)
    pages[0]["rows"][0]["columns"][0]["items"].append({"type": "hologram", "id": "h"})
    assert DESIGN.codebook().with_instructions(pages)[0].instruction_id == "id-1"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.0", "1.0"), (True, "true"), (False, "false"), (3, "3"), (3.0, "3"), (-0.25, "-0.25"), (1e22, str(10**22))],
)
def test_one_text_for_one_value(value: Any, text: str) -> None:
    assert text_of(value) == text


def test_questions_are_values() -> None:
    assert Question("?", "text", "free_text") == Design("x").write("?").codebook()[0]

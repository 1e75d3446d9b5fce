"""Layouts of other programs: nothing of them is lost, whatever fields and items they have."""

from __future__ import annotations

import json
import traceback
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.design import Codebook, Design
from prolific_nb.errors import ArgumentTypeError, DesignError

relaxed = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = st.sampled_from(["", "How?", "Why?", 'say "hi"', "é", "a\nb", "None", "| x"])
NUMBER = st.integers(-5, 300) | st.floats(-5, 300)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=5,
)
NEW = ["colour", "randomise", "ordered", "extra", "kind", "rows_hint", "item", "page", "label"]
FIELDS = st.dictionaries(st.sampled_from(NEW), JSON, max_size=2)
IDS = {"id": st.uuids().map(str)}


def thing(needed: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """A JSON object with the fields of the contract, some unknown ones and perhaps an ID."""
    known = st.fixed_dictionaries(needed, optional={**(optional or {}), **IDS})
    return st.builds(lambda given, more: {**more, **given}, known, FIELDS)


def of_type(name: str, needed: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return thing({"type": st.just(name), **needed}, optional)


VALUE = TEXT | NUMBER | st.booleans()
RULE = st.builds(
    lambda given, more: {**more, **given},
    st.fixed_dictionaries(
        {"type": st.sampled_from(["number", "string"])}, optional={"min": st.none() | NUMBER, "max": st.none() | NUMBER}
    ),
    FIELDS,
)
NAMED = {"label": TEXT, "value": VALUE}
PLAIN = st.builds(lambda a, b: {**b, **a}, st.fixed_dictionaries(NAMED, optional={"exclusive": st.booleans()}), FIELDS)
HEADED = st.builds(lambda each, heading: {**each, "heading": heading}, PLAIN, TEXT)
UNITS = st.builds(lambda a, b: {**b, **a}, st.fixed_dictionaries(NAMED, optional={"validation": RULE}), FIELDS)
ASKED = {"description": TEXT}
TEXTS = {"helper_text": TEXT, "placeholder_text_input": TEXT}
LIMIT = st.sampled_from([-1, 1, 2, 9])
COUNT = st.integers(1, 9)
CHOICE = {**TEXTS, "disable_dropdown": st.booleans()}
CONTENT = st.one_of(
    of_type("image", {"url": st.just("https://a.org/b.png"), "alt_text": TEXT}, {"caption": TEXT}),
    of_type("rich_text", {"content": TEXT}, {"content_format": st.sampled_from(["html", "markdown"])}),
)
QUESTIONS = st.one_of(
    of_type("free_text", ASKED, {**TEXTS, "validation": RULE}),
    of_type(
        "free_text_with_unit",
        {**ASKED, "unit_options": st.lists(UNITS, max_size=3), "unit_position": st.sampled_from(["prefix", "suffix"])},
        {**TEXTS, "default_unit": TEXT},
    ),
    of_type("multiple_choice", {**ASKED, "answer_limit": LIMIT, "options": st.lists(PLAIN, max_size=3)}, CHOICE),
    of_type(
        "multiple_choice_with_free_text",
        {**ASKED, "answer_limit": LIMIT, "options": st.lists(HEADED, max_size=3)},
        CHOICE,
    ),
    of_type(
        "file_upload",
        ASKED,
        {
            "helper_text": TEXT,
            "accepted_file_types": st.lists(st.sampled_from([".jpg", ".pdf"]), max_size=2),
            "max_file_size_mb": NUMBER,
            "min_file_count": COUNT,
            "max_file_count": COUNT,
        },
    ),
)
BEYOND = st.one_of(
    of_type("video_narration", ASKED, {"helper_text": TEXT}),
    of_type("slider", ASKED, {"max": NUMBER}),
    of_type("map", {}, {"centre": JSON}),
    of_type("free_text", {}, {"description": JSON}),
    of_type("image", {}, {"url": JSON, "caption": JSON}),
)
NO_NULLS = {"url", "caption", "description"}  # a null of a known field means that it is not set
ITEMS = st.one_of(of_type("dataset_field", {"field": TEXT}, {}), CONTENT, QUESTIONS, BEYOND).map(
    lambda item: {name: value for name, value in item.items() if not (name in NO_NULLS and value is None)}
)
COLUMNS = thing({"items": st.lists(ITEMS, min_size=1, max_size=2)})
ROWS = thing({"columns": st.lists(COLUMNS, min_size=1, max_size=2)})
PAGES = thing(
    {"rows": st.lists(ROWS, max_size=2)}, {"display_position": st.sampled_from(["body", "intro", "outro", "aside"])}
)
DETAILS = st.builds(
    lambda a, b: {**b, **a},
    st.fixed_dictionaries({"task_name": TEXT, "task_introduction": TEXT, "task_steps": TEXT}),
    FIELDS,
)
BATCHES = st.builds(
    lambda given, more: {**more, **given},
    st.fixed_dictionaries({"task_details": DETAILS, "batch_items": st.lists(PAGES, max_size=3)}),
    FIELDS,
)


def without_ids(value: Any, depth: int = 0) -> Any:
    """The batch without the IDs of its pages, rows, columns and items; an "id" elsewhere is nobody's business."""
    levels = ("batch_items", "rows", "columns", "items", "")
    if isinstance(value, list):
        return [without_ids(each, depth) for each in value]
    kept = {name: each for name, each in value.items() if depth == 0 or name != "id"}
    inner = levels[depth]
    return kept | ({inner: without_ids(kept[inner], depth + 1)} if inner in kept else {})


def exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True)  # unlike ==, it tells 1, 1.0 and true apart


@relaxed
@given(BATCHES)
def test_what_is_read_is_sent_again_saved_shown_as_code_and_previewed(batch: dict[str, Any]) -> None:
    design = Design.from_api(deepcopy(batch))
    assert exact(design.to_api()) == exact(without_ids(batch))
    assert Design.from_api(design.to_api()) == design
    saved = Design.from_json(design.to_json())
    assert saved == design
    assert hash(saved) == hash(design)
    assert exact(saved.to_api()) == exact(design.to_api())
    scope: dict[str, Any] = {"pnb": pnb}
    exec(design.to_code(), scope)
    assert scope["design"] == design
    assert exact(scope["design"].to_api()) == exact(design.to_api())
    design.check()
    design.check_flat()
    assert design.preview().html
    assert Codebook.from_json(design.codebook().to_json()) == design.codebook()


@relaxed
@given(st.lists(QUESTIONS, min_size=1, max_size=3), st.uuids().map(str))
def test_instructions_of_the_legacy_flow_are_sent_again(asked: list[dict[str, Any]], batch_id: str) -> None:
    added = {
        "created_at": "2026-01-05T10:00:00Z",
        "created_by": "u",
        "parent_id": batch_id,
        "parent_type": "batch",
        "batch_id": batch_id,
    }
    batch = {"id": batch_id, "task_details": {}, "batch_items": None}
    design = Design.from_api(batch, [{**each, "id": f"i{number}", **added} for number, each in enumerate(asked)])
    sent = [{name: value for name, value in each.items() if name != "id"} for each in asked]
    assert exact(design.to_instructions()) == exact(sent)


def page_of(*items: dict[str, Any]) -> dict[str, Any]:
    return {"rows": [{"columns": [{"items": list(items)}]}]}


def batch_of(*items: dict[str, Any]) -> dict[str, Any]:
    details = {"task_name": "Task", "task_introduction": "", "task_steps": ""}
    return {"task_details": details, "batch_items": [page_of(*items)]}


UPLOAD = {"type": "file_upload", "description": "Photo", "min_file_count": 2, "max_file_size_mb": 5}
SLIDER = {"type": "slider", "description": "How loud?", "max": 10, "marks": [{"at": 5, "label": "medium"}]}


def test_known_and_unknown_fields_are_methods_and_arguments() -> None:
    choice = {
        "type": "multiple_choice",
        "description": "Which?",
        "answer_limit": 1,
        "options": [{"label": "A", "value": "a", "colour": "red"}, {"label": "b", "value": "b"}],
        "shuffle": True,
    }
    batch = batch_of(UPLOAD) | {"priority": 2}
    batch["batch_items"] += [page_of(choice) | {"timer": 30}, page_of(SLIDER)]
    code = Design.from_api(batch).to_code()
    assert code == (
        "design = (\n"
        '    pnb.Design("Task", extra={"priority": 2})\n'
        '    .upload("Photo", min_files=2, max_mb=5)\n'
        '    .page(extra={"timer": 30})\n'
        '    .choose("Which?", [{"label": "A", "value": "a", "colour": "red"}, "b"], extra={"shuffle": True})\n'
        "    .page()\n"
        '    .verbatim({"type": "slider", "max": 10, "marks": [{"at": 5, "label": "medium"}], '
        '"description": "How loud?"})\n'
        ")\n"
    )


def test_what_the_server_adds_is_not_part_of_the_design() -> None:
    known = Design("Task").show("a").upload("Photo", min_files=2, max_mb=5)
    record = known.to_api() | {
        "id": "b",
        "name": "Batch",
        "status": "READY",
        "datasets": [{"id": "d", "total_datapoint_count": 3}],
        "workspace_id": "w",
        "created_at": "2026-01-05T10:00:00Z",
        "created_by": "u",
        "total_task_count": 3,
        "total_instruction_count": 1,
        "total_task_groups": 1,
        "tasks_per_group": 3,
        "schema_version": 4,
        "auto_sync_enabled": False,
    }
    for row in record["batch_items"][0]["rows"]:
        row["id"] = "r"
        row["columns"][0]["id"] = "c"
        row["columns"][0]["items"][0]["id"] = "i"
    assert Design.from_api(record) == known


def test_an_unknown_question_keeps_its_type_and_its_raw_values() -> None:
    design = Design.from_api(batch_of({**SLIDER, "id": "s"}))
    (question,) = design.codebook().with_instructions(batch_of({**SLIDER, "id": "s"})["batch_items"])
    assert (question.type, question.question, question.instruction_id) == ("slider", "How loud?", "s")
    response = {
        "id": "r",
        "created_at": "2026-01-05T10:00:00Z",
        "participant_id": "p",
        "task_id": "t",
        "response": {"instruction_id": "s", "type": "slider", "answer": [{"value": 7}, {"value": {"depth": 3}}]},
    }
    frame = pnb.responses.tidy([response], [], Codebook([question]))
    assert list(frame["value"]) == ["7", '{"depth": 3}']
    assert set(frame["type"]) == {"slider"}
    assert set(frame["question"]) == {"How loud?"}


def test_a_known_question_in_an_unexpected_form_is_still_read_as_one() -> None:
    lenient = {"type": "multiple_choice", "description": "Which?", "options": [{"label": "A", "value": "a"}]}
    design = Design.from_api(batch_of(lenient))
    assert without_ids(batch_of(lenient)) == design.to_api()
    (question,) = design.codebook()
    assert (question.kind, question.options) == ("single", ("a",))


def test_unknown_items_are_edited_as_fields_and_checked_as_questions() -> None:
    design = Design.from_api(batch_of(SLIDER)).edit("How loud?", description="How quiet?")
    assert design.codebook()[0].question == "How quiet?"
    assert design.to_api() == batch_of({**SLIDER, "description": "How quiet?"})
    assert "sent as it is" in repr(design.check())
    assert "has no items of the type 'slider'" in repr(
        Design.from_api(batch_of({"type": "slider"})).check_flat().errors
    )
    twice = Design("x").show("a").write("How loud?").verbatim(SLIDER)
    assert "The same question is on page 1 too" in repr(twice.check().errors)


@pytest.mark.parametrize("wrong", [{}, {"rows": 3}, {"rows": [{}]}, "slider", None, [SLIDER]])
def test_verbatim_refuses_what_is_neither_an_item_nor_a_page(wrong: Any) -> None:
    with pytest.raises(DesignError, match='mapping with a "type", or with "rows"'):
        Design("x").verbatim(wrong)


@pytest.mark.parametrize("wrong", [{"a": float("nan")}, {"a": {1, 2}}, ["a"], "a"])
def test_further_fields_must_be_json(wrong: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="Unknown fields must be"):
        Design("x").write("Why?", extra=wrong)


def test_moving_and_removing_keeps_the_fields_of_pages_rows_and_columns() -> None:
    pages = [page_of(SLIDER, UPLOAD) | {"timer": 3}, page_of({"type": "free_text", "description": "Why?"})]
    pages[1]["rows"][0] |= {"height": 2}
    pages[1]["rows"][0]["columns"][0] |= {"width": 1}
    design = Design.from_api({"task_details": {}, "batch_items": pages})
    again = design.insert(design.items[-1]).remove(-1).move("Photo", "Photo")
    assert exact(again.move(1, 2).move(2, 1).to_api()).count('"timer": 3') == 1
    sent = again.to_api()["batch_items"]
    assert [page.get("timer") for page in sent] == [3, None]
    assert (sent[1]["rows"][0]["height"], sent[1]["rows"][0]["columns"][0]["width"]) == (2, 1)
    assert design.edit(0, page="outro").pages[-1].extra == {"timer": 3}


DETAILS_OF = batch_of()["task_details"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"task_details": None},
        None,
        {"task_details": DETAILS_OF, "batch_items": [{"sections": []}]},
        {"task_details": DETAILS_OF, "batch_items": [{"rows": None}]},
        {"task_details": DETAILS_OF, "batch_items": [{"rows": [{"cells": []}]}]},
        {"task_details": DETAILS_OF, "batch_items": [{"rows": [{"columns": [{"items": ["text"]}]}]}]},
        {"task_details": {**DETAILS_OF, "task_introduction": 5}},
    ],
)
def test_a_batch_of_another_form_is_refused_rather_than_read_in_part(wrong: Any) -> None:
    with pytest.raises(DesignError, match='pages with "rows" of "columns" of "items"'):
        Design.from_api(wrong)


def test_a_refused_batch_does_not_repeat_values_of_the_server() -> None:
    planted = {"task_details": {**DETAILS_OF, "task_steps": ["pk-planted"]}}
    with pytest.raises(DesignError) as refused:
        Design.from_api(planted)
    assert "pk-planted" not in "".join(traceback.format_exception(refused.value))

"""The kinds of instructions in Prolific's guide, written in Python: sent, answered within their limits, and edited."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.design import Design
from prolific_nb.errors import ArgumentError
from prolific_nb.sandbox.contract import contract, semantic_rules

UNITS = {"cm": "Centimetres", "ft": "Feet"}
GUIDE = (
    Design("Guide")
    .show("review")
    .choose("Which?", ["first", "second"])
    .write("Why?", placeholder="because")
    .choose_and_explain(
        "Each aspect", {"Accuracy": {"a_good": "Good", "a_poor": "Poor"}, "Style": {"s_good": "Good"}}, at_most=2
    )
    .measure("How tall?", UNITS, limits={"cm": (50, 300), "ft": (1, 9)}, default="ft", placeholder="0", helper="h")
    .upload("Photo", types=[".jpg", ".png"], min_files=2, max_files=3, max_mb=5, helper="In daylight")
    .choose("Country?", list("abcdef"), placeholder="Pick one")
    .choose("Animal?", list("ghijkl"), disable_dropdown=True)
    .rate("Fit?", range(1, 8), ends=("not at all", "very"))
    .write("Age?", number=(18, 99))
)
VIDEO = GUIDE.text("*Read*", content_format="markdown").narrate("Say what you think.", helper="Aloud")


def item_of(design: Design, asked: str) -> dict[str, Any]:
    return next(item.to_api() for item in design.items if getattr(item, "description", None) == asked)


def test_what_is_sent() -> None:
    assert item_of(GUIDE, "How tall?") == {
        "type": "free_text_with_unit",
        "description": "How tall?",
        "helper_text": "h",
        "placeholder_text_input": "0",
        "unit_options": [
            {"label": "Centimetres", "value": "cm", "validation": {"type": "number", "min": 50, "max": 300}},
            {"label": "Feet", "value": "ft", "validation": {"type": "number", "min": 1, "max": 9}},
        ],
        "unit_position": "suffix",
        "default_unit": "ft",
    }
    assert item_of(GUIDE, "Photo") == {
        "type": "file_upload",
        "description": "Photo",
        "helper_text": "In daylight",
        "accepted_file_types": [".jpg", ".png"],
        "min_file_count": 2,
        "max_file_count": 3,
        "max_file_size_mb": 5,
    }
    assert item_of(GUIDE, "Each aspect") == {
        "type": "multiple_choice_with_free_text",
        "description": "Each aspect",
        "answer_limit": 2,
        "options": [
            {"label": "Good", "value": "a_good", "heading": "Accuracy"},
            {"label": "Poor", "value": "a_poor", "heading": "Accuracy"},
            {"label": "Good", "value": "s_good", "heading": "Style"},
        ],
    }
    assert item_of(GUIDE, "Age?")["validation"] == {"type": "number", "min": 18, "max": 99}
    assert item_of(GUIDE, "Country?")["placeholder_text_input"] == "Pick one"
    assert item_of(GUIDE, "Animal?")["disable_dropdown"] is True
    assert [each["label"] for each in item_of(GUIDE, "Fit?")["options"]] == [
        "1: not at all", "2", "3", "4", "5", "6", "7: very",
    ]  # fmt: skip
    assert item_of(VIDEO, "Say what you think.") == {
        "type": "video_narration",
        "description": "Say what you think.",
        "helper_text": "Aloud",
    }


def test_it_survives_every_form() -> None:
    assert not VIDEO.check()
    assert Design.from_api(VIDEO.to_api()) == VIDEO
    assert Design.from_json(VIDEO.to_json()) == VIDEO
    scope: dict[str, Any] = {"pnb": pnb}
    exec(VIDEO.to_code(), scope)
    assert scope["design"] == VIDEO
    assert "from_json" not in VIDEO.to_code()
    assert "verbatim" not in VIDEO.to_code()
    assert [each.kind for each in GUIDE.codebook()] == [
        "single", "text", "many", "number", "file", "single", "single", "scale", "text",
    ]  # fmt: skip
    flat = Design.from_api({"task_details": {}}, GUIDE.to_instructions())
    assert flat.items == tuple(item for item in GUIDE.items if item.type != "dataset_field")


def test_the_preview_shows_the_limits() -> None:
    html = VIDEO.preview().html
    for text in ("Centimetres: Between 50 and 300.", "2 to 3 files, 5 MB", "Pick one", "Between 18 and 99.", "video"):
        assert text in html


@pytest.mark.parametrize("flow", ["layout", "instructions"])
def test_simulated_participants_answer_within_the_limits(flow: str) -> None:
    data = pnb.read_data(pd.DataFrame({"review": [f"Review {number}" for number in range(6)]}))
    plan = pnb.StudyPlan("Guide", reward="1.50", minutes=6, annotators_per_task=3, tasks_per_group=3)
    design = VIDEO if flow == "layout" else GUIDE
    run = pnb.launch(pnb.connect(), data, design, plan, flow=flow)
    run.publish(max_cost="100.00")
    run.wait()
    frame = run.responses()
    tall = frame[frame["question"] == "How tall?"]
    limits = {"cm": (50, 300), "ft": (1, 9)}
    assert all(
        limits[unit][0] <= n <= limits[unit][1] for n, unit in zip(tall["number"], tall["number_unit"], strict=True)
    )
    assert (tall["number_unit"] == "ft").mean() > 0.6  # the default
    files = frame[frame["question"] == "Photo"].groupby("response_id", observed=True).size()
    assert files.between(2, 3).all()
    assert frame.loc[frame["question"] == "Age?", "value"].astype(str).astype(float).between(18, 99).all()
    if flow == "layout":
        assert frame.loc[frame["question"] == "Say what you think.", "file_key"].notna().all()


@pytest.mark.parametrize(
    ("design", "what"),
    [
        (lambda d: d.measure("N?", UNITS, default="m"), "The default unit 'm' is not one of the units"),
        (lambda d: d.measure("N?", UNITS, limits={"cm": (9, 1)}), "unit 'cm': The minimum, 9, is above the maximum, 1"),
        (lambda d: d.upload("U?", min_files=0), "min_files is 0, which is not a valid number"),
        (lambda d: d.upload("U?", min_files=11), "min_files is 11, above max_files, 10 (Prolific's default)"),
        (lambda d: d.upload("U?", min_files=3, max_files=2), "min_files is 3, above max_files, 2"),
        (lambda d: d.upload("U?", max_mb=0), "max_mb is 0, which is not a valid size"),
        (lambda d: d.upload("U?", max_mb=-1.5), "max_mb is -1.5, which is not a valid size"),
        (lambda d: d.write("W?", number=(9, 1)), "The minimum, 9, is above the maximum, 1"),
        (lambda d: d.write("W?", helper=5), "helper_text is 5, which Prolific refuses"),
        (lambda d: d.choose("C?", ["a", "b"], disable_dropdown="yes"), "disable_dropdown is 'yes', which Prolific"),
        (lambda d: d.choose_and_explain("E?", ["a", "b"], at_most=3), "3 options may be picked, of 2"),
        (lambda d: d.text("x", content_format="rtf"), "The format 'rtf' of the text is not valid"),
        (lambda d: d.narrate(" "), "The question has no text"),
    ],
)
def test_invalid_values_are_errors_that_the_contract_confirms(design: Callable[[Design], Design], what: str) -> None:
    made = design(Design("Task").show("review").write("Why?"))
    (error,) = made.check().errors
    assert error.what.startswith(what)
    assert error.remedy
    body = {"name": "n", "workspace_id": "w", **made.to_api()}
    refused = [*contract.validate("#/components/schemas/CreateBatch", body)]
    item = made.items[-1].to_api()
    assert refused or [*semantic_rules.ITEM_RULES[item["type"]](item)] or what == "The question has no text"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda d: d.measure("N?", UNITS, limits={"m": (1, 2)}), "limits names 'm', but the units are 'cm', 'ft'"),
        (lambda d: d.measure("N?", UNITS, limits={"cm": 5}), "smallest and the largest number"),
        (lambda d: d.measure("N?", UNITS, limits=("1", 2)), "A limit is a number"),
        (lambda d: d.measure("N?", UNITS, limits=(0, float("inf"))), "JSON has no such number"),
        (lambda d: d.upload("U?", max_mb=float("nan")), "JSON has no such number"),
        (lambda d: d.write("W?", number=True, max_chars=3), "limits instead of a length"),
        (lambda d: d.rate("R?", [1, 2], ends="low"), "ends of a scale are two strings"),
        (lambda d: d.rate("R?", [1, 2], ends=("low", "middle", "high")), "ends of a scale are two strings"),
        (lambda d: d.rate("R?", [1, 2], ends=5), "ends of a scale are two strings"),
        (lambda d: d.choose("C?", [{"label": "a"}]), "An option is written as"),
        (lambda d: d.write("W?", extra={"helper_text": "h"}), "extra has 'helper_text'"),
        (lambda d: d.write("W?", extra={"type": "slider"}), "extra has 'type'"),
        (lambda d: d.page(extra={"rows": []}), "extra has 'rows'"),
        (lambda d: d.upload("U?", types=5), "file types must be a list"),
        (lambda d: d.choose("C?", [{"label": "a", "value": "b", "z": {1}}]), "Unknown fields must be JSON"),
        (lambda d: Design("x", extra={"name": "y"}), "extra has 'name'"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_once(wrong: Callable[[Design], Design], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        wrong(Design("Task"))


def test_edits_take_the_new_fields() -> None:
    design = GUIDE.edit("How tall?", default_unit="cm").edit("Photo", max_file_size_mb=1)
    assert item_of(design, "How tall?")["default_unit"] == "cm"
    assert item_of(design, "Photo")["max_file_size_mb"] == 1
    assert design.edit("Fit?", extra={"colour": "red"}).items[-2].extra == {"colour": "red"}


def test_designs_without_new_fields_are_saved_as_before_so_that_earlier_launches_are_recognised() -> None:
    """The launch key is a hash of this JSON; the digests were taken before these fields existed."""
    reviews = (
        Design("Review sentiment", introduction="<p>Read each review.</p>", steps="<ol><li>Choose.</li></ol>")
        .show("review")
        .choose("How does the writer feel?", ["good", "bad", "mixed"])
        .write("What made you think so?")
    )
    everything = (
        Design("All").intro("<p>Hi</p>").show("review", caption="<b>R</b>")
        .picture("https://a.org/a.png", alt="a", caption="c").text("<p>x</p>")
        .choose("How?", {"g": "Good", "b": "Bad"}, helper="h").rate("Sure?", [1, 2, 3], helper="x")
        .choose_many("W?", ["a", "b"], at_most=2, none="none of these")
        .choose_and_explain("Best?", ["x", "y"])
        .choose_and_explain("Each?", {"Style": ["good", "bad"], "Facts": {"g": "Good"}})
        .write("Why?", min_chars=3, max_chars=9, helper="h", placeholder="p").page()
        .measure("Long?", {"m": "minutes", "h": "hours"}, position="prefix", helper="h")
        .upload("Photo", types=[".png"], max_files=2).compare("B?", "a", "b", tie=True).outro("<p>Bye</p>")
    )  # fmt: skip
    digests = [sha256(each.to_json().encode()).hexdigest()[:16] for each in (reviews, everything)]
    assert digests == ["f2464d03586dfb54", "7927ad33596b1509"]

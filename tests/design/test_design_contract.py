"""Designs made at random: what passes the rules is valid by the API's own description, and rebuilds from its code."""

from __future__ import annotations

import json
from contextlib import suppress
from importlib.resources import files
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import prolific_nb as pnb
from prolific_nb.design import Codebook, Design

CONTRACT = json.loads((files("prolific_nb") / "sandbox" / "contract.json").read_text(encoding="utf-8"))
CREATE_BATCH = Draft202012Validator({**CONTRACT, "$ref": "#/components/schemas/CreateBatch"})

TEXT = st.sampled_from(["How?", "Why?", "  ", "", 'say "hi"', "it's", "a\nb", "\\", "é", "\ud800", "<script>", "Good"])
VALUE = TEXT | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
COLUMN = st.sampled_from(["a", "b", "c", "", "pnb_row", "long" * 40])
OPTIONS = st.lists(VALUE, max_size=4) | st.dictionaries(VALUE, TEXT, max_size=4)
HEADED = OPTIONS | st.dictionaries(TEXT, OPTIONS, max_size=3)
COUNT = st.none() | st.integers(-2, 4)
OPTIONAL = st.none() | TEXT


def verb(name: str, *given: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.just(name), st.tuples(*given), st.fixed_dictionaries({}, optional=named))


VERBS = st.one_of(
    verb("show", COLUMN, caption=OPTIONAL),
    verb("text", TEXT),
    verb("picture", st.sampled_from(["https://a.org/b.png", "http://a.org", "https://", "https://["]), alt=TEXT),
    verb("side_by_side", COLUMN, COLUMN),
    verb("side_by_side", COLUMN, COLUMN, COLUMN),
    verb("side_by_side"),
    verb("page"),
    verb("intro", TEXT),
    verb("outro", TEXT),
    verb("choose", TEXT, OPTIONS, helper=OPTIONAL),
    verb("rate", TEXT, OPTIONS, helper=OPTIONAL),
    verb("choose_many", TEXT, OPTIONS, at_most=COUNT, none=OPTIONAL, helper=OPTIONAL),
    verb("choose_and_explain", TEXT, HEADED, helper=OPTIONAL),
    verb("write", TEXT, min_chars=COUNT, max_chars=COUNT, helper=OPTIONAL, placeholder=OPTIONAL),
    verb("measure", TEXT, OPTIONS, position=st.sampled_from(["prefix", "suffix", "above"]), helper=OPTIONAL),
    verb("upload", TEXT, types=st.none() | st.lists(st.sampled_from([".jpg", "png"])), max_files=COUNT),
    verb("compare", TEXT, COLUMN, COLUMN, tie=st.booleans()),
)


SANE_VALUES = st.lists(
    st.text("abcdef", min_size=1, max_size=3) | st.integers() | st.booleans(), min_size=2, unique_by=str
)
SANE_OPTIONS = SANE_VALUES | st.dictionaries(st.integers(), st.text("xyz", min_size=1), min_size=2)
NEW_TEXT = st.uuids().map(str)
SANE_VERBS = st.one_of(
    verb("text", NEW_TEXT),
    verb("show", NEW_TEXT, caption=NEW_TEXT),
    verb("intro", NEW_TEXT),
    verb("outro", NEW_TEXT),
    verb("picture", st.just("https://a.org/b.png"), alt=TEXT),
    verb("choose", NEW_TEXT, SANE_OPTIONS, helper=OPTIONAL),
    verb("rate", NEW_TEXT, SANE_OPTIONS),
    verb("choose_many", NEW_TEXT, SANE_OPTIONS, at_most=st.just(2), none=st.just("None")),
    verb("choose_and_explain", NEW_TEXT, SANE_OPTIONS | st.dictionaries(NEW_TEXT, SANE_VALUES, min_size=1, max_size=3)),
    verb("write", NEW_TEXT, min_chars=st.integers(0, 3), max_chars=st.integers(3, 9), placeholder=OPTIONAL),
    verb("measure", NEW_TEXT, SANE_OPTIONS, position=st.sampled_from(["prefix", "suffix"])),
    verb("upload", NEW_TEXT, types=st.just([".jpg"]), max_files=st.integers(1, 3)),
    verb("compare", NEW_TEXT, NEW_TEXT, NEW_TEXT, tie=st.booleans()),
)


def built(verbs: list[Any]) -> Design:
    design = Design("Random", introduction='<p>"Hello", it\'s me</p>')
    for name, given_, named in verbs:
        described = {"alt": "", **named} if name == "picture" else named
        # Random options may mix headings and flat ones, which is refused by a TypeError.
        with suppress(TypeError):
            design = getattr(design, name)(*given_, **described)
    return design


DESIGNS = st.lists(VERBS, max_size=8).map(built)
SANE_DESIGNS = st.lists(SANE_VERBS, min_size=1, max_size=8).map(lambda verbs: built(verbs).write("Last?"))
relaxed = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])


@relaxed
@given(SANE_DESIGNS)
def test_what_passes_the_rules_is_valid_by_the_contract(design: Design) -> None:
    assume(not design.check().errors)  # rarely, two random questions have the same text
    body = {"name": "n", "workspace_id": "w", **design.to_api()}
    CREATE_BATCH.validate(body)
    assert "null" not in json.dumps(body)


@relaxed
@given(DESIGNS)
def test_what_the_contract_refuses_does_not_pass_the_rules(design: Design) -> None:
    if not CREATE_BATCH.is_valid({"name": "n", "workspace_id": "w", **design.to_api()}):
        assert design.check().errors


@relaxed
@example(Design("x").page().page().show("a"))
@example(Design("x").side_by_side("a", "b").choose("Which?", {"left": "Left", "right": "Right"}, helper="h"))
@given(DESIGNS | SANE_DESIGNS)
def test_code_and_json_rebuild_it(design: Design) -> None:
    scope = {"pnb": pnb}
    exec(design.to_code("again"), scope)
    again = scope["again"]
    assert again == design
    assert repr(again.to_api()) == repr(design.to_api())  # 1 equals True to Python, but not to JSON
    assert repr(Design.from_json(design.to_json()).to_api()) == repr(design.to_api())
    assert Design.from_json(design.to_json()) == design


@relaxed
@example(Design("x").side_by_side("a", "b").choose("Which?", {"left": "Left", "right": "Right"}, helper="h"))
@given(DESIGNS)
def test_code_has_one_verb_a_line(design: Design) -> None:
    lines = design.to_code().splitlines()
    assert (lines[0], lines[-1]) == ("design = (", ")")
    assert all(line.startswith("    .") for line in lines[2:-1])


@relaxed
@given(DESIGNS)
def test_the_codebook_survives_json(design: Design) -> None:
    assert Codebook.from_json(design.codebook().to_json()) == design.codebook()

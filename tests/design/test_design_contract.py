"""Random designs: what passes the rules is valid by the API description, and its code rebuilds it."""

from __future__ import annotations

import json
from importlib.resources import files

from hypothesis import HealthCheck, assume, example, given, settings
from jsonschema import Draft202012Validator

import prolific_nb as pnb
from prolific_nb.design import Codebook, Design
from prolific_nb.design.question_types import VERBATIM_TYPES

from .designs import DESIGNS, EDITED, SANE_DESIGNS, SANE_EDITED

CONTRACT = json.loads((files("prolific_nb") / "sandbox" / "contract.json").read_text(encoding="utf-8"))
CREATE_BATCH = Draft202012Validator({**CONTRACT, "$ref": "#/components/schemas/CreateBatch"})

relaxed = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@relaxed
@given(SANE_DESIGNS | SANE_EDITED)
def test_what_passes_the_rules_is_valid_by_the_contract(design: Design) -> None:
    assume(not design.check().errors)  # rarely, two random questions have the same text
    body = {"name": "n", "workspace_id": "w", **design.to_api()}
    CREATE_BATCH.validate(body)
    assert "null" not in json.dumps(body)


@relaxed
@given(DESIGNS | EDITED)
def test_what_the_contract_refuses_does_not_pass_the_rules(design: Design) -> None:
    if not CREATE_BATCH.is_valid({"name": "n", "workspace_id": "w", **design.to_api()}):
        found = design.check()
        # What another program may have sent is kept, with a warning: Prolific may accept more than is described.
        kept = any(item.type in VERBATIM_TYPES for item in design.items)
        assert found.errors or (kept and "sent as it is, unchecked" in repr(found))


@relaxed
@example(Design("x").page().page().show("a"))
@example(Design("x").side_by_side("a", "b").choose("Which?", {"left": "Left", "right": "Right"}, helper="h"))
@given(EDITED | SANE_EDITED)
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
def test_code_has_one_method_a_line(design: Design) -> None:
    lines = design.to_code().splitlines()
    assert (lines[0], lines[-1]) == ("design = (", ")")
    assert all(line.startswith("    .") for line in lines[2:-1])


@relaxed
@given(DESIGNS)
def test_the_codebook_survives_json(design: Design) -> None:
    assert Codebook.from_json(design.codebook().to_json()) == design.codebook()

"""The shipped contract is the description that it came from, with the documented additions merged and nothing else."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from prolific_nb.sandbox.contract.absent_operations import ABSENT

from .judging import DOCUMENT, OPERATIONS

SHARED = Path(__file__).parents[3] / "shared" / "contract"
SCHEMAS = "#/components/schemas/"

# Additions that are stated in words, as the values that they mean.
IN_WORDS: dict[str, dict[str, Any]] = {
    f"{SCHEMAS}CreateStudy/required": {
        "CreateStudy/required": ["name", "description", "estimated_completion_time", "reward"],
        "CreateStudy/else/required": ["prolific_id_option", "total_available_places", "completion_codes"],
    },
    f"{SCHEMAS}CreateInstructions/properties/instructions/minItems": {
        "InstructionsBody/properties/instructions/minItems": 0
    },
    f"{SCHEMAS}Study/properties/access_details": {
        "AccessDetail/properties/allocated": {"type": "number", "description": "answers only: places taken so far"}
    },
}
# Facts that were learned with the additions, but are in their text only: a schema may follow its dataset,
# and searches, whose operations are given in shorthand, return filters with a mark.
LEARNED = {
    "CreateDataset/properties/schema": {"oneOf": [{"$ref": f"{SCHEMAS}DatasetSchema"}, {"type": "null"}]},
    "FilterDefinition/properties/choices_included": {
        "type": "boolean",
        "description": "searches only, which return at most 3 matching choices; false: the choices were not searched",
        "x-confidence": "low",
    },
}

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the contract's source is not beside this checkout")


def read(name: str) -> Any:
    import yaml

    return json.loads(json.dumps(yaml.safe_load((SHARED / name).read_text(encoding="utf-8")), default=str))


def put(document: dict[str, Any], pointer: str, value: Any) -> None:
    *steps, last = pointer.removeprefix(SCHEMAS).removeprefix("#/").split("/")
    at = document["components"]["schemas"]
    for step in steps:
        at = at[step]
    at[last] = value


def merged() -> dict[str, Any]:
    document: dict[str, Any] = read("openapi.yaml")
    for change in read("additions.yaml")["changes"]:
        values = {change["at"]: change["to"]} if "to" in change else IN_WORDS[change["at"]]
        for pointer, value in values.items():
            put(document, pointer, value)
    for pointer, value in LEARNED.items():
        put(document, pointer, value)
    return document


def test_the_contract_is_its_source_with_the_additions() -> None:
    shipped, added = copy.deepcopy(DOCUMENT), read("additions.yaml")["paths"]
    for path in added:
        shipped["paths"].pop(path, None)  # given in shorthand; the tests of these operations judge them
    source = merged()
    new = set(shipped["components"]["schemas"]) - set(source["components"]["schemas"])
    for name in new:
        del shipped["components"]["schemas"][name]
    text = json.dumps(shipped)
    assert [name for name in new if f'"{SCHEMAS}{name}"' in text] == []  # they belong to the added operations
    assert shipped == source


def test_operations_that_are_absent_by_choice_are_known_by_name() -> None:
    known = {path: list(names) for path, names in ABSENT.items()}
    assert sum(len(names) for path, names in known.items() if "/surveys" in path) == 10
    assert sum(len(names) for path, names in known.items() if "/api/v1/credentials" in path) == 3
    [sentence] = read("additions.yaml")["absent_by_choice"]
    for word in re.findall(r"[a-z-]{5,}(?=[ ,/(]|$)", sentence.replace("/{id}", "")):
        if word not in ("operations", "and", "the", "report", "studies", "filters"):
            assert any(word in path for path in known), word
    contract = {(method, re.sub(r"{\w+}", "{}", path).rstrip("/")) for method, path in OPERATIONS.values()}
    absent = {(method, re.sub(r"{\w+}", "{}", path)) for path, names in ABSENT.items() for method in names}
    assert not contract & absent  # an operation of the contract is exempted in exempt.py instead

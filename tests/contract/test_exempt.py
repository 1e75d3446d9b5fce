"""The sandbox answers 501 to exactly the operations that are exempted, and the README says which these are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from prolific_nb.sandbox import Sandbox
from prolific_nb.sandbox.contract.absent_operations import ABSENT

from .exempt import EXEMPT, EXEMPT_AREAS
from .judging import OPERATIONS

Call = Callable[[str, str], int]
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def answer() -> Iterator[Callable[[str, str], requests.Response]]:
    with Sandbox() as sandbox, requests.Session() as session:
        session.headers["Authorization"] = f"Token {sandbox.token}"
        yield lambda method, path: session.request(method, sandbox.url + path)


@pytest.fixture(scope="module")
def call(answer: Callable[[str, str], requests.Response]) -> Call:
    return lambda method, path: answer(method, path).status_code


def status(call: Call, name: str) -> int:
    """The status of a request for the operation, with IDs that do not exist and without a body."""
    method, path = OPERATIONS[name]
    return call(method, re.sub(r"\{\w+\}", "x", path))


def test_only_operations_of_the_contract_are_exempted_each_once() -> None:
    assert set(OPERATIONS) >= EXEMPT
    assert len(EXEMPT) == sum(map(len, EXEMPT_AREAS.values()))


@pytest.mark.parametrize("name", sorted(EXEMPT))
def test_an_exempted_operation_is_answered_with_501(name: str, call: Call) -> None:
    assert status(call, name) == 501, f"The sandbox has {name}: delete it from tests/contract/exempt.py."


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - EXEMPT))
def test_every_other_operation_is_part_of_the_sandbox(name: str, call: Call) -> None:
    assert status(call, name) != 501, f"Add {name} to the sandbox, or exempt it in tests/contract/exempt.py."


@pytest.mark.parametrize(
    ("method", "path", "name"), [(m, path, name) for path, names in ABSENT.items() for m, name in names.items()]
)
@pytest.mark.parametrize("end", ["", "/"])
def test_real_operations_outside_the_contract_are_answered_by_name(
    method: str, path: str, name: str, end: str, answer: Callable[[str, str], requests.Response]
) -> None:
    refused = answer(method, re.sub(r"\{\w+\}", "x", path) + end)
    assert refused.status_code == 501
    assert name in refused.text
    assert "spelling" not in refused.text.lower()


def test_the_readme_names_the_exempted_areas_and_links_to_the_list() -> None:
    (named,) = re.findall(r"^(.*) are not part of the sandbox: .*\]\(tests/contract/exempt\.py\).*501", README, re.M)
    assert named.lower() == " and ".join(EXEMPT_AREAS).lower()

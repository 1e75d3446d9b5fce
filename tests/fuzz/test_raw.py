"""Malformed requests: the sandbox may refuse them in any way, but must not fail."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from prolific_nb.sandbox.contract.absent_operations import ABSENT
from tests.contract.exempt import EXEMPT

from . import nasty
from .aim import kind_of
from .campaign import contract, operations
from .good import bodies
from .seeded import Seeded

OPERATIONS = operations(contract())
HERE = {name: each for name, each in OPERATIONS.items() if name not in EXEMPT}
PAGING = ("limit", "offset", "page", "page_size", "ordering")


def fixed(examples: int) -> Any:
    """Hypothesis with as many examples as told, the same ones every time, and nothing kept."""

    def around(test: Any) -> Any:
        quiet = settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        return seed(0)(quiet(test))

    return around


def path_of(name: str, world: Seeded) -> str:
    """The operation's path with ids of what there is."""
    path = OPERATIONS[name].path

    def real(match: re.Match[str]) -> str:
        kind = "laid out" if name == "setupBatch" else kind_of(path, match[1])
        return (world.pool.get(kind) or ["x.csv"])[0]

    return re.sub(r"\{(\w+)\}", real, path)


def failed(name: str, status: int) -> bool:
    """Whether an answer is the sandbox's own failure."""
    return status == 0 or (status >= 500)


@pytest.mark.parametrize("name", [name for name, each in HERE.items() if each.body])
def test_bodies(name: str, world: Seeded) -> None:
    world.renew()
    operation, path = OPERATIONS[name], path_of(name, world)
    known = [each for each in bodies(name, world.pool) if isinstance(each, dict)]
    spoiled = st.one_of(*map(nasty.spoiled, known), st.sampled_from(nasty.BODIES))
    [right] = {body.media_type for body in operation.body}
    found: list[str] = []

    @fixed(60)
    @given(spoiled, st.sampled_from([right, right, right, *nasty.TYPES]))
    def send(body: bytes, kind: str) -> None:
        told = {"Content-Type": kind.encode("latin-1")}
        answer = world.session.request(operation.method.upper(), world.url + path, data=body, headers=told)
        world.is_touched = True
        if failed(name, answer.status_code):
            found.append(f"{operation.method} {path} {kind[:40]} {body[:300]!r} -> {answer.status_code}")

    send()
    assert found == []


@pytest.mark.parametrize("name", HERE)
def test_urls(name: str, world: Seeded) -> None:
    operation, path = OPERATIONS[name], path_of(name, world)
    names = [parameter.name for parameter in operation.query] + [*PAGING, "%FF", "", "a%00"]
    query = st.lists(st.tuples(st.sampled_from(names), st.sampled_from(nasty.QUERIES)), max_size=3)
    parts = path.strip("/").split("/")
    spots = [number for number, part in enumerate(operation.path.strip("/").split("/")) if part.startswith("{")]
    found: list[str] = []

    @fixed(15)
    @given(st.sampled_from([-1, *spots]), st.sampled_from(nasty.PIECES), query)
    def send(spot: int, piece: str, query: list[tuple[str, str]]) -> None:
        target = "/" + "/".join(piece if number == spot else part for number, part in enumerate(parts)) + "/?"
        target += "&".join(f"{key}={value}" for key, value in query)
        token = world.session.headers["Authorization"]
        answer = nasty.speak(world.url, nasty.request(operation.method.upper(), target, Authorization=str(token)))
        world.is_touched = True
        if failed(name, nasty.status(answer)):
            found.append(f"{operation.method} {target[:300]} -> {answer[:200]!r}")

    send()
    assert found == []


def test_every_operation_requires_the_token(world: Seeded) -> None:
    for operation in OPERATIONS.values():
        for token in (None, "Token x", "Token \xe4", world.sandbox.token):
            told = {} if token is None else {"Authorization": token.encode("latin-1")}
            path = re.sub(r"\{\w+\}", "x", operation.path)
            answer = requests.request(operation.method.upper(), world.url + path, headers=told)
            assert answer.status_code == 401, (operation.label, token)


def test_no_path_accepts_methods_beyond_the_contract(world: Seeded) -> None:
    offered: dict[str, set[str]] = {}
    for operation in OPERATIONS.values():
        offered.setdefault(operation.path, set()).add(operation.method.upper())
    for path, methods in offered.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY"} - methods:
            answer = world.session.request(method, world.url + re.sub(r"\{\w+\}", "x", path))
            if absent := ABSENT.get(path.rstrip("/"), {}).get(method):  # Prolific has it; the contract does not
                assert answer.status_code == 501, (method, path, answer.text)
                assert answer.json()["message"].startswith(absent)
                continue
            assert answer.status_code == 405, (method, path, answer.text)
            assert set(answer.headers["Allow"].split(", ")) == methods


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_uploads(name: str, world: Seeded) -> None:
    literals = [f'{{"review": {each}, "feeling": "good"}}'.encode() for each in nasty.LITERALS]
    cells = [b"review,feeling\n" + each for each in nasty.BODIES] + [b"review,\x00\na,b\n", b"a,a\n1,2\n", b",\n,\n"]
    dataset, found = world.pool["dataset"][2], list[str]()

    @fixed(50)
    @given(st.sampled_from([*nasty.BODIES, *literals, *cells]))
    def send(body: bytes) -> None:
        where = f"{world.url}/api/v1/data-collection/datasets/{dataset}"
        to = world.session.get(f"{where}/upload-url/{name}").json()
        put = requests.put(to["upload_url"], body, headers={"Content-Type": to["content_type"]})
        world.clock.move(1.0)
        answers = [put, world.session.get(f"{where}/imports/{to['import_id']}"), world.session.get(where)]
        world.is_touched = True
        found.extend(f"{body[:200]!r} -> {each.status_code} {each.text}" for each in answers if each.status_code >= 400)

    send()
    assert found == []


def test_presigned_urls(world: Seeded) -> None:
    world.renew()
    batch, dataset = world.pool["ready"][0], world.pool["dataset"][2]
    base = f"{world.url}/api/v1/data-collection"
    file = world.session.get(f"{base}/batches/{batch}/export/{world.pool['export'][0]}").json()["url"]
    report = world.session.get(f"{base}/batches/{batch}/report/").json()["url"]
    upload = world.session.get(f"{base}/datasets/{dataset}/upload-url/a.csv").json()["upload_url"]
    found: list[str] = []

    @fixed(150)
    @given(
        st.sampled_from(["GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS"]),
        st.sampled_from([file, report, upload]),
        st.sampled_from(["path", "expires", "signature", "more", "none"]),
        st.sampled_from([*nasty.PIECES, *nasty.QUERIES]),
    )
    def send(method: str, url: str, part: str, piece: str) -> None:
        path, _, query = url.removeprefix(world.url).partition("?")
        expires, signature = query.split("&")
        told = {
            "path": f"{path.rpartition('/')[0]}/{piece}?{query}",
            "expires": f"{path}?expires={piece}&{signature}",
            "signature": f"{path}?{expires}&signature={piece}",
            "more": f"{path}?{piece}&{query}&signature={piece}",
            "none": f"{path}?{piece}",
        }[part]
        answer = nasty.speak(world.url, nasty.request(method, told, b"a\n", Content_Type="text/csv"))
        world.is_touched = True
        if failed("", nasty.status(answer)):
            found.append(f"{method} {told[:300]} -> {answer[:200]!r}")

    send()
    assert found == []

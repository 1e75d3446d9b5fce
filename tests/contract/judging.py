"""Validating HTTP traffic with an OpenAPI library."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

DOCUMENT = json.loads(files("prolific_nb.sandbox").joinpath("contract.json").read_text(encoding="utf-8"))
OPERATIONS: dict[str, tuple[str, str]] = {
    operation["operationId"]: (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if isinstance(operation, dict) and "operationId" in operation
}
"""Method and path of every operation, by operationId."""
Exchange = tuple[requests.PreparedRequest, requests.Response]


def judged(contract: OpenAPI, traffic: list[Exchange]) -> tuple[list[str], set[str]]:
    """Faults in the exchanges with the API, and the operations that were used."""
    faults, used = [], set()
    for request, response in traffic:
        path = requests.utils.urlparse(str(request.url)).path
        if not path.startswith("/api/"):
            continue  # presigned addresses are not part of the contract
        asked = RequestsOpenAPIRequest(
            requests.Request(request.method, request.url, headers=dict(request.headers), data=request.body or None)
        )
        for judge in (
            lambda asked=asked: contract.validate_request(asked),
            lambda asked=asked, response=response: contract.validate_response(asked, RequestsOpenAPIResponse(response)),
        ):
            try:
                judge()
            except OpenAPIError as fault:
                faults.append(f"{request.method} {path} {response.status_code}: {fault!r} {fault.__cause__!r}")
        used.add(operation_of(str(request.method), path))
    return faults, used


def operation_of(method: str, path: str) -> str:
    """The operation's name, found by its path in the document."""
    for template, operations in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) and method.lower() in operations:
            return str(operations[method.lower()]["operationId"])
    raise LookupError(f"{method} {path} is not in the contract")

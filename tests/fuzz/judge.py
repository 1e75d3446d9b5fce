"""Checks of responses, and the exceptions from them, each with a reason."""

from __future__ import annotations

from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.exempt import EXEMPT, EXEMPT_METHOD

_CHECKS = [not_a_server_error, content_type_conformance, response_headers_conformance, response_schema_conformance]

# Codes beyond those that the contract lists for an operation. It lists fewer than there are: any documented code may
# come on any path.
_ALSO = {
    # The contract gives 404 for one export of a batch that does not exist, and nothing for its list.
    "requestBatchExport": {404},
    "listBatchExports": {404},
    # No access to the workspace that the body names: the code for it where a batch or a dataset is created.
    "createFilterSet": {403},
    "createParticipantGroup": {403},
}


def name(case: Case) -> str:
    """The contract's operationId."""
    return str(case.operation.definition.raw["operationId"])


def _is_exempt(case: Case) -> bool:
    of_collection = isinstance(case.body, dict) and case.body.get("data_collection_method") == EXEMPT_METHOD
    return name(case) in EXEMPT or of_collection


def findings(case: Case, response: Response) -> list[str]:
    """Everything that is wrong with an answer, each with the request that brings it about."""
    if response.status_code == 501 and _is_exempt(case):
        return []
    checks = [*_CHECKS, *([negative_data_rejection] if _is_wrong(case) else [])]
    if response.status_code not in _ALSO.get(name(case), ()):
        checks.append(status_code_conformance)
    try:
        case.validate_response(response, checks=checks)
    except FailureGroup as group:
        return [_told(case, response, f"{failure.title}: {failure.message}") for failure in group.exceptions]
    return []


def _is_wrong(case: Case) -> bool:
    """Whether the case still breaks the schema: what was aimed at real ids may have become right."""
    if case.meta is None:
        return False
    wrong = {where for where, part in case.meta.components.items() if part.mode.is_negative}
    body = case.operation.definition.raw.get("requestBody", {})
    if isinstance(case.body, NotSet) and not body.get("required"):
        wrong.discard(ParameterLocation.BODY)
    return bool(wrong)


def _told(case: Case, response: Response, what: str) -> str:
    request = response.request
    sent = f"{request.method} {request.url}\n  {request.headers.get('Content-Type')} {request.body!r}"
    return f"{name(case)}: {what}\n  {sent}\n  -> {response.status_code} {response.text[:600]}"

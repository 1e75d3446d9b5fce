"""Validating every request against the API's description.

``contract.json`` is an OpenAPI 3.1 document. Nothing here depends on our client; only the document decides whether a
request is valid.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from . import absent_operations, strict_json
from .deferred_iri import deferred_iri_checker
from .http_error import HTTPError, MethodRefusal
from .path_templates import PathTemplates

with deferred_iri_checker():
    from jsonschema import Draft202012Validator, ValidationError

Issue = dict[str, Any]

_URI = "urn:prolific"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_INTRO_OUTRO = 'Pages with display_position "intro" or "outro" may only contain image or rich_text content blocks'


@dataclass(frozen=True)
class Operation:
    """One method on one path of the contract.

    Parameters
    ----------
    name : str
        The contract's operationId.
    method : str
        Upper case.
    path : str
        With its parameters in braces.
    """

    name: str
    method: str
    path: str

    @property
    def pointer(self) -> str:
        """JSON pointer to the operation in the document."""
        return f"#/paths/{_escape(self.path)}/{self.method.lower()}"


@dataclass(frozen=True)
class Fault:
    """One fault of a request body: its path in the body, and a message."""

    place: tuple[str | int, ...]
    message: str

    @property
    def key(self) -> str:
        """The path with dots; ``body`` for the whole body."""
        return ".".join(map(str, self.place)) or "body"


def _escape(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")


@cache
def document() -> dict[str, Any]:
    """The whole contract."""
    loaded: dict[str, Any] = json.loads(
        files("prolific_nb.sandbox").joinpath("contract.json").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(_URI, resource)
    return registry


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": _URI + pointer}, registry=_registry())


@cache
def _paths() -> PathTemplates:
    return PathTemplates(document()["paths"])


def find(method: str, path: str) -> Operation:
    """The operation that a request is for.

    Raises
    ------
    HTTPError
        404 if the contract has no such path, 405 if the path does not allow the method; 501 if Prolific has such an
        operation outside the contract.

    Examples
    --------
    >>> find("GET", "/api/v1/users/me").name
    'getMe'
    """
    template = _paths().find(path)
    offered = document()["paths"].get(template, {})
    if method in _METHODS and method.lower() in offered:
        return Operation(offered[method.lower()]["operationId"], method, str(template))
    absent = absent_operations.describe(method, path)
    if absent is not None:
        raise HTTPError(501, absent)
    if template is None:
        raise HTTPError(404, f"The sandbox has no path {path}. Compare it with Prolific's API reference.")
    raise MethodRefusal(method, path, [known for known in _METHODS if known.lower() in offered])


def validate_query(operation: Operation, query: Mapping[str, str]) -> None:
    """Refuse a query with missing or invalid parameters.

    Raises
    ------
    HTTPError
        400, with all faults by parameter name.
    """
    faults: dict[str, list[str]] = {}
    parameters = document()["paths"][operation.path][operation.method.lower()].get("parameters", [])
    for number, parameter in enumerate(parameters):
        name = parameter["name"]
        if parameter["in"] != "query":
            continue
        if name not in query:
            if parameter.get("required"):
                faults[name] = ["This query parameter is required."]
            continue
        value = _cast(query[name], parameter["schema"])
        messages = [fault.message for fault in validate(f"{operation.pointer}/parameters/{number}/schema", value)]
        if messages:
            faults[name] = messages
    if faults:
        raise HTTPError(400, _sentence("The query", faults), faults)


def _cast(text: str, schema: Mapping[str, Any]) -> Any:
    """The value of a query string by its schema type; an unparsable string stays one, for the schema to refuse."""
    if schema.get("type") == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if schema.get("type") == "integer" and re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    return text


def validate_body(operation: Operation, content_type: str, raw: bytes) -> tuple[Any, list[Issue]]:
    """The parsed body of a request (None for operations without one), and the issues of its layout.

    Layout issues are returned, not raised: rules that need the dataset add theirs, so that the client receives all
    issues at once.

    Raises
    ------
    HTTPError
        400 for a wrong content type, invalid JSON, or violations of the schema.
    """
    wanted = document()["paths"][operation.path][operation.method.lower()].get("requestBody")
    if wanted is None or (not raw and not wanted.get("required")):
        return None, []
    if content_type not in wanted["content"]:
        expected = " or ".join(wanted["content"])
        raise HTTPError(400, f"The Content-Type is {content_type or 'missing'}. Send {expected}.")
    if content_type != "application/json":
        return raw, []
    body = _parse(raw)
    faults = list(validate(f"{operation.pointer}/requestBody/content/{_escape(content_type)}/schema", body))
    if all(fault.place[:1] == ("batch_items",) for fault in faults):
        return body, layout_issues(faults, body.get("batch_items") if isinstance(body, dict) else None)
    by_place: dict[str, list[str]] = {}
    for fault in faults:
        by_place.setdefault(fault.key, []).append(fault.message)
    raise HTTPError(400, _sentence("The body", by_place), by_place)


def _parse(raw: bytes) -> Any:
    try:
        return strict_json.read(raw)
    except ValueError as error:
        raise HTTPError(400, f"The body is not valid JSON: {error}. Send a JSON object.") from error


def _sentence(what: str, faults: Mapping[str, list[str]]) -> str:
    listed = "; ".join(f"{place}: {' '.join(messages)}" for place, messages in faults.items())
    return f"{what} does not match the contract. {listed}"


def validate(pointer: str, value: Any) -> Iterator[Fault]:
    """All violations of the schema at a JSON pointer of the contract.

    Examples
    --------
    >>> [fault.key for fault in validate("#/components/schemas/SetupBatch", {"tasks_per_group": 0})]
    ['tasks_per_group']
    """
    for error in _validator(pointer).iter_errors(value):
        yield from _faults(error)


def _faults(error: ValidationError) -> Iterator[Fault]:
    """The faults behind an error; for alternatives, only those of the alternative that the discriminator selects."""
    if error.validator != "oneOf" or not error.context:
        message = _INTRO_OUTRO if error.validator == "enum" and "then" in error.absolute_schema_path else error.message
        yield Fault(tuple(error.absolute_path), message)
        return
    discriminator = error.schema.get("discriminator") if isinstance(error.schema, dict) else None
    if discriminator is None:
        inner = [e for e in error.context if not (e.validator == "type" and e.validator_value == "null")]
    else:
        name, known = discriminator["propertyName"], list(discriminator["mapping"])
        given = error.instance.get(name) if isinstance(error.instance, dict) else None
        if given not in known:
            place = (*error.absolute_path, name)
            yield Fault(place, f"{given!r} is not one of {', '.join(known)}.")
            return
        inner = [e for e in error.context if e.relative_schema_path[0] == known.index(given)]
    for cause in inner:
        yield from _faults(cause)


def layout_issues(faults: list[Fault], batch_items: Any) -> list[Issue]:
    """Faults of a layout as the contract's issues; levels below the fault are 0."""
    issues = []
    for fault in faults:
        inside = list(fault.place[1:])
        page, row, column, item = (*(n for n in inside if isinstance(n, int)), 0, 0, 0, 0)[:4]
        names = [str(part) for part in inside if not isinstance(part, int)]
        issues.append(
            {
                "page": page,
                "row": row,
                "column": column,
                "item": item,
                "type": _type_at(batch_items, inside) or ["page", "row", "column", "item"][min(len(names), 3)],
                "message": f"{'.'.join(names[3:])}: {fault.message}" if names[3:] else fault.message,
            }
        )
    return issues


def _type_at(batch_items: Any, inside: list[str | int]) -> str:
    """The ``type`` of the item at a path, "" outside items."""
    if len(inside) < 7:
        return ""
    item = batch_items
    for step in inside[:7]:
        item = item[step]
    return str(item.get("type", "")) if isinstance(item, dict) else ""

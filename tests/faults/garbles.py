"""Many ways in which an answer of a server can be garbled, as functions of its decoded JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from prolific_nb.errors import UnexpectedResponse

_DATE = re.compile(r"\d{4}-\d\d-\d\dT")
Garble = Callable[[Any], Any]


def _leaves(value: Any, change: Callable[[str, Any], Any], name: str = "") -> Any:
    """The value with every leaf changed; `change` sees its key."""
    if isinstance(value, dict):
        return {key: _leaves(inner, change, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner, change, name) for inner in value]
    return change(name, value)


def _strings(to: Any) -> Garble:
    return lambda answer: _leaves(answer, lambda _, leaf: to if isinstance(leaf, str) else leaf)


def _numbers(to: Callable[[Any], Any]) -> Garble:
    def change(_: str, leaf: Any) -> Any:
        return to(leaf) if isinstance(leaf, int | float) and not isinstance(leaf, bool) else leaf

    return lambda answer: _leaves(answer, change)


def _dates(to: Any) -> Garble:
    return lambda answer: _leaves(answer, lambda _, leaf: to if isinstance(leaf, str) and _DATE.match(leaf) else leaf)


def _ids(to: Any) -> Garble:
    def change(name: str, leaf: Any) -> Any:
        return to if (name == "id" or name.endswith("_id")) and isinstance(leaf, str) else leaf

    return lambda answer: _leaves(answer, change)


def _containers(kind: type, to: Callable[[Any], Any], value: Any, outermost: bool = True) -> Any:
    """Inner lists or objects replaced; the outermost value stays."""
    if isinstance(value, kind) and not outermost:
        return to(value)
    if isinstance(value, dict):
        return {key: _containers(kind, to, inner, False) for key, inner in value.items()}
    return [_containers(kind, to, inner, False) for inner in value] if isinstance(value, list) else value


def _without(dropped: Callable[[str], bool]) -> Garble:
    def garble(answer: Any) -> Any:
        if isinstance(answer, dict):
            return {key: garble(inner) for key, inner in answer.items() if not dropped(key)}
        return [garble(inner) for inner in answer] if isinstance(answer, list) else answer

    return garble


def _added(answer: Any) -> Any:
    """Unknown keys in every object, which must not matter."""
    if isinstance(answer, dict):
        return {**{key: _added(inner) for key, inner in answer.items()}, "new_to_us": {"a": [1, None]}}
    return [_added(inner) for inner in answer] if isinstance(answer, list) else answer


def _nested(_: Any = None) -> Any:
    deep: Any = "bottom"
    for _level in range(3000):
        deep = {"results": [deep]}
    return deep


def _not_json(_: Any) -> Any:
    raise UnexpectedResponse("GET /: the response (200) is not JSON: '<html>'.")  # as the transport does


def _twice(answer: Any) -> Any:
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        return {**answer, "results": answer["results"] * 2}
    return answer * 2 if isinstance(answer, list) else answer


def _one_bad_record(answer: Any) -> Any:
    records = answer.get("results") if isinstance(answer, dict) else None
    return (
        {**answer, "results": [*records, {"id": 5, "status": []}]} if isinstance(records, list) else {"error": answer}
    )


GARBLES: dict[str, Garble] = {
    "null, or 204": lambda _: None,
    "empty object": lambda _: {},
    "empty list": lambda _: [],
    "list around it": lambda answer: [answer],
    "object around it": lambda answer: {"data": answer},
    "string": lambda _: "OK",
    "number": lambda _: 7,
    "true": lambda _: True,
    "NaN": lambda _: float("nan"),
    "not JSON": _not_json,
    "nested deeply": _nested,
    "strings as numbers": _strings(7),
    "strings null": _strings(None),
    "strings empty": _strings(""),
    "strings with lone surrogates": _strings("\ud800"),
    "numbers as strings": _numbers(str),
    "numbers with halves": _numbers(lambda number: number + 0.5),
    "numbers true": _numbers(lambda _: True),
    "numbers NaN": _numbers(lambda _: float("nan")),
    "numbers infinite": _numbers(lambda _: float("inf")),
    "numbers huge": _numbers(lambda _: 10**400),
    "numbers negative": _numbers(lambda number: -number - 1),
    "dates in words": _dates("yesterday"),
    "dates of the year 1": _dates("0001-01-01T00:00:00Z"),
    "dates as numbers": _dates(1_760_000_000),
    "no IDs": _without(lambda key: key == "id" or key.endswith("_id")),
    "IDs as paths": _ids("../users/me"),
    "one ID for all": _ids("0123456789abcdef01234567"),
    "no states": _without(lambda key: key in ("status", "total_cost", "currency_code", "response", "url", "name")),
    "inner lists as objects": lambda answer: _containers(list, lambda _: {"0": {}}, answer),
    "inner objects as lists": lambda answer: _containers(dict, lambda inner: [*inner.values()], answer),
    "records twice": _twice,
    "one bad record": _one_bad_record,
    "unknown keys": _added,
}

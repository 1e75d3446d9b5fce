"""The list of records in a JSON document; other shapes are refused by name."""

from __future__ import annotations

from typing import Any

from ...common.findings import Finding
from .unreadable import unreadable

_LISTS = ("data", "records", "rows", "items", "results", "examples", "instances")
"""Keys under which programs put the list of records."""
_RECORDS = 'df.to_json(path, orient="records")'


def records_in(value: Any) -> tuple[list[Any], list[Finding]]:
    """The records of a document, and notes on how they were found.

    Raises
    ------
    Unreadable
        If the document is not a list of records.

    Examples
    --------
    >>> records_in({"version": "2", "data": [{"text": "It leaks"}]})[0]
    [{'text': 'It leaks'}]
    """
    if isinstance(value, list):
        return _array(value), [Finding("note", "Read as a JSON array of records; row numbers count them.", "")]
    if not isinstance(value, dict):
        raise unreadable("The JSON is a single value, not a list of records.", f"Write records: {_RECORDS}.")
    _refuse_orients(value)
    lists = [key for key, part in value.items() if _is_records(part)]
    if len(lists) == 1 and (lists[0] in _LISTS or len(value) == 1):
        others = [key for key in value if key != lists[0]]
        rest = f"; left out: {', '.join(map(repr, others))}" if others else ""
        what = f"Read the records under {lists[0]!r}; row numbers count them{rest}."
        return value[lists[0]], [Finding("note", what, "")]
    if lists:
        named = " and ".join(f"{key!r}" for key in lists)
        what = f"The JSON is one object with a list of records under {named}."
        remedy = f"Read one list: read_data(pd.json_normalize(json.load(open(path))[{lists[0]!r}]))."
        raise unreadable(what, remedy, place=f"$.{lists[0]}")
    nested = [key for key, part in value.items() if isinstance(part, list | dict)]
    if nested:
        what = f"The JSON is one object, not a list of records; {nested[0]!r} is an object or an array."
        remedy = (
            "If its keys name the rows, pass read_data(pd.DataFrame.from_dict(json.load(open(path)), orient='index'))"
        )
        raise unreadable(what, f"{remedy}; otherwise write {_RECORDS}.", place=f"$.{nested[0]}")
    remedy = "If its keys name the rows, pass read_data(pd.Series(json.load(open(path))).to_frame('text'))."
    return [value], [Finding("warning", f"The JSON is one object; read as one row with {len(value)} columns.", remedy)]


def _is_records(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(each, dict) for each in part)


def _array(value: list[Any]) -> list[Any]:
    if not value:
        raise unreadable("The JSON array is empty.", "Add at least one record.")
    if all(isinstance(each, list) for each in value):
        what = 'The JSON is an array of arrays without column names (pandas calls it orient="values").'
        raise unreadable(what, f"Write records: {_RECORDS}; or pass pd.DataFrame(json.load(open(path)), columns=[…]).")
    if not any(isinstance(each, dict) for each in value):
        what = "The JSON is an array of single values without a column name."
        raise unreadable(what, 'Pass read_data(pd.DataFrame({"text": json.load(open(path))})).')
    return value


def _refuse_orients(value: dict[str, Any]) -> None:
    """Refuse the layouts of `DataFrame.to_json` that are not lists of records."""
    if {"columns", "index", "data"} == set(value) and isinstance(value["columns"], list):
        raise _orient("split", 'orient="split"')
    parts = list(value.values())
    if parts and all(isinstance(part, dict) for part in parts):
        keys = set(parts[0])
        if all(set(part) == keys for part in parts) and not any(
            isinstance(each, list | dict) for part in parts for each in part.values()
        ):
            by_row = all(key.isdecimal() for key in value) and not all(key.isdecimal() for key in keys)
            raise _orient("index" if by_row else "columns", f'orient="{"index" if by_row else "columns"}"')
    if _are_columns(parts):
        what = "The JSON has one array for each column."
        raise unreadable(what, f"Pass read_data(pd.DataFrame(json.load(open(path)))), or write {_RECORDS}.")


def _are_columns(parts: list[Any]) -> bool:
    """Whether every value is an array, all of one length, and none has records."""
    return (
        bool(parts)
        and all(isinstance(part, list) for part in parts)
        and not any(map(_is_records, parts))
        and len(set(map(len, parts))) == 1
    )


def _orient(name: str, written: str) -> Exception:
    what = f"The JSON is not a list of records but in the layout that pandas calls {written}."
    remedy = f'Write it with {_RECORDS}, or pass read_data(pd.read_json(path, orient="{name}", dtype=False)).'
    return unreadable(what, remedy)

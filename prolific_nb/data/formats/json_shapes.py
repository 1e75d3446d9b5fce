"""The list of records in a JSON document; other shapes are refused by name."""

from __future__ import annotations

from typing import Any

from ...common.findings import Finding
from .unreadable import unreadable

_LISTS = ("data", "records", "rows", "items", "results", "examples", "instances")
"""Keys under which programs put the list of records."""
_RECORDS = 'df.to_json(path, orient="records")'
LOADED = 'json.load(open(path, "rb"))'
"""In binary, so that the encoding does not depend on the machine."""


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
        raise _several_lists(sorted(lists, key=lambda key: key not in _LISTS))
    nested = [key for key, part in value.items() if isinstance(part, list | dict)]
    if nested:
        raise _one_object(nested, by_row=all(isinstance(part, dict) for part in value.values()))
    remedy = (
        f"If its keys name the rows, pass read_data(pd.Series({LOADED}).rename_axis('key').reset_index(name='text'))."
    )
    return [value], [Finding("warning", f"The JSON is one object; read as one row with {len(value)} columns.", remedy)]


def _several_lists(keys: list[str]) -> Exception:
    what = f"The JSON is one object with a list of records under {' and '.join(map(repr, keys))}."
    remedy = f"Read one list: read_data(pd.json_normalize({LOADED}[{keys[0]!r}]))."
    return unreadable(what, remedy, place=f"$.{keys[0]}")


def _one_object(nested: list[str], *, by_row: bool) -> Exception:
    what = f"The JSON is one object, not a list of records; {nested[0]!r} is an object or an array."
    remedy = f"If it is one row, pass read_data(pd.json_normalize({LOADED}))"
    if by_row:
        frame = f"pd.DataFrame.from_dict({LOADED}, orient='index').rename_axis('key')"
        remedy = f"If its keys name the rows, pass read_data({frame})"
    return unreadable(what, f"{remedy}; otherwise write {_RECORDS}.", place=f"$.{nested[0]}")


def _is_records(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(each, dict) for each in part)


def _array(value: list[Any]) -> list[Any]:
    if not value:
        raise unreadable("The JSON array is empty.", "Add at least one record.")
    if all(isinstance(each, list) for each in value):
        what = 'The JSON is an array of arrays without column names (pandas calls it orient="values").'
        names = ", ".join(f'"column_{number}"' for number in range(1, max(map(len, value)) + 1))
        remedy = f"Write records: {_RECORDS}; or pass read_data(pd.DataFrame({LOADED}, columns=[{names}]))."
        raise unreadable(what, remedy)
    if not any(isinstance(each, dict) for each in value):
        what = "The JSON is an array of single values without a column name."
        raise unreadable(what, f'Pass read_data(pd.DataFrame({{"text": {LOADED}}})).')
    return value


def _refuse_orients(value: dict[str, Any]) -> None:
    """Refuse the layouts of `DataFrame.to_json` that are not lists of records."""
    if {"columns", "index", "data"} == set(value) and isinstance(value["columns"], list):
        raise _orient("split")
    parts = list(value.values())
    if parts and all(isinstance(part, dict) for part in parts):
        keys = set(parts[0])
        if all(set(part) == keys for part in parts) and not any(
            isinstance(each, list | dict) for part in parts for each in part.values()
        ):
            by_row = all(key.isdecimal() for key in value) and not all(key.isdecimal() for key in keys)
            by_column = all(key.isdecimal() for key in keys) and not by_row
            raise _orient("index") if by_row else _orient("columns", "" if by_column else "index")
    if _are_columns(parts):
        what = "The JSON has one array for each column."
        raise unreadable(what, f"Pass read_data(pd.DataFrame({LOADED})), or write {_RECORDS}.")


def _are_columns(parts: list[Any]) -> bool:
    """Whether every value is an array, all of one length, and none has records."""
    return (
        bool(parts)
        and all(isinstance(part, list) for part in parts)
        and not any(map(_is_records, parts))
        and len(set(map(len, parts))) == 1
    )


def _orient(name: str, other: str = "") -> Exception:
    """The error about a layout, which may also be another one, with rows and columns exchanged."""
    what = f'The JSON is not a list of records but in the layout that pandas calls orient="{name}"'
    what += f' or orient="{other}".' if other else "."
    # Not read_json, which changes numbers and dates.
    code = {
        "split": f"pd.DataFrame(**{LOADED}, dtype=object)",
        "columns": f"pd.DataFrame({LOADED}, dtype=object)",
        "index": f'pd.DataFrame.from_dict({LOADED}, orient="index", dtype=object)',
    }
    swapped = f"; or read_data({code[other]}) if the outer keys name the rows." if other else "."
    return unreadable(what, f"Write it with {_RECORDS}, or pass read_data({code[name]}){swapped}")

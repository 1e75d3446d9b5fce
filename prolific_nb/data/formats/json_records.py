"""JSON lines and JSON arrays of records as cells.

Numbers and booleans become the text that the file contains: ``0.10`` stays ``0.10``, and long integers keep all digits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...common.findings import Finding
from ...common.plurals import MOST_LISTED, counted, numbered
from ..cells.cell_store import CellStore
from ..cells.table_builder import Cells
from ..cells.unwritable import is_writable, unwritable
from .json_shapes import LOADED, records_in
from .unreadable import Unreadable, unreadable

_START = re.compile(r"\s*(?:\{\s*[\"'}]|\[\s*[\[{\"'\]])")
_PYTHON = re.compile(r"\s*\[?\s*\{\s*'")
_LINE_END = re.compile(r"\n|\r(?!\n)")
_LONGEST_SHOWN = 40
_Numbered = Sequence[tuple[int, Mapping[str, Any]]]
_SPACE = re.compile(r"\s*")
_AS_CSV = 'If it is a CSV, pass delimiter=",".'


class _Repeated(ValueError):
    """An object with one key twice."""


class _Missing(str):
    """NaN, which some programs write for a missing value although JSON has no such number."""


def looks_like_json(text: str) -> bool:
    """Whether a text begins as a JSON object, or an array of objects, arrays or strings.

    Examples
    --------
    >>> looks_like_json('{"text": "It leaks"}'), looks_like_json("[id],text")
    (True, False)
    """
    return _START.match(text) is not None


def json_cells(text: str) -> Cells:
    """The records of JSON lines, of a JSON array, or of an array under a key such as "data".

    Raises
    ------
    Unreadable
        If the text is not valid JSON, or is not a list of flat records.
    """
    if _PYTHON.match(text):
        remedy = f"Write it with json.dumps, or df.to_json(path, orient='records', lines=True). {_AS_CSV}"
        raise unreadable("The file contains Python dictionaries, not JSON.", remedy)
    if _is_lines(text):
        return _table(*_lines(text), '[json.loads(line) for line in open(path, "rb") if line.strip()]')
    return _table(*_document(text))


def _is_lines(text: str) -> bool:
    """Whether the first line is a whole record: other lines may still be invalid."""
    first, *more = (line for line in text.lstrip().split("\n", 1) if line.strip())
    try:
        record = _DECODER.decode(first.strip())
    except _Repeated:
        return first.lstrip().startswith("{")
    except (ValueError, RecursionError):
        return bool(more) and first.lstrip().startswith("{") and _has_records(more[0])
    # A single object may be a document that contains records, unless another line follows.
    if not isinstance(record, dict) or more:
        return isinstance(record, dict)
    # Keys that are numbers are those of a pandas Series.
    return not all(map(str.isdecimal, record)) and not any(isinstance(value, list | dict) for value in record.values())


def _has_records(text: str) -> bool:
    """Whether the next line is a whole record."""
    try:
        return isinstance(_DECODER.decode(text.lstrip().split("\n", 1)[0].strip()), dict)
    except (ValueError, RecursionError):
        return False


def _lines(text: str) -> tuple[list[int], list[Any], list[Finding]]:
    numbers, records, errors, blank = [], [], [], []
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip():
            blank.append(number)
            continue
        try:
            records.append(_DECODER.decode(line.strip()))
            numbers.append(number)
        except (ValueError, RecursionError) as error:
            errors.append(_invalid(error, number))
    if errors:
        raise Unreadable(*_at_most(errors, "lines"))
    inside = [number for number in blank if number < numbers[-1]]
    what = f"{counted(len(inside), 'blank line')} skipped: {numbered('line', inside)}."
    how = "Read as JSON lines; row numbers are line numbers."
    return numbers, records, [Finding("note", how, ""), *([Finding("note", what, "")] if inside else [])]


def _document(text: str) -> tuple[list[int], list[Any], list[Finding], str]:
    """The records of one JSON value, or of several on more than one line each; and code that loads them."""
    try:
        values = list(_values(text))
    except (ValueError, RecursionError) as error:
        raise Unreadable(_invalid(error, None)) from None
    if len(values) > 1:
        note = Finding(
            "note", "Read as JSON objects one after another; row numbers are the lines where they begin.", ""
        )
        code = 'json.loads("[" + re.sub(r"}\\s*{", "},{", open(path, encoding="utf-8").read()) + "]")'
        return [text.count("\n", 0, place) + 1 for place, _ in values], [value for _, value in values], [note], code
    value = values[0][1]
    records, notes = records_in(value)
    key = next((key for key, part in value.items() if part is records), None) if isinstance(value, dict) else None
    return list(range(1, len(records) + 1)), records, notes, LOADED + ("" if key is None else f"[{key!r}]")


def _values(text: str) -> Iterator[tuple[int, Any]]:
    place = _after_space(text, 0)
    while place < len(text):
        value, end = _DECODER.raw_decode(text, place)
        yield place, value
        place = _after_space(text, end)


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _invalid(error: Exception, row: int | None) -> Finding:
    if isinstance(error, _Repeated):
        what = f"A record has the key {error.args[0]!r} more than once."
        return Finding("error", what, "Give every value of a record its own key.", row)
    if isinstance(error, json.JSONDecodeError):
        where = f"column {error.colno}" if row else f"line {error.lineno}, column {error.colno}"
        what = f"The JSON is invalid at {where}: {error.msg}."
        return Finding("error", what, f"Fix it, or write the file again. {_AS_CSV}", row)
    return Finding("error", "The JSON is nested too deeply.", "Write flat records, with one value per key.", row)


def _at_most(errors: Sequence[Finding], noun: str) -> list[Finding]:
    more = len(errors) - MOST_LISTED
    rest = [Finding("error", f"{more:,} more {noun} are invalid.", "Fix them too.")] if more > 0 else []
    return [*errors[:MOST_LISTED], *rest]


def _table(numbers: Sequence[int], records: Sequence[Any], notes: Sequence[Finding], code: str) -> Cells:
    """The cells; `code` loads the records, for remedies."""
    pairs = list(zip(numbers, records, strict=True))
    if errors := [_no_record(number, record) for number, record in pairs if type(record) is not dict]:
        raise Unreadable(*_at_most(errors, "rows"))
    header = list(dict.fromkeys(key for record in records for key in record))
    errors = [*_nested(pairs, code), *_unwritable(pairs)]
    if errors:
        raise Unreadable(*errors)
    rows = CellStore.of_rows(([_cell(record.get(name)) for name in header] for record in records), len(header))
    return Cells(header, rows, numbers, [*notes, *_incomplete(header, pairs)])


def _no_record(number: int, value: Any) -> Finding:
    what = f"{_shown(value)} is not an object with a value for each column."
    remedy = 'Write one object per row, such as {"text": "…"}; with pandas: df.to_json(path, orient="records").'
    return Finding("error", what, remedy, number)


def _nested(pairs: _Numbered, code: str) -> Iterator[Finding]:
    """One error for each key whose values are objects or arrays."""
    found: dict[str, list[tuple[int, Any]]] = {}
    for number, record in pairs:
        for key, value in record.items():
            if type(value) is dict or type(value) is list:
                found.setdefault(key, []).append((number, value))
    for key, values in found.items():
        rows = numbered("row", [number for number, _ in values])
        what = f"{counted(len(values), 'value')} of this key {'is' if len(values) == 1 else 'are'} "
        what += f"an object or an array, such as {_shown(values[0][1])}: {rows}."
        remedy = (
            f"Write one value per key, or pass read_data(pd.json_normalize({code})): keys of objects become columns."
        )
        yield Finding("error", what, remedy, values[0][0], key)


def _unwritable(pairs: _Numbered) -> Iterator[Finding]:
    for number, record in pairs:
        for key, value in record.items():
            if not is_writable(key) or (isinstance(value, str) and not is_writable(value)):
                yield unwritable(number, key)


def _incomplete(header: Sequence[str], pairs: _Numbered) -> Iterator[Finding]:
    for name in header:
        lacking = [number for number, record in pairs if name not in record]
        if lacking:
            rows = numbered("row", lacking)
            what = f"{counted(len(lacking), 'record')} without this key; the cells are empty: {rows}."
            yield Finding("note", what, "", lacking[0], name)
        nan = [number for number, record in pairs if type(record.get(name)) is _Missing]
        if nan:
            what = f"{counted(len(nan), 'NaN')} read as empty cells: {numbered('row', nan)}."
            yield Finding("note", what, "", nan[0], name)


def _cell(value: Any) -> str:
    if value is None or type(value) is _Missing:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} …"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        raise _Repeated(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return made


def _constant(name: str) -> str:
    return _Missing(name) if name == "NaN" else name


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_constant)

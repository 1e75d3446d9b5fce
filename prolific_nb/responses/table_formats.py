"""Tables as Parquet and as JSON lines; both keep text as it is, since no spreadsheet runs it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.findings import Finding
from ..errors import InputError

_INSTALL = "Install it with: python -m pip install 'prolific-nb[parquet]' (or pyarrow alone), or save the table as CSV."
_PLAIN_CELLS = "Rename columns of the same name, and convert cells that are lists to strings, or save the table as CSV."


def format_of(path: Any) -> str:
    """``"parquet"``, ``"jsonl"`` or ``"csv"``, by the suffix of a path; any other suffix, or a file object, is CSV.

    Examples
    --------
    >>> format_of("answers.parquet"), format_of("answers.JSONL"), format_of("answers.txt")
    ('parquet', 'jsonl', 'csv')
    """
    suffix = Path(path).suffix.lower() if isinstance(path, str | os.PathLike) else ""
    return {".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(suffix, "csv")


def packed(frame: pd.DataFrame, path: str | os.PathLike[str]) -> bytes:
    """The content of a Parquet or JSON lines file.

    Raises
    ------
    InputError
        pyarrow is not installed, or the cells cannot be written in this format.
    """
    write = _FORMATS[format_of(path)][0]
    try:
        return write(frame)
    except ImportError:
        raise InputError(str(path), [Finding("error", "Parquet needs the package pyarrow.", _INSTALL)]) from None
    except (ValueError, TypeError, OverflowError) as failure:  # pyarrow's errors are among them
        what = f"The table cannot be written in this format: {failure}."
        raise InputError(str(path), [Finding("error", what, _PLAIN_CELLS)]) from None


def unpacked(path: str | os.PathLike[str]) -> pd.DataFrame:
    """The table that `packed` was given; `OSError`, `ValueError` or `ImportError` if it cannot be read."""
    return _FORMATS[format_of(path)][1](Path(path).read_bytes())


def _to_parquet(frame: pd.DataFrame) -> bytes:
    plain, target = frame.reset_index(drop=True), BytesIO()
    plain.attrs = {}  # the questions are in a file beside it, as for CSV
    plain.to_parquet(target, engine="pyarrow", index=False)
    return target.getvalue()


def _from_parquet(content: bytes) -> pd.DataFrame:
    return pd.read_parquet(BytesIO(content), engine="pyarrow")


def _to_lines(frame: pd.DataFrame) -> bytes:
    text = frame.to_json(
        orient="records", lines=True, force_ascii=False, date_format="iso", date_unit="us", double_precision=15
    )
    return text.encode("utf-8")


def _from_lines(content: bytes) -> pd.DataFrame:
    lines = content.decode("utf-8").split("\n")  # not splitlines: text may contain other line separators
    return pd.DataFrame([json.loads(line) for line in lines if line.strip()])


_FORMATS: dict[str, tuple[Callable[[pd.DataFrame], bytes], Callable[[bytes], pd.DataFrame]]] = {
    "parquet": (_to_parquet, _from_parquet),
    "jsonl": (_to_lines, _from_lines),
}

"""Tables of responses that were saved: read back as they were, with their questions.

`save_table` writes the questions, the mode and the pay of a table of responses beside it: ``responses.csv`` and
``responses.questions.json``. `prolific-nb demo` writes ``questions.json``, the codebook alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any

import pandas as pd

from ..api.shapes import WRONG_SHAPE
from ..common.findings import Finding
from ..design import Codebook, text_of
from ..errors import InputError
from .frame import CATEGORICAL, categorical
from .spreadsheet import questions_file, read_table


def read_responses(
    path: str | os.PathLike[str] | IO[str], *, codebook: Codebook | str | os.PathLike[str] | None = None
) -> pd.DataFrame:
    """The responses that `save_table`, a panel or the demo wrote, as ``run.responses()`` returned them.

    Labels such as ``NA`` and ``None`` stay labels. An empty text is read as a missing one.

    Parameters
    ----------
    path : path or file
        The CSV.
    codebook : Codebook or path, optional
        The questions, or their JSON file. By default the file ``….questions.json`` beside the table, else
        ``questions.json`` in its folder, if there is one.

    Returns
    -------
    pandas.DataFrame
        With the dtypes of ``run.responses()``; ``attrs["questions"]`` holds the codebook, so that
        ``pnb.agreement(frame)`` works. If the table has a single question, `value` has its options, in order, as
        categories.

    Raises
    ------
    InputError
        The file cannot be read or is not a table of responses, or the questions cannot be read.
    """
    frame = read_table(path)
    missing = [name for name in ("response_id", "participant_id", "task_id", "question", "value") if name not in frame]
    if missing:
        what = f"It is not a table of responses: it has no column {', '.join(map(repr, missing))}."
        raise InputError(_name(path), [Finding("error", what, "pnb.read_table(path) reads other saved tables.")])
    for name in frame.columns:
        if name in CATEGORICAL:
            frame[name] = categorical(None if cell != cell else cell for cell in frame[name].tolist())
    if "created_at" in frame:
        frame["created_at"] = frame["created_at"].dt.as_unit("us")
    attributes: Any = _attributes(path, codebook)
    _refuse_other_questions(frame, attributes, _name(path))
    frame.attrs = attributes
    return _with_options(frame)


def _name(path: Any) -> str:
    return str(path) if isinstance(path, str | os.PathLike) else "The table"


def _attributes(path: Any, codebook: Any) -> dict[str, Any]:
    if isinstance(codebook, Codebook):
        return {"questions": codebook.to_records()}
    candidates = [Path(codebook).expanduser()] if codebook is not None else []
    if codebook is None and isinstance(path, str | os.PathLike):
        candidates = [questions_file(path), Path(path).parent / "questions.json"]
        candidates = [file for file in candidates if file.is_file()]
    if not candidates:
        return {}
    try:
        found = json.loads(candidates[0].read_text(encoding="utf-8"))
        attributes = {"questions": found} if isinstance(found, list) else dict(found)
        Codebook.from_records(attributes["questions"])
        return attributes
    except (OSError, *WRONG_SHAPE) as failure:
        reason = f"{type(failure).__name__}: {failure}"
    what = f"The questions cannot be read ({reason})."
    raise InputError(str(candidates[0]), [Finding("error", what, "Pass codebook=run.codebook or design.codebook().")])


def _refuse_other_questions(frame: pd.DataFrame, attributes: dict[str, Any], name: str) -> None:
    """The questions of a table that was saved under the same name before must not be taken for those of this one."""
    known = {each.question for each in Codebook.from_records(attributes.get("questions", ()))}
    other = [each for each in frame["question"].dropna().unique().tolist() if each not in known]
    if known and other:
        what = f"The questions saved beside it are not those of the table: {other[0]!r} is not among them."
        raise InputError(name, [Finding("error", what, "Pass codebook=run.codebook or design.codebook().")])


def _with_options(frame: pd.DataFrame) -> pd.DataFrame:
    asked = frame["question"].dropna().unique().tolist()
    book = {each.question: each for each in Codebook.from_records(frame.attrs.get("questions", ()))}
    if len(asked) == 1 and asked[0] in book and book[asked[0]].options:
        offered = [text_of(option) for option in book[asked[0]].options]
        others = [value for value in frame["value"].cat.categories if value not in offered]
        frame["value"] = frame["value"].cat.set_categories(offered + others)
    return frame

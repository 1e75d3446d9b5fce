"""The answers of several runs about the same rows in one table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..common.findings import Finding
from ..errors import InputError
from ..responses import check_asked, of_question
from ..responses.frame import CATEGORICAL, categorical, translated
from .run import Run


def combine(runs: Sequence[Run], include: str = "usable", question: str | None = None) -> pd.DataFrame:
    """The answers of runs that ask the same questions, such as a run and its follow-up, to be counted by ``row``.

    For one label per row, as by a vote. Where the rows of a follow-up were chosen because people disagreed about
    them, agreement over both runs is no estimate for the data as a whole: these rows then weigh more. Report the
    first run's agreement.

    Parameters
    ----------
    runs : sequence of Run
        At least one; the questions get the ids that they have in the first.
    include : {"usable", "all"}
        As for `Run.responses`.
    question : str, optional
        Only this question.

    Returns
    -------
    pandas.DataFrame
        As `Run.responses` gives it, with the column ``study_id`` behind the others. A person who took part in two of
        the runs is one participant.

    Raises
    ------
    InputError
        The runs ask different questions, or simulated answers would be mixed with real ones, or a run was given twice.
    """
    runs = list(runs)
    _refuse_misfits(runs)
    first = runs[0]
    check_asked(include, question, first.codebook)
    parts = [_part(run, first, include) for run in runs]
    whole = pd.concat([part.astype(dict.fromkeys(CATEGORICAL, object)) for part in parts], ignore_index=True)
    whole = whole.assign(**{name: _categories(whole[name]) for name in (*CATEGORICAL, "study_id")})
    if question is not None:
        whole = of_question(whole, question, first.codebook)
    pay = " and ".join(dict.fromkeys(str(part.attrs["pay"]) for part in parts))
    joins = [part.attrs["join"] for part in parts]
    ways = " + ".join(dict.fromkeys(join["by"] for join in joins if join["by"])) or None
    join = {"by": ways, "unmatched": sum(join["unmatched"] for join in joins)}
    whole.attrs = {**parts[0].attrs, "pay": pay, "join": join}
    return whole


def _part(run: Run, first: Run, include: str) -> pd.DataFrame:
    part = run.responses(include)
    pairs = zip(run.codebook, first.codebook, strict=True)
    ids = {mine.instruction_id: its.instruction_id for mine, its in pairs}
    attrs = part.attrs
    part = part.assign(instruction_id=translated(part["instruction_id"].array, ids), study_id=run.study_id)
    part.attrs = attrs
    return part


def _categories(cells: pd.Series[Any]) -> pd.Categorical:
    return categorical(None if each != each else each for each in cells.tolist())


def _refuse_misfits(runs: Sequence[Run]) -> None:
    found = []
    if not runs:
        found.append(Finding("error", "No runs were given.", "Write pnb.combine([run, follow])."))
    modes = sorted({run.client.mode for run in runs})
    if len(modes) > 1:
        remedy = "Combine runs of one kind: simulated answers are no data."
        found.append(Finding("error", f"The runs are of two kinds: {' and '.join(modes)}.", remedy))
    if len({run.study_id for run in runs}) < len(runs):
        found.append(Finding("error", "A run was given twice.", "Its answers would count twice. Name each once."))
    for run in runs[1:]:
        if _asked(run) != _asked(runs[0]):
            what = f"Study {run.study_id} asks other questions than study {runs[0].study_id}."
            found.append(Finding("error", what, "Their answers cannot be scored together. Look at run.codebook."))
    if found:
        raise InputError("The runs", found)


def _asked(run: Run) -> list[dict[str, Any]]:
    return [{**record, "instruction_id": None} for record in run.codebook.to_records()]

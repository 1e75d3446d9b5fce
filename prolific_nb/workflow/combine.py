"""The responses of several runs to the same questions in one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ..common.display import suppress_notices
from ..common.findings import Finding
from ..common.plurals import a_type
from ..errors import InputError
from ..responses import check_asked, of_question, times_finding
from ..responses.frame import CATEGORICAL, EXPECTED, categorical, translated
from .run import Run
from .top_up.run_needs import asked_by
from .top_up.selection_weights import selection_probabilities, with_weight


def combine(
    runs: Sequence[Run],
    include: str = "usable",
    question: str | None = None,
    *,
    checks: bool = False,
    weights: bool = False,
) -> pd.DataFrame:
    """Combine the responses of runs that ask the same questions, such as a run and its follow-up.

    Use it to aggregate labels by ``row``, for example by majority vote. If the rows of a follow-up were chosen because
    annotators disagreed about them, agreement and shares over both runs are biased: these rows have more answers than
    the others. Report those of the first run, which need no weights and are often the most precise. If the rows are
    those of `Run.needs_more`, weights make both runs usable: ``pnb.agreement(frame, weight="weight")`` and
    ``analysis.share(frame, weight="weight")`` estimate what all rows would have given in both. Their intervals can be
    relied on with about 30 random rows or more. With several follow-ups of one run, shares and means are exact, and α
    is an approximation.

    Parameters
    ----------
    runs : sequence of Run
        At least one; the questions get the ids of the first run.
    include : {"usable", "all"}
        As for `Run.responses`.
    question : str, optional
        Only this question.
    checks : bool
        As for `Run.responses`.
    weights : bool
        Add the column ``weight``: the inverse of the probability with which the row of an answer was selected for its
        run (Horvitz & Thompson 1952); 1 in runs that ask about all rows.

    Returns
    -------
    pandas.DataFrame
        As returned by `Run.responses`, with ``study_id`` (then ``weight``, float) as the last column. A person who took
        part in two runs is one participant.

    Raises
    ------
    InputError
        The runs ask different questions, mix simulated and real responses, or include a run twice; or with `weights`,
        the probabilities of a follow-up are not known (its rows were listed by hand, or it was made with another
        ledger), or the data have a column ``weight``.
    """
    runs = _listed(runs)
    _check_compatible(runs)
    chances = selection_probabilities(runs) if weights else []
    first = runs[0]
    check_asked(include, question, first.codebook, checks=checks)
    parts = [_part(run, first, include, checks) for run in runs]
    parts = [with_weight(part, each) for part, each in zip(parts, chances, strict=True)] if weights else parts
    coded = [name for name in (*CATEGORICAL, EXPECTED) if name in parts[0]]
    combined = pd.concat([part.astype(dict.fromkeys(coded, object)) for part in parts], ignore_index=True)
    combined = combined.assign(**{name: _categories(combined[name]) for name in (*coded, "study_id")})
    if question is not None:
        combined = of_question(combined, question, first.codebook)
    pay = " and ".join(dict.fromkeys(str(part.attrs["pay"]) for part in parts))
    joins = [part.attrs["join"] for part in parts]
    methods = " + ".join(dict.fromkeys(join["by"] for join in joins if join["by"])) or None
    join: dict[str, Any] = {"by": methods, "unmatched": sum(join["unmatched"] for join in joins)}
    join |= {"ambiguous": number} if (number := sum(each.get("ambiguous", 0) for each in joins)) else {}
    join |= {"notes": notes} if (notes := [note for each in joins for note in each.get("notes", ())]) else {}
    combined.attrs = {**parts[0].attrs, "pay": pay, "join": join}
    combined.attrs.pop("minutes")  # a median of all runs together does not follow from theirs
    combined.attrs.pop("times", None)
    combined.attrs.pop("checks", None)
    pairs = zip(runs, parts, strict=True)
    if said := [f"Study {run.study_id}: {part.attrs['checks']}" for run, part in pairs if "checks" in part.attrs]:
        combined.attrs["checks"] = " ".join(said)
    if finding := times_finding(combined):
        combined.attrs["times"] = f"{finding.what} {finding.remedy}"
    return combined


def _part(run: Run, first: Run, include: str, checks: bool) -> pd.DataFrame:
    with suppress_notices():  # the table of all runs has its own note
        part = run.responses(include, checks=checks)
    pairs = zip(run.codebook, first.codebook, strict=True)
    ids = {own.instruction_id: common.instruction_id for own, common in pairs}
    attrs = part.attrs
    part = part.assign(instruction_id=translated(part["instruction_id"].array, ids), study_id=run.study_id)
    part.attrs = attrs
    return part


def _categories(cells: pd.Series[Any]) -> pd.Categorical:
    return categorical(None if each != each else each for each in cells.tolist())


def _listed(runs: object) -> list[Run]:
    given: list[Any] = list(runs) if isinstance(runs, Iterable) and not isinstance(runs, pd.DataFrame) else [runs]
    others = [each for each in given if not isinstance(each, Run)]
    if others or not isinstance(runs, Iterable):
        what = f"A list of runs is expected, not {a_type(others[0] if others else runs)}."
        remedy = "Call pnb.combine([run, follow]); pnb.open_run(study_id=..., client=client) opens the run of a study."
        raise InputError("The runs", [Finding("error", what, remedy)])
    return given


def _check_compatible(runs: Sequence[Run]) -> None:
    found = []
    if not runs:
        found.append(Finding("error", "No runs were given.", "Call pnb.combine([run, follow])."))
    modes = sorted({run.client.mode for run in runs})
    if len(modes) > 1:
        remedy = "Combine only SANDBOX or only LIVE runs: simulated responses are not data."
        found.append(Finding("error", f"The runs have different modes: {' and '.join(modes)}.", remedy))
    if len({run.study_id for run in runs}) < len(runs):
        found.append(Finding("error", "A run was given twice.", "Its responses would count twice. Pass each run once."))
    for run in runs[1:]:
        if asked_by(run) != asked_by(runs[0]):
            what = f"Study {run.study_id} and study {runs[0].study_id} ask different questions."
            found.append(
                Finding("error", what, "Their responses cannot be combined. Compare run.codebook of both runs.")
            )
    if found:
        raise InputError("The runs", found)

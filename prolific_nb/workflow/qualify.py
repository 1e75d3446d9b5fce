"""Qualification studies: who answers tasks with known answers rightly, as a participant group for later studies."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, Self

import pandas as pd

from ..api import Client
from ..common.findings import Finding
from ..common.plurals import counted
from ..data import Dataset, Source, as_dataset
from ..design import Design
from ..errors import ArgumentError, InputError, ProlificError
from ..study import StudyPlan
from ..study.audience.participant_groups import group_named
from ..study.flows import flow_named
from ..study.launch.draft import Draft
from ..study.monitor.status import DRAFT
from .launch import launch
from .run import Run

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Passed:
    """The participants who passed, as a participant group: ``pnb.launch(..., only=passed)``.

    Parameters
    ----------
    id, name : str
        Of the participant group; the ID is empty while nobody has passed.
    participants : tuple of str
        Their IDs, in the order of `table`.
    table : DataFrame
        One row per participant: ``participant_id``; ``n``, the answers with a known right answer (int64); ``right``,
        how many of them were right (int64); ``share`` (float64); ``passed`` (bool). The highest shares are first.
    pass_at : float
        The share that was needed.
    """

    id: str
    name: str
    participants: tuple[str, ...]
    table: pd.DataFrame
    pass_at: float

    def __len__(self) -> int:
        return len(self.participants)

    def __repr__(self) -> str:
        people = counted(len(self.table), "participant")
        group = f"; participant group {self.name!r}, {self.id}" if self.id else ""
        return f"{len(self)} of {people} passed with at least {self.pass_at:g} of their answers right{group}."

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.table.head(20).to_html(index=False, float_format='{:.2f}'.format)}"


class QualifyingRun(Run):
    """A `Run` of a qualification study, from `qualify`.

    Attributes
    ----------
    pass_at : float
        The share of right answers that is needed.
    """

    pass_at: float

    @classmethod
    def of(cls, run: Run, pass_at: float = 0.8) -> Self:
        """A run as a qualification study, such as one from `open_run`.

        Raises
        ------
        ValueError
            `pass_at` is not above 0 and at most 1.
        """
        _check_share(pass_at)
        flow = flow_named(run.flow)
        draft = Draft(run.key, run.dataset_id, run.batch_id, run.study_id, run.codebook, flow)
        made = cls(run.client, draft, data=run.data, design=run.design, plan=run.plan, ledger=run.ledger)
        made.pass_at = pass_at
        return made

    def passed(self) -> Passed:
        """The participants whose answers about gold rows and to attention checks are right often enough.

        They become a participant group. Calling this again, as after more answers or with a corrected right answer,
        gives the same group with exactly those who pass by then. Answers of usable submissions count; an answer of
        several options is right if all of them are.

        Everyone is paid, whether they passed or not: ``run.review`` approves their submissions. A low share is not a
        reason to reject one.

        Returns
        -------
        Passed
            For `launch`: ``pnb.launch(..., only=run.passed())``.

        Raises
        ------
        ProlificError
            The study is a draft, or no question of the run has a known right answer.
        """
        if self.client.studies.get(self.study_id).status == DRAFT:
            raise ProlificError(f"Study {self.study_id} is a draft, so nobody has answered. Publish it first.")
        if not any(each.right is not None or each.gold for each in self.codebook):
            raise ProlificError(
                "No right answers are known for this run: they are kept in the ledger of the machine that launched it. "
                "Run the cell with pnb.qualify(...) here once; it finds the study."
            )
        table = _scores(self._table("usable", checks=True), self.pass_at)
        participants = tuple(table.loc[table["passed"], "participant_id"])
        name = f"Passed {self.pass_at:g} in study {self.study_id} [pnb {self.key[:12]}]"
        return Passed(self._group(name, participants), name, participants, table, self.pass_at)

    def _group(self, name: str, participants: tuple[str, ...]) -> str:
        """The ID of the group, which is not created for nobody."""
        groups = self.client.groups
        if participants or any(each.name == name for each in groups.list(self.client.workspace_id)):
            ident = group_named(self.client, name, participants, exact=True)
            return ident if participants else ""
        return ""


def qualify(
    client: Client,
    data: Dataset | Source,
    design: Design,
    plan: StudyPlan | None = None,
    *,
    pass_at: float = 0.8,
    **options: Any,
) -> QualifyingRun:
    """Create a qualification study as a draft: who answers rightly may take part in the studies that follow.

    ``run.passed()`` makes a participant group of those who pass, and ``pnb.launch(..., only=run.passed())`` admits only
    them. Everyone who takes part is paid, whether they pass or not; say in the description of the study that it decides
    on an invitation. Idempotent, as `launch`; nothing is spent.

    Parameters
    ----------
    client, design, plan
        As for `launch`.
    data : Dataset, path, bytes or DataFrame
        With gold rows, from `Dataset.with_gold`; without, the design has an attention check, from `Design.attention`.
    pass_at : float
        The share of right answers that is needed, above 0 and at most 1. It is not sent to Prolific, and may be changed
        afterwards.
    **options
        The other arguments of `launch`.

    Returns
    -------
    QualifyingRun
        A draft; ``run.publish(max_cost="40.00")`` spends the money.

    Raises
    ------
    InputError
        With all findings, as `launch`; also if neither gold rows nor attention checks are there to score.
    ValueError
        `pass_at` is not above 0 and at most 1.
    """
    _check_share(pass_at)
    data = as_dataset(data)
    known = isinstance(design, Design) and any(each.right is not None for each in design.codebook())
    if data.gold is None and not known:
        what = "The data have no gold rows and the design no attention check, so there is nothing to pass."
        remedy = "Add rows with known answers: data.with_gold(frame, answers={question: column})."
        raise InputError("The qualification study", [Finding("error", what, remedy)])
    return QualifyingRun.of(launch(client, data, design, plan, **options), pass_at)


def _check_share(pass_at: float) -> None:
    if isinstance(pass_at, bool) or not isinstance(pass_at, int | float) or not 0 < pass_at <= 1:
        raise ArgumentError(f"pass_at={pass_at!r} is not a share. Pass a number above 0 and at most 1, such as 0.8.")


def _scores(frame: pd.DataFrame, pass_at: float) -> pd.DataFrame:
    """How many answers of each participant are right, of those with a known right answer."""
    known = frame[frame["expected"].notna()]
    right = known["value"].astype(object) == known["expected"].astype(object)
    answers = right.groupby([known["participant_id"], known["response_id"]], observed=True, sort=False).all()
    table = answers.groupby(level=0, observed=True, sort=False).agg(["size", "sum"]).reset_index()
    table.columns = pd.Index(["participant_id", "n", "right"])
    table = table.astype({"participant_id": object, "n": "int64", "right": "int64"})
    table["share"] = table["right"] / table["n"]
    table["passed"] = table["share"] >= pass_at - _ROUNDING
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)

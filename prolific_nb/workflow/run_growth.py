"""More annotators and more rows for a published study: what they would cost, and adding them."""

from __future__ import annotations

from typing import Self

from ..api import Client
from ..common.findings import Finding
from ..common.money import Money
from ..data import Dataset, Source, arranged, as_dataset
from ..design import Design
from ..errors import DataError, InputError, ProlificError
from ..study import StudyPlan
from ..study.add_rows import AddRowsResult, StudyTarget, add_rows, nothing_new, rows_growth
from ..study.gold.gold_check import check_gold, with_gold_answers
from ..study.gold.keep_answers import keep_answers
from ..study.launch.draft import Draft
from ..study.ledger import Ledger
from ..study.monitor.watch import changing
from ..study.quote import check_content
from ..study.spend.allowance import usable_cap
from ..study.spend.annotators import add_annotators, annotators_growth
from ..study.spend.growth import Growth
from .run_participants import Participants


class Growing(Participants):
    """The part of a `Run` that enlarges its study; see there."""

    def __init__(
        self, client: Client, draft: Draft, *, data: Dataset | None, design: Design, plan: StudyPlan, ledger: Ledger
    ) -> None:
        super().__init__(client, draft, data, design, plan)
        self.ledger, self.key, self.flow = ledger, draft.key, draft.flow.name
        self.dataset_id = draft.dataset_id
        self.cap: Money | None = None

    def add_annotators(
        self, n: int | None = None, *, to: int | None = None, max_cost: str | Money | None = None
    ) -> Self:
        """Let more participants annotate each task: ``run.add_annotators(to=5, max_cost="40.00")``. This spends money.

        Parameters
        ----------
        n : int, optional
            Instead of `to`: how many more than at the launch. Only the ledger of the launch knows what that was; with
            another one this is refused, and the number for `to` is named.
        to : int, optional
            Annotators per task afterwards. It means the same on every machine and however often it is run.
        max_cost : str or Money, optional
            The highest allowed cost of the new places with fees and VAT. Required on LIVE.

        Raises
        ------
        SpendError, Unreachable, StepFailed
            As for `publish`.
        InputError
            Not exactly one of `n` and `to` is a whole number of at least 1, the study is a draft, or `n` was given
            where the ledger does not know the launch.
        """
        with changing(self.study_id):
            more = add_annotators(self.client, self.ledger, self.key, self.study_id, n, to, max_cost)
        if more:
            self._allow(max_cost)
        return self

    def add_rows(self, rows: Dataset | Source, *, max_cost: str | Money | None = None) -> AddRowsResult:
        """Add rows to this study: append them to its dataset and create their tasks. This may spend money.

        Prolific does not document whether a published study gets places for new tasks. The number of places is
        therefore read back, and the result reports how many were added.

        Parameters
        ----------
        rows : Dataset, path, bytes or DataFrame
            With the same columns as the data. Rows that the study has already are left out, so repeating a call adds
            nothing. Rows `with_gold` come with gold rows in their task groups; what was uploaded before stays as it is.
        max_cost : str or Money, optional
            The highest allowed cost of places for these rows with fees and VAT. Required on LIVE once the study is
            published.

        Returns
        -------
        AddRowsResult
            The numbers of new tasks, groups and places, and what to do if no places were added.

        Raises
        ------
        DataError
            The columns differ, or the rows cannot be shown; with all findings. Nothing was sent.
        SpendError
            As for `publish`. Nothing was sent.
        InputError
            The study has ended, or uses the legacy flow, whose datasets cannot be extended.
        StepFailed
            Rows were rejected, or their tasks could not be created.
        """
        known = self._extensible()
        extended, new = self._new_rows(known, rows)
        if new is None:
            return nothing_new(self.client, self.batch_id, self.study_id, self._missing_rows_remedy(known))
        codebook = with_gold_answers(self.codebook, extended, self.plan.tasks_per_group)
        keep_answers(self.client, self.ledger, self.key, codebook)
        with changing(self.study_id):
            added = add_rows(self.client, self.ledger, self.key, self._target(), new, max_cost)
        self.data, self.codebook = extended, codebook
        if added.places:
            self._allow(max_cost)
        return added

    def quote_annotators(self, to: int) -> Growth:
        """The places that ``add_annotators(to=to)`` would add, and their cost. Nothing is spent.

        Raises
        ------
        InputError
            `to` is not a whole number of at least 1, or the study is a draft.
        """
        return annotators_growth(self.client, self.study_id, to)

    def quote_rows(self, rows: Dataset | Source) -> Growth:
        """The tasks and places that ``add_rows(rows)`` would add, and their cost. Nothing is sent or spent.

        Raises
        ------
        DataError, InputError
            As for `add_rows`.
        """
        _, new = self._new_rows(self._extensible(), rows)
        return rows_growth(self.client, self._target(), new)

    def _extensible(self) -> Dataset:
        """The data, if the flow can extend them."""
        if self.flow == "instructions":
            what, remedy = (
                "Datasets of the legacy flow cannot be extended.",
                "Create a separate study for these rows: run.duplicate(name, data).",
            )
            raise InputError("add_rows", [Finding("error", what, remedy)])
        return self._given_data()

    def _new_rows(self, known: Dataset, rows: Dataset | Source) -> tuple[Dataset, Dataset | None]:
        """The data with further rows, and those to upload, with their gold rows; None if there are none."""
        given = as_dataset(rows)
        extended = known.extended(given)
        keys = extended.row_keys[len(known) :]
        if not keys:
            return known, None
        errors = check_content(extended.select(keys), self.design).errors
        errors += check_gold(extended, self.design, self.plan).errors
        before, after = (arranged(each, self.plan.tasks_per_group).upload for each in (known, extended))
        if before.columns != after.columns:
            what = "This study was launched without gold rows, so the task groups of its rows cannot be chosen."
            remedy = "Add the rows without gold rows, or create a separate study: run.duplicate(name, data)."
            errors += [Finding("error", what, remedy, place="gold rows")]
        if errors:
            raise DataError(f"The rows to add ({given.name!r})", errors)
        return extended, after._after(len(before))

    def _target(self) -> StudyTarget:
        return StudyTarget(self.dataset_id, self.batch_id, self.study_id, self.plan.tasks_per_group)

    def _allow(self, max_cost: str | Money | None) -> None:
        """Raise the cap by what was allowed in addition."""
        more = usable_cap(self.client, max_cost)
        self.cap = self.cap + more if self.cap is not None and more is not None else None

    def _missing_rows_remedy(self, known: Dataset) -> str:
        """What to do if the run was opened with more rows than the study has."""
        held = int(self.client.datasets.get(self.dataset_id).get("total_datapoint_count") or 0)
        rows = len(arranged(known, self.plan.tasks_per_group).upload)
        if held >= rows:
            return ""
        return (
            f"run.data has {rows} rows and the study {held}, so some rows may be missing from the study. Open "
            "the run with the rows with which it was launched, then add the others."
        )

    def _given_data(self) -> Dataset:
        if self.data is None:
            raise ProlificError("This run was opened without its data. Pass it: pnb.open_run(..., data=data).")
        return self.data

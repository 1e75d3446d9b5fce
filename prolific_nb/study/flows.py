"""Prolific's two flows for creating tasks: a typed dataset with a layout, and the legacy flow with instructions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Protocol

from ..api import Client, Record
from ..api.shapes import reading
from ..common.arguments import require_string
from ..common.findings import Finding, Findings
from ..data import ROW_COLUMN, Dataset
from ..data.legacy_csv import HIDDEN, check_untyped
from ..design import Codebook, Design
from ..errors import ApiError, ArgumentError, StepFailed, UnexpectedResponse
from .idempotent import IdempotentSteps

SUNSET = "2026-09-01"
"""The end of the legacy flow according to Prolific's documentation."""

_WITHDRAWN = (404, 405, 410, 501)
_REFUSED = (400, 403, 404, 422)
_SHOWN = 20  # rows in a message
MAX_CHARS = 300  # of the server's message about one row


class Flow(Protocol):
    """What differs between the two flows.

    Attributes
    ----------
    name : str
        The argument ``flow`` of `launch`.
    row_column : str
        Name of the hidden column with the row keys.
    """

    name: str
    row_column: str

    def check(self, data: Dataset, design: Design) -> Findings:
        """Findings about what this flow does not support."""

    def schema(self, data: Dataset, design: Design) -> dict[str, Any] | None:
        """The dataset's schema; None for an untyped dataset."""

    def write(self, data: Dataset, design: Design, file: IO[bytes]) -> None:
        """Write the upload into a file."""

    def task(self, design: Design) -> dict[str, Any]:
        """The part of the batch request that describes the task."""

    def send_questions(
        self, client: Client, steps: IdempotentSteps, batch: Mapping[str, Any], design: Design
    ) -> Codebook:
        """Make sure that the batch has the questions; returns them with their ids."""

    def questions_of(self, client: Client, batch: Mapping[str, Any], design: Design, known: str) -> Codebook:
        """The questions of an existing batch; `known` are their ids in the ledger, or empty."""


class LayoutFlow:
    """A typed dataset, and a batch with a layout: Prolific's current flow."""

    name = "layout"
    row_column = ROW_COLUMN

    def check(self, data: Dataset, design: Design) -> Findings:
        """No findings: this flow supports every design."""
        return Findings()

    def schema(self, data: Dataset, design: Design) -> dict[str, Any] | None:
        """The kinds of the columns as a schema."""
        return data.schema(design.shown)

    def write(self, data: Dataset, design: Design, file: IO[bytes]) -> None:
        """All columns under their own names."""
        data.write_upload(file)

    def task(self, design: Design) -> dict[str, Any]:
        """Details and layout."""
        return design.to_api()

    def send_questions(
        self, client: Client, steps: IdempotentSteps, batch: Mapping[str, Any], design: Design
    ) -> Codebook:
        """The questions are part of the layout, so no request is needed."""
        return self.questions_of(client, batch, design, "")

    def questions_of(self, client: Client, batch: Mapping[str, Any], design: Design, known: str) -> Codebook:
        """The questions by the ids in the layout."""
        with reading(f"The layout of batch {batch['id']}"):
            return design.codebook().with_instructions(batch["batch_items"])


class InstructionsFlow:
    """The legacy flow: an untyped dataset whose column names decide what is shown, and a batch with instructions."""

    name = "instructions"
    row_column = f"{HIDDEN}{ROW_COLUMN}"

    def check(self, data: Dataset, design: Design) -> Findings:
        """What the legacy flow does not support, and that its end was announced."""
        return Findings(self._findings(data, design))

    def _findings(self, data: Dataset, design: Design) -> Iterator[Finding]:
        what = f"Prolific announced the end of the legacy flow for {SUNSET}; it may stop working at any time."
        yield Finding("warning", what, 'Launch with flow="layout" if the workspace has typed datasets.')
        yield from design.check_flat()
        yield from check_untyped(data.kinds, [column for column in design.shown if column in data.columns])

    def schema(self, data: Dataset, design: Design) -> dict[str, Any] | None:
        """None: the dataset is untyped."""
        return None

    def write(self, data: Dataset, design: Design, file: IO[bytes]) -> None:
        """Shown columns under their own names, the others under hidden names."""
        data.write_untyped(file, design.shown)

    def task(self, design: Design) -> dict[str, Any]:
        """Everything but the layout."""
        return {name: part for name, part in design.to_api().items() if name != "batch_items"}

    def send_questions(
        self, client: Client, steps: IdempotentSteps, batch: Mapping[str, Any], design: Design
    ) -> Codebook:
        """Send the instructions, once."""
        batches, batch_id, codebook = client.batches, str(batch["id"]), design.codebook()

        def make() -> str:
            return _asked(codebook, batches.create_instructions(batch_id, design.to_instructions()), batch_id).ids

        def find() -> str | None:
            existing = list(batches.instructions(batch_id))
            return _asked(codebook, existing, batch_id).ids if existing else None

        try:
            return codebook.with_ids(steps.run_once("instructions", make, find))
        except ApiError as refused:
            if refused.status not in _WITHDRAWN:
                raise
            failure = StepFailed(_withdrawn(refused))
        raise failure

    def questions_of(self, client: Client, batch: Mapping[str, Any], design: Design, known: str) -> Codebook:
        """The questions with their ids from the ledger, or else from the server while the legacy flow exists."""
        codebook = design.codebook()
        if known:
            return codebook.with_ids(known)
        return _asked(codebook, instructions_of(client, batch), str(batch["id"]))


def _asked(codebook: Codebook, asked: Sequence[Mapping[str, Any]], batch_id: str) -> Codebook:
    """The codebook with the IDs of the server's instructions."""
    with reading(f"The instructions of batch {batch_id}"):
        return codebook.with_asked(asked)


def dataset_of(batch: Record) -> str:
    """The ID of the dataset of a batch.

    Raises
    ------
    UnexpectedResponse
        The server names none.
    """
    datasets = batch.get("datasets")
    if not datasets:
        raise UnexpectedResponse(
            f"Batch {batch.get('id')} names no dataset. Try again; if the error persists, check it on Prolific's page.",
            request="GET batch",
            field="datasets",
        )
    return str(datasets[0]["id"])


def instructions_of(client: Client, batch: Mapping[str, Any]) -> list[Record]:
    """The instructions of a batch of the legacy flow, as the server returns them.

    Raises
    ------
    StepFailed
        The server no longer supports the legacy flow.
    """
    try:
        return list(client.batches.instructions(str(batch["id"])))
    except ApiError as refused:
        if refused.status not in _WITHDRAWN:
            raise
        failure = StepFailed(_withdrawn(refused))
    raise failure


def _withdrawn(refused: ApiError) -> str:
    return (
        f"Prolific no longer accepts instructions ({refused.request} returned {refused.status}: {refused.detail}); the "
        f"end of the legacy flow was announced for {SUNSET}. Launch the same design with "
        'pnb.launch(..., flow="layout").'
    )


def check_version(dataset: Record, typed: bool) -> None:
    """Refuse a dataset of the wrong kind: a workspace may support typed or untyped datasets only.

    Raises
    ------
    StepFailed
        Names the flow that fits the dataset.
    """
    version = dataset.get("schema_version")
    if version is not None and (version == 4) != typed:
        other = "instructions" if typed else "layout"
        raise StepFailed(
            f"Dataset {dataset.id} was created {'without' if typed else 'with'} a schema, but one "
            f"{'with' if typed else 'without'} a schema was requested. The dataset costs nothing and is not used. "
            f'Use the other flow: pnb.launch(..., flow="{other}").'
        )


def untyped_hint(refused: ApiError) -> ApiError:
    """The error for a refused typed dataset, with a remedy added."""
    if refused.status in _REFUSED:
        refused.remedy = (
            "If this workspace has no datasets with a schema, ask Prolific to enable them, or use the legacy flow: "
            f'pnb.launch(..., flow="instructions"). Its end was announced for {SUNSET}.'
        )
    return refused


def describe_rejected(errors: Sequence[Mapping[str, Any]], rows: Sequence[int | str], *, first_index: int) -> str:
    """The rows that the server rejected, and why.

    Parameters
    ----------
    errors : sequence of mapping
        The server's errors, each with ``record_index``, ``field`` and ``reason``.
    rows : sequence of int or str
        The spreadsheet's number of each row, or its name.
    first_index : int
        The ``record_index`` of the first row: imports count from 0, appended rows from 1.
    """
    parts = []
    for error in errors[:_SHOWN]:
        index, column = error.get("record_index"), error.get("field")
        position = -1 if index is None else int(index) - first_index
        row = f"row {rows[position]}" if 0 <= position < len(rows) else "a row"
        parts.append(f"{row}{f', column {column!r}' if column else ''}: {str(error.get('reason'))[:MAX_CHARS]}")
    return "; ".join([*parts, *([f"and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else [])])


FLOWS: dict[str, Flow] = {flow.name: flow for flow in (LayoutFlow(), InstructionsFlow())}
"""The flows by name."""


def flow_named(name: str) -> Flow:
    """The flow of this name.

    Raises
    ------
    ValueError
        There is no flow of this name.
    """
    require_string("flow", name)
    if name not in FLOWS:
        raise ArgumentError(f"flow={name!r} is unknown. Use one of {', '.join(map(repr, FLOWS))}.")
    return FLOWS[name]


def flow_of(batch: Mapping[str, Any]) -> Flow:
    """The flow with which a batch was created: without a layout it is the legacy flow."""
    return FLOWS["instructions" if batch.get("batch_items") is None else "layout"]

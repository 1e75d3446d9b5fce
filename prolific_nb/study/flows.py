"""The two ways in which Prolific makes tasks: a typed dataset with a layout, and the older one with instructions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any, Protocol

from ..api import Client, Record
from ..common.findings import Finding, Findings
from ..data import ROW_COLUMN, Dataset
from ..data.legacy_csv import HIDDEN, check_untyped
from ..design import Codebook, Design
from ..errors import ApiError, StepFailed
from .idempotent import IdempotentSteps

SUNSET = "2026-09-01"
"""The day on which Prolific's documentation lets the older flow end."""

_WITHDRAWN = (404, 405, 410, 501)
_REFUSED = (400, 403, 404, 422)


class Flow(Protocol):
    """What differs between the two ways.

    Attributes
    ----------
    name : str
        As `launch` takes it.
    row_column : str
        Name of the hidden column that carries the row's key.
    """

    name: str
    row_column: str

    def check(self, data: Dataset, design: Design) -> Findings:
        """What this way cannot express."""

    def schema(self, data: Dataset, design: Design) -> dict[str, Any] | None:
        """The dataset's schema; None for an untyped one."""

    def write(self, data: Dataset, design: Design, file: IO[bytes]) -> None:
        """Write the upload."""

    def task(self, design: Design) -> dict[str, Any]:
        """What the request for a batch says of the task."""

    def ask(self, client: Client, steps: IdempotentSteps, batch: Mapping[str, Any], design: Design) -> Codebook:
        """See to it that the batch asks the questions; returns them with their ids."""

    def asked(self, client: Client, batch: Mapping[str, Any], design: Design, known: str) -> Codebook:
        """The questions of a batch that was made before; `known` are their ids as the ledger has them, if it has."""


class LayoutFlow:
    """A typed dataset, and a batch with a layout: Prolific's way today."""

    name = "layout"
    row_column = ROW_COLUMN

    def check(self, data: Dataset, design: Design) -> Findings:
        """Nothing: designs are made for this way."""
        return Findings()

    def schema(self, data: Dataset, design: Design) -> dict[str, Any] | None:
        """The kinds of the columns."""
        return data.schema(design.shown)

    def write(self, data: Dataset, design: Design, file: IO[bytes]) -> None:
        """All columns under their own names."""
        data.write_upload(file)

    def task(self, design: Design) -> dict[str, Any]:
        """Details and layout."""
        return design.to_api()

    def ask(self, client: Client, steps: IdempotentSteps, batch: Mapping[str, Any], design: Design) -> Codebook:
        """The layout asks already."""
        return self.asked(client, batch, design, "")

    def asked(self, client: Client, batch: Mapping[str, Any], design: Design, known: str) -> Codebook:
        """The questions by the ids in the layout."""
        return design.codebook().with_instructions(batch["batch_items"])


class InstructionsFlow:
    """An untyped dataset whose columns are shown by their names, and a batch with instructions: the older way."""

    name = "instructions"
    row_column = f"{HIDDEN}{ROW_COLUMN}"

    def check(self, data: Dataset, design: Design) -> Findings:
        """What has no place in this way, and that its end was announced."""
        return Findings(self._findings(data, design))

    def _findings(self, data: Dataset, design: Design) -> Iterator[Finding]:
        what = f"Prolific announced the end of the older flow for {SUNSET}; it may be gone any day."
        yield Finding("warning", what, 'Launch with flow="layout" where the workspace has typed datasets.')
        yield from design.check_flat()
        yield from check_untyped(data.kinds, [column for column in design.shown if column in data.columns])

    def schema(self, data: Dataset, design: Design) -> dict[str, Any] | None:
        """None."""
        return None

    def write(self, data: Dataset, design: Design, file: IO[bytes]) -> None:
        """Shown columns under their own names, the others under hidden ones."""
        data.write_untyped(file, design.shown)

    def task(self, design: Design) -> dict[str, Any]:
        """Details alone."""
        return {"task_details": design.to_api()["task_details"]}

    def ask(self, client: Client, steps: IdempotentSteps, batch: Mapping[str, Any], design: Design) -> Codebook:
        """Send the instructions, once."""
        batches, ident, book = client.batches, str(batch["id"]), design.codebook()

        def make() -> str:
            return book.with_asked(batches.create_instructions(ident, design.to_instructions())).ids

        def find() -> str | None:
            held = list(batches.instructions(ident))
            return book.with_asked(held).ids if held else None

        try:
            return book.with_ids(steps.run_once("instructions", make, find))
        except ApiError as refused:
            if refused.status not in _WITHDRAWN:
                raise
            failure = StepFailed(_gone(refused))
        raise failure

    def asked(self, client: Client, batch: Mapping[str, Any], design: Design, known: str) -> Codebook:
        """The questions by the ids in the ledger, or as long as the older flow exists by those on the server."""
        book = design.codebook()
        return book.with_ids(known) if known else book.with_asked(instructions_of(client, batch))


def instructions_of(client: Client, batch: Mapping[str, Any]) -> list[Record]:
    """The instructions of a batch of the older flow, as the server has them.

    Raises
    ------
    StepFailed
        The server has withdrawn the older flow.
    """
    try:
        return list(client.batches.instructions(str(batch["id"])))
    except ApiError as refused:
        if refused.status not in _WITHDRAWN:
            raise
        failure = StepFailed(_gone(refused))
    raise failure


def _gone(refused: ApiError) -> str:
    return (
        f"Prolific takes no instructions any more ({refused.request} was answered with {refused.status}: "
        f"{refused.detail}); it had announced the end of the older flow for {SUNSET}. "
        'Go on with the same design: pnb.launch(..., flow="layout").'
    )


def check_version(dataset: Record, typed: bool) -> None:
    """Refuse a dataset of the other kind than was asked for: a workspace may know only one of them.

    Raises
    ------
    StepFailed
        With the way that fits what came.
    """
    version = dataset.get("schema_version")
    if version is not None and (version == 4) != typed:
        other = "instructions" if typed else "layout"
        raise StepFailed(
            f"Dataset {dataset.id} was made {'without' if typed else 'for'} a schema, where one "
            f"{'with' if typed else 'without'} it was asked for. It costs nothing and is not used. "
            f'Go on with the other flow: pnb.launch(..., flow="{other}").'
        )


def untyped_hint(refused: ApiError) -> ApiError:
    """The refusal of a typed dataset, with what to do about it."""
    if refused.status in _REFUSED:
        refused.remedy = (
            "If this workspace has no datasets with a schema: ask Prolific to enable them, or use the older flow, "
            f'pnb.launch(..., flow="instructions"), whose end was announced for {SUNSET}.'
        )
    return refused


FLOWS: dict[str, Flow] = {flow.name: flow for flow in (LayoutFlow(), InstructionsFlow())}
"""The ways by name."""


def flow_named(name: str) -> Flow:
    """The way of this name.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in FLOWS:
        raise ValueError(f"flow={name!r} is not known. Use one of {', '.join(map(repr, FLOWS))}.")
    return FLOWS[name]


def flow_of(batch: Mapping[str, Any]) -> Flow:
    """The way in which a batch was made: without a layout it is the older one."""
    return FLOWS["instructions" if batch.get("batch_items") is None else "layout"]

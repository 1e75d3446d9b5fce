"""Everything that must be right before a launch creates anything."""

from __future__ import annotations

from collections.abc import Iterator

from ...common.findings import Findings
from ...errors import DataError, DesignError, InputError, PlanError
from ..quote import check_content, check_pay
from ..truth_check import check_truth
from .launch_request import LaunchRequest


def refuse_errors(request: LaunchRequest) -> None:
    """Raise all errors in data, design and plan at once; nothing is created."""
    plan = request.plan
    subjects: list[tuple[type[InputError], str, Findings]] = [
        *_content_errors(request),
        (PlanError, f"The plan {plan.name!r}", _check_pay(request).errors),
        (InputError, "The sandbox", truth_findings(request).errors),
    ]
    wrong = [each for each in subjects if each[2]]
    if len(wrong) == 1:
        kind, subject, errors = wrong[0]
        raise kind(subject, errors)
    if wrong:
        raise InputError(", ".join(subject for _, subject, _ in wrong), [e for _, _, errors in wrong for e in errors])


def _content_errors(request: LaunchRequest) -> Iterator[tuple[type[InputError], str, Findings]]:
    """The errors of data and design; a shared dataset is on the server already."""
    data, design = request.data, request.design
    if data is None:
        yield DesignError, f"The design {design.name!r}", design.check().errors
        return
    data_errors, design_errors = data.check().errors, design.check(data).errors
    other_errors = check_content(data, design, request.flow).errors[len(data_errors + design_errors) :]
    column_errors = Findings(each for each in other_errors if each.column is not None or each.row is not None)
    flow_errors = Findings(each for each in other_errors if each not in column_errors)
    yield DataError, f"The data {data.name!r}", data_errors + column_errors
    yield DesignError, f"The design {design.name!r}", design_errors + flow_errors


def truth_findings(request: LaunchRequest) -> Findings:
    """What is to be said about the column that simulated participants follow."""
    if request.data is None:
        return Findings()
    return Findings(check_truth(request.client, request.data, request.design))


def _check_pay(request: LaunchRequest) -> Findings:
    found = check_pay(request.client, request.plan)
    return Findings(each for each in found if not (request.allow_low_pay and each.place == "pay"))

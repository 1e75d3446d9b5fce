"""Everything that must be right before a launch creates anything."""

from __future__ import annotations

from collections.abc import Iterator

from ...api import Client
from ...common.findings import Findings
from ...errors import DataError, DesignError, InputError, PlanError
from ..gold.gold_check import check_gold
from ..plan import StudyPlan
from ..quote import check_audience, check_content, check_pay, group_count
from ..truth_check import check_truth
from .launch_request import LaunchRequest


def refuse_errors(request: LaunchRequest) -> Findings:
    """Raise all errors in data, design and plan at once, or return the warnings to print. Creates nothing.

    The audience is checked here only if there are other errors, so that all are reported together; see
    `refuse_audience`.

    Raises
    ------
    InputError
        With all errors; its subclass if they are all in the data, the design or the plan.
    """
    content, about_truth = list(_content_errors(request)), _truth_findings(request)
    truth = about_truth.errors
    pay = pay_errors(request.client, request.plan, request.allow_low_pay)
    if pay or truth or any(errors for _, _, errors in content):
        pay += _audience_errors(request)
    subjects: list[tuple[type[InputError], str, Findings]] = [
        *content,
        (PlanError, f"The plan {request.plan.name!r}", pay),
        (InputError, "The sandbox", truth),
    ]
    wrong = [each for each in subjects if each[2]]
    if len(wrong) == 1:
        kind, subject, errors = wrong[0]
        raise kind(subject, errors)
    if wrong:
        raise InputError(", ".join(subject for _, subject, _ in wrong), [e for _, _, errors in wrong for e in errors])
    return about_truth


def refuse_audience(request: LaunchRequest) -> None:
    """Refuse filters, groups and filter sets that do not exist: without them, other people would take part.

    Raises
    ------
    PlanError
        With all errors.
    """
    if errors := _audience_errors(request):
        raise PlanError(f"The plan {request.plan.name!r}", errors)


def _audience_errors(request: LaunchRequest) -> Findings:
    """The errors of a plan's filters; a plan without any is not asked about."""
    plan, data = request.plan, request.data
    if not plan.filters and plan.filter_set_id is None:
        return Findings()
    places = 0 if data is None else group_count(data, plan) * plan.annotators_per_task
    return check_audience(request.client, plan, places).findings.errors


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
    gold_errors = check_gold(data, design, request.plan).errors
    yield DataError, f"The data {data.name!r}", data_errors + column_errors + gold_errors
    yield DesignError, f"The design {design.name!r}", design_errors + flow_errors


def _truth_findings(request: LaunchRequest) -> Findings:
    """Findings about the column that simulated participants follow."""
    if request.data is None:
        return Findings()
    return Findings(check_truth(request.client, request.data, request.design))


def pay_errors(client: Client, plan: StudyPlan, allow_low_pay: str) -> Findings:
    """The errors of a plan's pay; with a reason, it may be below the minimum."""
    return Findings(each for each in check_pay(client, plan).errors if not (allow_low_pay and each.place == "pay"))

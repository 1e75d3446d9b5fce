"""What prevents a launch, raised before anything is created."""

from __future__ import annotations

from ...api import Client
from ...common.findings import Findings
from ...data import Dataset
from ...design import Design
from ...errors import DataError, DesignError, InputError, PlanError
from ..flows import Flow
from ..plan import StudyPlan
from ..quote import check_audience, check_content, check_pay, group_count


def refuse_errors(
    client: Client, data: Dataset, design: Design, plan: StudyPlan, flow: Flow, *, allow_low_pay: bool
) -> None:
    """Raise all errors in data, design and plan at once; nothing is created.

    The audience is checked here only if there are other errors, so that all are reported together; see
    `refuse_audience`.

    Raises
    ------
    InputError
        With all errors; its subclass if they are all in the data, the design or the plan.
    """
    data_errors, design_errors = data.check().errors, design.check(data).errors
    other_errors = check_content(data, design, flow).errors[len(data_errors + design_errors) :]
    column_errors = Findings(each for each in other_errors if each.column is not None or each.row is not None)
    flow_errors = Findings(each for each in other_errors if each not in column_errors)
    pay = check_pay(client, plan).errors
    plan_errors = Findings(each for each in pay if not (allow_low_pay and each.place == "pay"))
    subjects: list[tuple[type[InputError], str, Findings]] = [
        (DataError, f"The data {data.name!r}", data_errors + column_errors),
        (DesignError, f"The design {design.name!r}", design_errors + flow_errors),
        (PlanError, f"The plan {plan.name!r}", plan_errors),
    ]
    if any(errors for _, _, errors in subjects):
        kind, subject, errors = subjects[-1]
        subjects[-1] = (kind, subject, errors + _audience_errors(client, data, plan))
    wrong = [each for each in subjects if each[2]]
    if len(wrong) == 1:
        kind, subject, errors = wrong[0]
        raise kind(subject, errors)
    if wrong:
        raise InputError(", ".join(subject for _, subject, _ in wrong), [e for _, _, errors in wrong for e in errors])


def refuse_audience(client: Client, data: Dataset, plan: StudyPlan) -> None:
    """Refuse filters, groups and filter sets that do not exist: without them, other people would take part.

    Raises
    ------
    PlanError
        With all errors.
    """
    if errors := _audience_errors(client, data, plan):
        raise PlanError(f"The plan {plan.name!r}", errors)


def _audience_errors(client: Client, data: Dataset, plan: StudyPlan) -> Findings:
    """The errors of a plan's filters; a plan without any is not asked about."""
    if not plan.filters and plan.filter_set_id is None:
        return Findings()
    return check_audience(client, plan, group_count(data, plan) * plan.annotators_per_task).findings.errors

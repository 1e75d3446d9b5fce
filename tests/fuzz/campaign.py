"""Runs generated cases against one operation of a seeded sandbox; findings are collected, not raised."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode

from tests.contract.exempt import EXEMPT

from .judge import findings, name
from .seeded import Seeded

_USES_UP = frozenset(
    {
        "setupBatch",
        "deleteBatchExport",
        "deleteStudy",
        "deleteProjectStudy",
        "transitionStudy",
        "transitionSubmission",
        "bulkApprove",
        "deleteParticipantGroup",
        "deleteFilterSet",
        "lockFilterSet",
        "requestBatchExport",
    }
)
"""Operations after whose success there is less to reach: the next case gets a sandbox as it was."""
_LARGE = frozenset(
    {
        "createBatch",
        "updateBatch",
        "createStudy",
        "updateStudy",
        "countEligible",
        "createFilterSet",
        "updateFilterSet",
        "predictRecruitmentTime",
    }
)
"""Operations whose bodies take long to generate."""
_CHOOSY = frozenset({"transitionStudy", "transitionSubmission", "createBonuses"})
"""Operations that refuse most of what they are asked: what is asked must fit the state of what it is asked of."""
_OFTEN_REFUSED = frozenset({"createInstructions", "replaceInstructions"})
"""Large too; of eight cases it may happen that none is accepted, as what is drawn depends on the modules loaded."""
_BETWEEN = 0.02  # seconds of wall time between two cases


@schemathesis.serializer("application/x-ndjson")
def _lines(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="surrogatepass")


def contract() -> BaseSchema:
    """The contract without its security: a case without the token would get no further than the door."""
    document = json.loads(files("prolific_nb.sandbox").joinpath("contract.json").read_text(encoding="utf-8"))
    return schemathesis.openapi.from_dict({name: part for name, part in document.items() if name != "security"})


def operations(schema: BaseSchema) -> dict[str, APIOperation]:
    """All operations by their operationIds."""
    found = [result.ok() for result in schema.get_all_operations()]
    return {str(each.definition.raw["operationId"]): each for each in found}


def planned(operation: APIOperation) -> int:
    """How many cases an operation gets in the daily run."""
    if not (operation.path_parameters or operation.query or operation.body):
        return 1  # there is only one
    known = str(operation.definition.raw["operationId"])
    if known in EXEMPT:
        return 4
    if known in _OFTEN_REFUSED:
        return 20
    return 8 if known in _LARGE else 60 if known in _CHOOSY else 30


@dataclass
class Tally:
    """What came of the cases of one operation."""

    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.statuses.total()

    @property
    def answered(self) -> int:
        """Cases that were not refused."""
        return sum(number for status, number in self.statuses.items() if status < 300)


def run(world: Seeded, operation: APIOperation, cases: int, number: int = 0) -> Tally:
    """Send so many cases, half of them right by the schema and half of them wrong, drawn from the seed `number`."""
    tally = Tally()
    if world.is_touched:
        world.renew()
    modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if _can_be_wrong(operation) else [])]
    for mode in modes:

        @seed(number)
        @settings(
            max_examples=cases // len(modes),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def send(case: Case) -> None:
            _send(world, case, tally)

        send()
    return tally


def _can_be_wrong(operation: APIOperation) -> bool:
    """Whether a schema can refuse anything: every path is a text, and so is every body that is not JSON."""
    is_json = any(body.media_type == "application/json" for body in operation.body)
    return is_json or bool(operation.query)


def _send(world: Seeded, case: Case, tally: Tally) -> None:
    response = case.call(base_url=world.url, session=world.session)
    tally.statuses[response.status_code] += 1
    tally.findings += findings(case, response)
    world.clock.move(_BETWEEN)
    if response.status_code < 300 and case.method not in ("GET", "HEAD"):
        world.is_touched = True
        if name(case) in _USES_UP:
            world.renew()

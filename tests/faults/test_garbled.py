"""Garbled answers: whatever a server answers, only errors of the package come out, and nothing is done twice."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.errors import ProlificError, UnclearPayment, UnexpectedResponse
from prolific_nb.sandbox import Sandbox

from .garbles import GARBLES, Garble
from .program import DATA, DESIGN, PLAN, client_of, review, sandbox, whole

_ID = re.compile(r"[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f-]{27}")
PACE = PollIntervals(job=0.001, study=0.001, grace=0.01)


def kind_of(method: str, path: str) -> str:
    """The operation of a request: its method and path without IDs."""
    return f"{method} {_ID.sub('ID', path.partition('?')[0])}"


class Garbling(Transport):
    """Garbles the answers to one operation, `times` times, after the server has given them."""

    def __init__(self, place: Sandbox, operation: str, garble: Garble, times: int) -> None:
        super().__init__(place.url, Token(place.token), sleep=lambda _: None, limits=(2, 2))
        self._operation, self._garble, self.left = operation, garble, times

    def _once(self, method: str, path: str, **options: Any) -> Any:
        answer = super()._once(method, path, **options)
        if self.left and kind_of(method, path) == self._operation:
            self.left -= 1
            return self._garble(answer)
        return answer


class Replay(Transport):
    """Answers from a recording; those to one operation are garbled. Without a garble it records."""

    def __init__(self, place: Any, answers: dict[str, Any], operation: str = "", garble: Garble | None = None) -> None:
        super().__init__(place.url, Token(place.token), sleep=lambda _: None)
        self._answers, self._operation, self._garble, self.asked = answers, operation, garble, set[str]()

    def _once(self, method: str, path: str, **options: Any) -> Any:
        key = json.dumps([method, path, options], sort_keys=True, default=str)
        operation = kind_of(method, path)
        self.asked.add(operation)
        if self._garble is None:
            self._answers[key] = json.dumps(super()._once(method, path, **options))
        if key not in self._answers:
            raise UnexpectedResponse(f"{method} {path} is not in the recording")  # a garbled ID led there
        answer = json.loads(self._answers[key])
        return self._garble(answer) if self._garble and operation == self._operation else answer

    def download(self, url: str) -> bytes:
        if self._garble is None:
            self._answers[url] = super().download(url)
        if url not in self._answers:
            raise UnexpectedResponse("The URL is not in the recording")
        content: bytes = self._answers[url]
        return content


def client_with(transport: Transport) -> Client:
    client = Client(transport, mode="SANDBOX")
    client.pace = PACE
    return client


def opened(client: Client) -> Any:
    """The run of a server, known to no ledger."""
    return pnb.open_run(study_id=only(client.studies.list()).id, client=client, data=DATA)


def only(found: Iterable[Any]) -> Any:
    """What a person does who finds another number of things than expected: end."""
    listed = list(found)
    if len(listed) != 1:
        raise ProlificError(f"{len(listed)} were listed instead of one.")
    return listed[0]


def reviewed(run: Any) -> Any:
    if len(run.submissions()) < 3:
        raise ProlificError("There is nothing to review.")
    return review(run)


def resources(client: Client) -> None:
    """The calls of the client that no step of the program needs."""
    client.me()
    list(client.workspaces.list())
    list(client.projects.list(client.workspace_id))
    list(client.studies.list())
    list(client.filters.list())
    client.filters.search("country")
    client.eligible([])
    client.workspaces.get(client.workspace_id)
    client.projects.get(client.project_id)
    list(client.groups.list(client.workspace_id))
    list(client.filter_sets.list(client.workspace_id))


def ids(client: Client) -> None:
    batch = only(client.batches.list(client.workspace_id))
    client.batches.tasks(batch.id)
    client.batches.task_groups(batch.id)
    client.batches.status(batch.id)
    client.datasets.get(client.batches.get(batch.id).datasets[0]["id"])
    list(client.batches.exports(batch.id))


READS: dict[str, Callable[[Client], Any]] = {
    "resources": resources,
    "ids": ids,
    "quote": lambda client: pnb.quote(client, DATA, DESIGN, PLAN),
    "open_run": lambda client: opened(client).to_code(),
    "status": lambda client: str(opened(client).status()),
    "wait": lambda client: opened(client).wait(1, on_progress=silent),
    "cost": lambda client: opened(client).cost(),
    "submissions": lambda client: opened(client).submissions(),
    "responses": lambda client: opened(client).responses("all"),
    "feedback": lambda client: opened(client).feedback(),
    "report": lambda client: opened(client).report(),
    "export": lambda client: opened(client).export("answers"),
    "review": lambda client: str(reviewed(opened(client))),
    "bonus_to": lambda client: str(opened(client).bonus_to("90.00")),
    "launch": lambda client: pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent),
}
READ_OPERATIONS = (
    "GET /api/v1/users/me/",
    "GET /api/v1/workspaces/",
    "GET /api/v1/workspaces/ID/",
    "GET /api/v1/workspaces/ID/balance/",
    "GET /api/v1/workspaces/ID/projects/",
    "GET /api/v1/projects/ID/",
    "GET /api/v1/reward-recommendations/",
    "GET /api/v1/filters/",
    "GET /api/v1/filters/search/",
    "GET /api/v1/filter-sets/",
    "GET /api/v1/participant-groups/",
    "POST /api/v1/eligibility-count/",
    "POST /api/v1/study-cost-calculator/",
    "GET /api/v1/studies/",
    "GET /api/v1/studies/ID/",
    "GET /api/v1/studies/ID/cost/",
    "GET /api/v1/studies/ID/submissions/",
    "GET /api/v1/studies/ID/submissions/counts/",
    "GET /api/v1/studies/ID/feedback/responses/",
    "GET /api/v1/submissions/",
    "GET /api/v1/data-collection/datasets/ID",
    "GET /api/v1/data-collection/batches",
    "GET /api/v1/data-collection/batches/ID",
    "GET /api/v1/data-collection/batches/ID/status",
    "GET /api/v1/data-collection/batches/ID/tasks",
    "GET /api/v1/data-collection/batches/ID/task-groups",
    "GET /api/v1/data-collection/batches/ID/responses",
    "GET /api/v1/data-collection/batches/ID/report/",
    "POST /api/v1/data-collection/batches/ID/export",
    "GET /api/v1/data-collection/batches/ID/export",
    "GET /api/v1/data-collection/batches/ID/export/ID",
)


@contextmanager
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, Any], dict[str, set[str]]]]:
    """The answers that each read call gets about a finished study, and the operations that it asks for."""
    folder, patch = tmp_path_factory.mktemp("recording"), pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.setenv("PROLIFIC_NB_LEDGER", str(folder / "recording.sqlite"))
    with sandbox() as place, quiet():
        whole(client_of(place))
        answers: dict[str, Any] = {}
        asked = {}
        for number, (name, call) in enumerate(READS.items()):
            patch.setenv("PROLIFIC_NB_LEDGER", str(folder / f"{number}.sqlite"))
            transport = Replay(place, answers)
            call(client_with(transport))
            asked[name] = transport.asked
        patch.undo()
        yield place, answers, asked


def test_every_read_is_garbled(recording: Any) -> None:
    _, _, asked = recording
    assert set().union(*asked.values()) == set(READ_OPERATIONS)


@pytest.mark.parametrize("garble", GARBLES)
@pytest.mark.parametrize("operation", READ_OPERATIONS)
def test_a_read(operation: str, garble: str, recording: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, answers, asked = recording
    for name in [name for name, operations in asked.items() if operation in operations]:
        monkeypatch.setenv("PROLIFIC_NB_LEDGER", str(tmp_path / f"{name}.sqlite"))
        client = client_with(Replay(place, answers, operation, GARBLES[garble]))
        with quiet():
            if garble == "unknown keys":
                READS[name](client)
            else:
                with suppress(ProlificError):
                    READS[name](client)


# --- requests that change something ------------------------------------------------------------------------------


def acted(place: Sandbox, operation: str) -> int:
    return sum(each.operation == operation and each.status < 300 for each in place.log)


def launched(client: Client) -> Any:
    return pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent)


def published(client: Client) -> Any:
    return launched(client).publish(max_cost="99.00")


def enlarged(client: Client) -> Any:
    return published(client).add_annotators(1, max_cost="99.00")


def applied(client: Client) -> Any:
    return reviewed(enlarged(client).wait(30, on_progress=silent)).apply(max_cost="9.00")


def extended(client: Client) -> Any:
    sample = pnb.sample_data()
    more = sample.select(sample.row_keys[6:9])
    return published(client).add_rows(more, max_cost="99.00")


WRITES: dict[str, tuple[Callable[[Client], Any], dict[str, int]]] = {
    "POST /api/v1/data-collection/datasets": (launched, {}),
    "GET /api/v1/data-collection/datasets/ID/upload-url/data.csv": (launched, {}),  # a second dataset costs nothing
    "GET /api/v1/data-collection/datasets/ID/imports/ID": (launched, {"createDataset": 1, "uploadFile": 1}),
    "POST /api/v1/data-collection/batches": (launched, {"createBatch": 1}),
    "POST /api/v1/data-collection/batches/ID/setup": (launched, {"createBatch": 1, "setupBatch": 1}),
    "POST /api/v1/studies/": (launched, {"createStudy": 1}),
    "POST /api/v1/studies/ID/transition/": (published, {"createStudy": 1, "transitionStudy": 1}),
    "PATCH /api/v1/studies/ID/": (enlarged, {"updateStudy": 1}),
    "POST /api/v1/data-collection/datasets/ID/datapoints": (extended, {}),
    "POST /api/v1/data-collection/batches/ID/sync": (extended, {}),
    "POST /api/v1/submissions/bulk-approve/": (applied, {"payBonuses": 1}),
    "POST /api/v1/submissions/ID/transition/": (applied, {"payBonuses": 1}),
    "POST /api/v1/submissions/bonus-payments/": (applied, {"payBonuses": 1}),
    "POST /api/v1/bulk-bonus-payments/ID/pay/": (applied, {"payBonuses": 1}),
}


def check_counts(place: Sandbox, work: Callable[[Client], Any], counted: dict[str, int]) -> None:
    """Judged by what the server did and holds."""
    assert {name: acted(place, name) for name in counted} == counted
    client = client_of(place)
    [study] = client.studies.list()
    assert len(list(client.batches.list(client.workspace_id))) == 1
    places = {launched: 4, published: 4, enlarged: 6, applied: 6, extended: 6}[work]
    assert client.studies.get(study.id).total_available_places == places
    if work is applied:
        people = list(client.studies.submissions(study.id))
        assert sorted(sum(each.bonus_payments) for each in people)[-3:] == [0, 25, 25]
        assert [each.status for each in people].count("REJECTED") == 1
        assert [each.status for each in people].count("APPROVED") == 5


def run_until_through(place: Sandbox, work: Callable[[Client], Any], operation: str, garble: Garble, times: int) -> int:
    """Run the same call until it ends right, as a person does; how many answers were garbled."""
    transport = Garbling(place, operation, garble, times)
    for _ in range(times + 2):
        client = client_of(place)
        client._transport = transport
        for resource in vars(client).values():
            if hasattr(resource, "_transport"):
                resource._transport = transport
        try:
            with quiet():
                done = work(client)
        except UnclearPayment:
            [study] = client_of(place).studies.list()
            run = pnb.open_run(study_id=study.id, client=client_of(place))
            review(run).settle(paid=bool(acted(place, "payBonuses")))
        except ProlificError:
            pass
        else:
            if work in (launched, published, enlarged):
                assert done.study_id == only(client_of(place).studies.list()).id
            return times - transport.left
    pytest.fail("not through")


NASTY = ("null, or 204", "not JSON", "strings null", "numbers huge", "no IDs", "one ID for all", "no states")
UNREAD = ("/setup", "/bulk-approve/", "/pay/")  # what these say is not read, only that it is JSON
WRITE_CELLS = [(each, kind) for each in WRITES for kind in (NASTY if each.endswith(UNREAD) else GARBLES)]


@pytest.mark.parametrize(("operation", "garble"), WRITE_CELLS)
def test_a_write(operation: str, garble: str) -> None:
    work, counted = WRITES[operation]
    with sandbox(speed=200.0 if work is extended else 20_000.0) as place:  # rows are added before the study ends
        assert run_until_through(place, work, operation, GARBLES[garble], 1) == 1
        check_counts(place, work, counted)


ON_THE_WAY = {
    "GET /api/v1/workspaces/ID/balance/": published,
    "GET /api/v1/studies/": launched,
    "GET /api/v1/studies/ID/": enlarged,
    "GET /api/v1/data-collection/batches": launched,
    "GET /api/v1/data-collection/batches/ID": launched,
    "GET /api/v1/data-collection/batches/ID/status": launched,
    "GET /api/v1/submissions/": applied,
}


@pytest.mark.parametrize("garble", NASTY)
@pytest.mark.parametrize("operation", ON_THE_WAY)
def test_a_read_on_the_way_to_a_write(operation: str, garble: str) -> None:
    work = ON_THE_WAY[operation]
    counted = {
        launched: {"createBatch": 1, "createStudy": 1},
        published: {"createStudy": 1, "transitionStudy": 1},
        enlarged: {"transitionStudy": 1, "updateStudy": 1},
        applied: {"updateStudy": 1, "payBonuses": 1},
    }[work]
    with sandbox() as place:
        assert run_until_through(place, work, operation, GARBLES[garble], 2) > 0
        check_counts(place, work, counted)

"""Injected faults: what the client receives, what the server has done, and what is recorded."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
import requests

from prolific_nb.sandbox import Fault, Faults, Fired, Handled, Sandbox
from prolific_nb.sandbox.state.request_log import RequestLog

from ..flow import SPEC, Caller, as_csv, rows

Start = Callable[..., tuple[Sandbox, Caller]]
STUDIES = "/api/v1/studies/"
LONG = 60.0  # seconds that no test waits: whatever waits so long is ended by closing the sandbox
DRAFT = {
    "name": "Elsewhere",
    "description": "Read.",
    "prolific_id_option": "not_required",
    "external_study_url": "https://example.org",
    "total_available_places": 2,
    "estimated_completion_time": 6,
    "reward": 150,
    "completion_codes": [],
}


@pytest.fixture
def trouble() -> Iterator[Start]:
    """Starts sandboxes with faults; a test may close them itself."""
    with ExitStack() as stack:

        def one(*faults: Fault, **options: Any) -> tuple[Sandbox, Caller]:
            sandbox = stack.enter_context(Sandbox(faults=faults, speed=30_000.0, **options))
            return sandbox, Caller(sandbox.url, sandbox.token, sandbox.workspace_id)

        yield one


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def drafts(call: Caller) -> int:
    return int(call.ok("GET", STUDIES)["meta"]["count"])


def acted(sandbox: Sandbox) -> list[tuple[str, int]]:
    return [(entry.operation, entry.status) for entry in sandbox.log]


@pytest.mark.parametrize(("status", "kind"), [(429, "json"), (500, "json"), (502, "plain"), (503, "plain")])
def test_a_refused_request_was_not_handled(trouble: Start, status: int, kind: str) -> None:
    sandbox, call = trouble(Fault("createStudy", "refuse", status=status))
    answer = call("POST", STUDIES, DRAFT)
    assert answer.status_code == status
    assert "Retry-After" not in answer.headers
    assert kind in answer.headers["Content-Type"]
    assert sandbox.log == []
    assert sandbox.faults.fired == [Fired("createStudy", "refuse", 1, STUDIES)]
    assert drafts(call) == 0
    assert call("POST", STUDIES, DRAFT).status_code == 201


@pytest.mark.parametrize("wait", [7, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_refusal_can_have_retry_after(trouble: Start, wait: int | str) -> None:
    _, call = trouble(Fault("getMe", "refuse", status=429, retry_after=wait))
    assert call("GET", "/api/v1/users/me/").headers["Retry-After"] == str(wait)


def hesitating() -> Iterator[bytes]:
    """A file that comes slowly."""
    for _ in range(4):
        yield b"x" * 1_000_000
        time.sleep(0.05)


def test_a_client_that_is_still_uploading_gets_the_refusal(trouble: Start) -> None:
    sandbox, call = trouble(Fault("uploadFile", "refuse", status=503))
    to = call.ok("GET", f"datasets/{call.dataset()['id']}/upload-url/reviews.csv")
    answer = requests.put(to["upload_url"], hesitating(), headers={"Content-Type": to["content_type"]})
    assert answer.status_code == 503
    assert "uploadFile" not in dict(acted(sandbox))


def test_a_connection_is_reset_before_the_request_is_handled(trouble: Start, capfd: Any) -> None:
    sandbox, call = trouble(Fault("createStudy", "reset"))
    # Which of both a client meets depends on how much of its body it had sent.
    with pytest.raises(requests.ConnectionError, match=r"reset|without response"):
        call("POST", STUDIES, DRAFT)
    assert (sandbox.log, drafts(call)) == ([], 0)
    assert sandbox.faults.fired == [Fired("createStudy", "reset", 1, STUDIES)]
    sandbox.close()
    assert capfd.readouterr() == ("", "")


def test_a_response_is_lost_after_the_request_was_handled(trouble: Start, capfd: Any) -> None:
    sandbox, call = trouble(Fault("createStudy", "lost"))
    with pytest.raises(requests.ConnectionError, match="reset"):
        call("POST", STUDIES, DRAFT)
    assert sandbox.log == [Handled("createStudy", "POST", STUDIES, 201, DRAFT)]
    assert drafts(call) == 1
    sandbox.close()
    assert capfd.readouterr() == ("", "")


def test_an_upload_whose_response_is_lost_can_be_retried(trouble: Start) -> None:
    _, call = trouble(Fault("uploadFile", "lost"))
    dataset, raw = call.dataset()["id"], as_csv(rows(3))
    to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
    for _ in range(2):
        try:
            requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]})
        except requests.ConnectionError:
            continue
    assert call.until(f"datasets/{dataset}/imports/{to['import_id']}", "status", "complete")["accepted_count"] == 3


def hold(sandbox: Sandbox, call: Caller, pool: ThreadPoolExecutor) -> Future[Any]:
    """Ask for a draft, and come back when its fault has fired."""
    fired = Event()
    sandbox.faults.listen(lambda _: fired.set())
    asked = pool.submit(call, "POST", STUDIES, DRAFT)
    assert fired.wait(60)
    return asked


@pytest.mark.parametrize(("kind", "there"), [("slow", 0), ("stall", 1)])
def test_a_delayed_request_does_not_block_others(
    pool: ThreadPoolExecutor, trouble: Start, kind: str, there: int, capfd: Any
) -> None:
    sandbox, call = trouble(Fault("createStudy", kind, seconds=LONG))
    asked = hold(sandbox, call, pool)
    # A slow request has not been handled yet, a stalled one has; others read and write meanwhile.
    assert drafts(call) == there
    call.ok("POST", STUDIES, DRAFT)
    assert drafts(call) == there + 1
    assert not asked.done()
    sandbox.close()
    with pytest.raises(requests.ConnectionError):
        asked.result(60)
    assert Counter(operation for operation, _ in acted(sandbox))["createStudy"] == there + 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["slow", "stall"])
def test_a_delayed_request_is_answered_finally(trouble: Start, kind: str) -> None:
    sandbox, call = trouble(Fault("createStudy", kind, seconds=0.01))
    made = call.ok("POST", STUDIES, DRAFT)
    assert call.ok("GET", f"{STUDIES}{made['id']}/") == made
    assert [hit.kind for hit in sandbox.faults.fired] == [kind]


def test_a_response_is_truncated_after_the_request_was_handled(trouble: Start) -> None:
    sandbox, call = trouble(Fault("createStudy", "truncate"))
    answer = requests.post(call.url + STUDIES, json=DRAFT, headers=call.session.headers)
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 0
    with pytest.raises(ValueError, match="line 1"):
        json.loads(answer.content)
    [study] = call.ok("GET", STUDIES)["results"]
    # The first half of the answer it would have been.
    assert answer.text.startswith(f'{{"internal_name":{json.dumps(study["internal_name"])}')
    assert acted(sandbox)[0] == ("createStudy", 201)


def test_a_download_can_fail_too(trouble: Start) -> None:
    sandbox, call = trouble(Fault("downloadFile", "refuse", status=503))
    batch = call.ready(2)
    url = call.ok("GET", f"batches/{batch}/report/")["url"]
    assert [requests.get(url).status_code for _ in range(2)] == [503, 200]
    assert acted(sandbox)[-1] == ("downloadFile", 200)
    assert "signature" not in sandbox.faults.fired[0].path + sandbox.log[-1].path


def test_an_upload_url_can_be_expired_from_the_start(trouble: Start) -> None:
    sandbox, call = trouble(Fault("getDatasetUploadUrl", "expire"))
    dataset, raw = call.dataset()["id"], as_csv(rows(2))
    answers = []
    for _ in range(2):
        to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
        answers.append(requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]}))
    assert [answer.status_code for answer in answers] == [403, 200]
    assert "expired" in answers[0].text
    assert [hit.operation for hit in sandbox.faults.fired] == ["getDatasetUploadUrl"]


def test_the_second_of_three_imports_can_fail(trouble: Start) -> None:
    sandbox, call = trouble(Fault("uploadFile", "failed", skip=1))
    jobs = [call.upload(call.dataset()["id"], as_csv(rows(2))) for _ in range(3)]
    assert [job["status"] for job in jobs] == ["complete", "failed", "complete"]
    assert [(hit.kind, hit.number) for hit in sandbox.faults.fired] == [("failed", 2)]


def test_publishing_can_fail_for_lack_of_funds_despite_the_balance(trouble: Start) -> None:
    sandbox, call = trouble(Fault("transitionStudy", "no funds"))
    study = call.ok("POST", STUDIES, DRAFT)["id"]
    # A move that costs nothing does not use the fault up.
    assert call.move(study, "PAUSE").status_code == 400
    assert sandbox.faults.fired == []
    refused = call.move(study, "PUBLISH")
    assert (refused.status_code, "Add funds" in refused.text) == (400, True)
    assert call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/balance/")["available_balance"] == 25_000_000
    assert call.ok("GET", f"{STUDIES}{study}/")["status"] == "UNPUBLISHED"
    assert call.move(study, "PUBLISH").status_code == 200
    moves = [(entry.body, entry.status) for entry in sandbox.log if entry.operation == "transitionStudy"]
    assert moves == [({"action": "PAUSE"}, 400), ({"action": "PUBLISH"}, 400), ({"action": "PUBLISH"}, 200)]


def test_paying_bonuses_can_fail_for_lack_of_funds(trouble: Start) -> None:
    sandbox, call = trouble(Fault("payBonuses", "no funds"))
    study = call.ok("POST", STUDIES, DRAFT)["id"]
    call.move(study, "PUBLISH")
    call.until(f"{STUDIES}{study}/", "status", "AWAITING REVIEW")
    person = call.ok("GET", f"{STUDIES}{study}/submissions/")["results"][0]["participant_id"]
    body = {"study_id": study, "csv_bonuses": f"{person},1.00\n"}
    bonus = call.ok("POST", "/api/v1/submissions/bonus-payments/", body)["id"]
    assert [call("POST", f"/api/v1/bulk-bonus-payments/{bonus}/pay/").status_code for _ in range(2)] == [400, 202]
    assert [hit.operation for hit in sandbox.faults.fired] == ["payBonuses"]


def tell(call: Caller, count: int) -> list[int]:
    return [call("GET", "/api/v1/users/me/").status_code for _ in range(count)]


def test_faults_count_the_requests_they_match(trouble: Start) -> None:
    sandbox, call = trouble(Fault("getMe", "refuse", status=500, skip=2, times=2))
    call.ok("GET", "/api/v1/workspaces/")
    assert tell(call, 6) == [200, 200, 500, 500, 200, 200]
    assert [hit.number for hit in sandbox.faults.fired] == [3, 4]


def test_a_star_matches_every_operation_and_no_number_all_requests(trouble: Start) -> None:
    sandbox, call = trouble(Fault("*", "refuse", status=503, times=None))
    assert tell(call, 3) == [503] * 3
    assert call("GET", "/api/v1/workspaces/").status_code == 503
    assert [hit.operation for hit in sandbox.faults.fired] == ["getMe"] * 3 + ["listWorkspaces"]
    sandbox.faults.clear()
    assert tell(call, 1) == [200]
    assert len(sandbox.faults.fired) == 4


def test_of_several_due_faults_the_first_is_applied(trouble: Start) -> None:
    sandbox, call = trouble(Fault("getMe", "refuse", status=500))
    sandbox.faults.add(Fault("*", "refuse", status=503))
    assert tell(call, 3) == [500, 503, 200]


def test_a_request_is_completed_if_its_client_is_killed(trouble: Start, capfd: Any) -> None:
    program = """
import json, sys, requests
url, token, body = sys.argv[1:]
sys.stdin.readline()
requests.post(url, json=json.loads(body), headers={"Authorization": f"Token {token}"})
print("answered")
"""
    sandbox, call = trouble(Fault("createStudy", "stall", seconds=0.2), Fault("createStudy", "reset"))
    for there in (1, 1):  # killed once after the server acted, once before
        command = [sys.executable, "-c", program, call.url + STUDIES, call.token, json.dumps(DRAFT)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
            sandbox.faults.listen(lambda _, client=client: client.kill())
            assert client.communicate("go\n", timeout=20)[0] == ""
            assert client.returncode == -9
        assert drafts(call) == there
    assert [hit.kind for hit in sandbox.faults.fired] == ["stall", "reset"]
    sandbox.close()
    assert capfd.readouterr().err == ""


def test_many_threads_share_one_fault(pool: ThreadPoolExecutor, trouble: Start) -> None:
    sandbox, call = trouble(Fault("getMe", "refuse", status=429, times=7))
    callers = [Caller(call.url, call.token, call.workspace_id) for _ in range(40)]
    seen = pool.map(lambda caller: caller("GET", "/api/v1/users/me/").status_code, callers)
    assert Counter(seen) == {429: 7, 200: 33}
    assert len(sandbox.faults.fired) == 7
    assert len(sandbox.log) == 33


def test_the_log_contains_handled_requests_and_never_the_token(trouble: Start) -> None:
    sandbox, call = trouble()
    study = call.ok("POST", STUDIES, DRAFT)["id"]
    call("POST", STUDIES, {"name": "no reward"})
    call("GET", f"{STUDIES}{'0' * 24}/")
    stranger = Caller(call.url, "wrong", call.workspace_id)
    stranger("GET", "/api/v1/users/me/")
    requests.get(call.url + "/nowhere", headers=call.session.headers)
    call.upload(call.dataset()["id"], as_csv(rows(1)))
    assert acted(sandbox)[:7] == [
        ("createStudy", 201),
        ("createStudy", 400),
        ("getStudy", 404),
        ("getMe", 401),
        ("", 404),
        ("createDataset", 201),
        ("getDatasetUploadUrl", 201),
    ]
    assert acted(sandbox)[7] == ("uploadFile", 200)
    assert sandbox.log[0].body == DRAFT
    assert sandbox.log[1].body == {"name": "no reward"}
    assert sandbox.log[2].body is None
    assert sandbox.log[7].body is None
    assert study not in sandbox.log[0].path
    assert call.token not in repr(sandbox.log)


def test_a_body_is_logged_as_it_was_sent(trouble: Start) -> None:
    """The views complete a layout with ids; the log must not show these."""
    sandbox, call = trouble()
    call.ready(2)
    [made] = [entry.body for entry in sandbox.log if entry.operation == "createBatch"]
    assert '"id"' not in json.dumps(made["batch_items"])


def test_the_log_keeps_the_last_ten_thousand() -> None:
    log = RequestLog()
    for number in range(10_002):
        log.add("getMe", "GET", "/", number)
    assert [log.entries()[at].status for at in (0, -1)] == [2, 10_001]
    assert len(log.entries()) == 10_000


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (("createStudie", "lost", {}), r'Use one of "\*", .*createStudy, .*uploadFile, downloadFile'),
        (("createStudy", "explode", {}), "Use one of refuse, reset, lost, slow, stall, truncate, expire, partial"),
        (("createStudy", "partial", {}), "possible for uploadFile only"),
        (("createStudy", "refuse", {}), "refuse requires a status: 429, 500, 502, 503"),
        (("createStudy", "refuse", {"status": 404}), "refuse requires a status"),
        (("createStudy", "lost", {"status": 500}), "for refuse only"),
        (("createStudy", "lost", {"retry_after": 3}), "status and retry_after are for refuse only"),
        (("createStudy", "slow", {}), "seconds above 0"),
        (("createStudy", "reset", {"seconds": 1}), "other kinds take no seconds"),
        (("createStudy", "reset", {"times": 0}), "times must be at least 1"),
        (("createStudy", "reset", {"skip": -1}), "skip at least 0"),
        (("nothing", "nothing", {"times": 0}), r"Unknown operation.* Unknown kind.* times must be at least 1"),
    ],
)
def test_invalid_faults_are_explained(fault: tuple[str, str, dict[str, Any]], said: str) -> None:
    operation, kind, more = fault
    with pytest.raises(ValueError, match=said):
        Fault(operation, kind, **more)


def test_every_operation_of_the_contract_can_have_a_fault() -> None:
    named = [method["operationId"] for path in SPEC["paths"].values() for method in path.values()]
    assert len({Fault(name, "lost").operation for name in named}) == len(named) > 80


def test_other_objects_than_faults_are_refused() -> None:
    with pytest.raises(TypeError, match="'import' is not a Fault"):
        Faults(*{"import": "partial"})  # type: ignore[arg-type]

"""A killed sandbox is reopened from its file: acknowledged state is there, and everything continues normally."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import requests

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox

from ...conftest import DESIGN, PLAN, Connect
from ..flow import CHOICE, FIELD, WRITING, Caller, as_csv, pages, rows
from ..routes.studies.test_review_routes import MESSAGE

ROOT = Path(__file__).parents[3]
CLI = [sys.executable, "-c", "import sys; from prolific_nb.cli import main; sys.exit(main(sys.argv[1:]))", "sandbox"]
SETTINGS = ("--start", "2026-01-05", "--switch", "answer_times=per_answer")
SAME: dict[str, Any] = {"seed": 3, "start": "2026-01-05", "answer_times": "per_answer"}
ROWS, PER_GROUP, ANNOTATORS = 60, 10, 2
ANSWERS = ROWS * ANNOTATORS * 2
DATASETS, BATCHES = "datasets", "batches"
STUDIES, SUBMISSIONS = "/api/v1/studies/", "/api/v1/submissions/"


class Program:
    """What a researcher does, step by step; each step may be asked for again, of any sandbox on the same file."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self.to: dict[str, Any] = {}

    def dataset(self, call: Caller) -> None:
        self.ids["dataset"] = call.dataset()["id"]
        self.to = call.ok("GET", f"{DATASETS}/{self.ids['dataset']}/upload-url/reviews.csv")

    def upload(self, call: Caller) -> None:
        # The address is for the port at which the sandbox served then.
        url = call.url + self.to["upload_url"][self.to["upload_url"].index("/_uploads") :]
        put = requests.put(url, as_csv(rows(ROWS)), headers={"Content-Type": self.to["content_type"]})
        assert put.status_code == 200, put.text

    def batch(self, call: Caller) -> None:
        call.until(f"{DATASETS}/{self.ids['dataset']}/imports/{self.to['import_id']}", "status", "complete")
        self.ids["batch"] = call.batch(self.ids["dataset"], pages(FIELD, CHOICE, WRITING))["id"]

    def set_up(self, call: Caller) -> None:
        if call.ok("GET", f"{BATCHES}/{self.ids['batch']}/status") == {"status": "UNINITIALISED"}:
            call.ok("POST", f"{BATCHES}/{self.ids['batch']}/setup", {"tasks_per_group": PER_GROUP})

    def draft(self, call: Caller) -> None:
        call.until(f"{BATCHES}/{self.ids['batch']}/status", "status", "READY")
        self.ids["study"] = call.draft(self.ids["batch"], ANNOTATORS)["id"]

    def publish(self, call: Caller) -> None:
        if self.study(call)["status"] == "UNPUBLISHED":
            assert call.move(self.ids["study"], "PUBLISH").status_code == 200

    def decide(self, call: Caller) -> None:
        call.until(f"{STUDIES}{self.ids['study']}/", "status", "AWAITING REVIEW", "COMPLETED", seconds=60)
        first, *others = sorted(each["id"] for each in self.people(call) if each["completed_at"])
        call.ok("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": others})
        reject = {"action": "REJECT", "message": MESSAGE, "rejection_category": "LOW_EFFORT"}
        call.ok("POST", f"{SUBMISSIONS}{first}/transition/", reject)
        self.ids["best"] = others[0]

    def reward(self, call: Caller) -> None:
        body = {"study_id": self.ids["study"], "csv_bonuses": f"{self.ids['best']},4.25\n"}
        self.ids["bonus"] = call.ok("POST", f"{SUBMISSIONS}bonus-payments/", body)["id"]

    def pay(self, call: Caller) -> None:
        # Whoever does not know whether the money went looks at the balance, which no bonus has touched so far.
        before = self.balance(call)["total_balance"]
        if self.ids.setdefault("total", str(before)) == str(before):
            call.ok("POST", f"/api/v1/bulk-bonus-payments/{self.ids['bonus']}/pay/")

    def study(self, call: Caller) -> dict[str, Any]:
        return dict(call.ok("GET", f"{STUDIES}{self.ids['study']}/"))

    def people(self, call: Caller) -> list[dict[str, Any]]:
        return list(call.ok("GET", f"{STUDIES}{self.ids['study']}/submissions/")["results"])

    def answers(self, call: Caller) -> list[dict[str, Any]]:
        return list(call.ok("GET", f"{BATCHES}/{self.ids['batch']}/responses")["results"])

    def balance(self, call: Caller) -> dict[str, Any]:
        return dict(call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/balance/"))

    def all(self, call: Caller) -> dict[str, Any]:
        """Every record there is, the answers last."""
        batch, study = f"{BATCHES}/{self.ids['batch']}", f"{STUDIES}{self.ids['study']}"
        paths = [f"{DATASETS}/{self.ids['dataset']}", batch, f"{batch}/tasks", f"{batch}/task-groups"]
        found = {path: call.ok("GET", path) for path in [*paths, f"{study}/submissions/counts/", f"{study}/cost/"]}
        found |= {"balance": self.balance(call), "study": self.study(call), "people": self.people(call)}
        return {**found, "answers": self.answers(call)}


STEPS: tuple[Callable[[Program, Caller], None], ...] = (
    *(Program.dataset, Program.upload, Program.batch, Program.set_up, Program.draft, Program.publish),
    *(Program.decide, Program.reward, Program.pay),
)


def walk(program: Program, call: Caller, begin: int = 0, end: int | None = None) -> None:
    for step in STEPS[begin:end]:
        step(program, call)


def final(program: Program, call: Caller) -> dict[str, Any]:
    """All records, once the bonus is shown."""
    call.until(f"{SUBMISSIONS}{program.ids['best']}/", "bonus_payments", [425])  # type: ignore[arg-type]
    return program.all(call)


class Served:
    """``prolific-nb sandbox`` as a process of its own, started on a file as often as it is killed."""

    def __init__(self, file: Path) -> None:
        self.file, self.speed = file, 30_000
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*CLI, "--db", str(self.file), "--speed", str(self.speed), *("--seed", "3"), *SETTINGS],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        with self.process.stdout as said:
            self.line = json.loads(said.readline())
        self.call = Caller(self.line["url"], self.line["token"], self.line["workspace_id"])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> Caller:
        before = self.line
        self.kill()
        self.start()
        assert {**self.line, "url": ""} == {**before, "url": ""}
        return self.call


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each of these sandboxes keeps its file, one after another: ids of workspaces are made of the place."""
    return tmp_path_factory.mktemp("survival") / "one.sqlite"


@pytest.fixture(scope="module")
def undisturbed(file: Path) -> dict[str, Any]:
    """What the program leaves behind where nothing was killed."""
    with Sandbox(store=file, speed=30_000.0, **SAME) as sandbox:
        program, call = Program(), Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        walk(program, call)
        found = final(program, call)
    file.unlink()
    assert len(found["answers"]) >= ANSWERS
    return found


@pytest.fixture
def served(undisturbed: dict[str, Any], file: Path) -> Iterator[Served]:
    """The program as a process, on a file that does not exist yet."""
    one = Served(file)
    yield one
    one.kill()
    for each in file.parent.iterdir():
        each.unlink()


def half(program: Program, call: Caller) -> None:
    """Wait until about half of the answers are there."""
    deadline = time.monotonic() + 60
    while len(program.answers(call)) < ANSWERS / 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Tomorrow:
    """A wall clock of the day after; it stands until it is told to run."""

    def __init__(self) -> None:
        self.begun, self.rate, self.day = time.monotonic(), 0.0, time.time() + 86_400

    def __call__(self) -> float:
        return self.day + self.rate * (time.monotonic() - self.begun)

    def run(self) -> None:
        self.begun, self.rate = time.monotonic(), 20.0


JOBS = {"import": (2, ("queued", "processing", "complete")), "set-up": (4, ("PROCESSING", "READY"))}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_interrupted_by_a_kill_is_completed(served: Served, undisturbed: Any, job: str) -> None:
    program, (step, states) = Program(), JOBS[job]
    walk(program, served.call, 0, step)
    path = f"{DATASETS}/{program.ids['dataset']}/imports/{program.to['import_id']}"
    if job == "set-up":
        path = f"{BATCHES}/{program.ids['batch']}/status"
    seen = served.call.ok("GET", path)["status"]
    assert seen in states
    served.kill()
    wall = Tomorrow()
    with Sandbox(store=served.file, wall=wall, **SAME) as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        assert call.ok("GET", path)["status"] == seen
        wall.run()
        walk(program, call, step)
        assert final(program, call) == undisturbed


def test_a_study_resumes_from_the_last_revealed_state(served: Served, undisturbed: Any) -> None:
    served.speed = 300
    program, call = Program(), served.restart()
    walk(program, call, 0, 6)
    half(program, call)
    served.speed = 10  # the study must not end while a busy machine reads all records
    call = served.restart()
    seen = program.all(call)  # the answers last, so that they are of the last moment
    served.kill()
    wall = Tomorrow()
    with Sandbox(store=served.file, wall=wall, **SAME) as sandbox:
        assert (sandbox.token, sandbox.workspace_id) == (call.token, call.workspace_id)
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        now = program.all(call)
        assert (now["answers"], now["balance"]) == (seen["answers"], seen["balance"])
        assert now["study"]["status"] == "ACTIVE"
        assert {each["id"] for each in seen["people"]} <= {each["id"] for each in now["people"]}
        done = {each["id"]: each for each in seen["people"] if each["completed_at"]}
        assert done == {each["id"]: each for each in now["people"] if each["id"] in done}
        wall.day += 0.1
        more = program.answers(call)
        assert more[: len(now["answers"])] == now["answers"]
        assert len(now["answers"]) < len(more) < len(undisturbed["answers"])
    served.speed = 900
    call = served.restart()
    assert len(program.answers(call)) >= len(more)
    walk(program, call, 6)
    assert final(program, call) == undisturbed


def test_a_bonus_is_paid_once_whenever_the_sandbox_is_killed(served: Served, undisturbed: Any) -> None:
    program = Program()
    walk(program, served.call, 0, 8)
    seen = program.all(served.call)
    call = served.restart()
    assert program.all(call) == seen
    program.pay(call)
    call = served.restart()
    program.pay(call)  # it looks first
    assert final(program, call) == undisturbed


MORTAL = """
import os, signal, sys, time
from prolific_nb.sandbox import People, Sandbox

answers = iter(range(100))

class Person:
    def __init__(self, person):
        self.person = person

    def __getattr__(self, name):
        if name == "skill" and next(answers) == 30:
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self.person, name)

class Mortals(People):
    def person(self, *given):
        return Person(super().person(*given))

sandbox = Sandbox(seed=3, store=sys.argv[1], people=Mortals())
print(sandbox.url, flush=True)
time.sleep(60)
"""


def test_an_interrupted_publication_is_rolled_back(served: Served, undisturbed: Any) -> None:
    program = Program()
    walk(program, served.call, 0, 5)
    before = program.all(served.call)
    served.kill()
    with subprocess.Popen(
        [sys.executable, "-c", MORTAL, str(served.file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as mortal:
        assert mortal.stdout is not None
        url = mortal.stdout.readline().strip()
        # It dies when the answers of its second participant are written.
        with pytest.raises(requests.ConnectionError):
            program.publish(Caller(url, served.call.token, served.call.workspace_id))
    call = served.restart()
    assert program.all(call) == before
    walk(program, call, 5)
    assert final(program, call) == undisturbed


KERNEL = """
import time
import prolific_nb as pnb
from tests.conftest import DESIGN, PLAN

client = pnb.connect(store="study.sqlite", truth="sentiment", seed=3)
run = pnb.launch(client, pnb.read_data(pnb.sample_data().head(6)), DESIGN, PLAN).publish(max_cost="99.00")
while not len(answers := run.responses(include="all")):
    time.sleep(0.02)
answers.to_pickle("seen.pickle")
print("seen", flush=True)
time.sleep(600)
"""


def test_a_notebook_resumes_after_its_kernel_was_killed(tmp_path: Path, sandboxed: Connect) -> None:
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert kernel.stdout is not None
    with kernel.stdout as said:
        assert "seen\n" in iter(said.readline, "")
        kernel.kill()
    kernel.wait()
    seen = pd.read_pickle("seen.pickle")

    client = pnb.connect(store="study.sqlite", truth="sentiment", seed=3)
    [key] = pnb.runs(client=client)["key"]
    run = pnb.open_run(key, client=client)
    assert run.status().state == "ACTIVE"
    answers = run.wait(timeout=60, on_progress=silent).responses(include="all")
    assert set(seen["response_id"]) < set(answers["response_id"])

    data = pnb.read_data(pnb.sample_data().head(6))
    other = pnb.launch(sandboxed(seed=3), data, DESIGN, PLAN, on_progress=silent, ledger="other.sqlite")
    whole = other.publish(max_cost="99.00").wait(timeout=60, on_progress=silent).responses(include="all")
    assert answers["response_id"].tolist() == whole["response_id"].tolist()
    assert answers["value"].astype(str).tolist() == whole["value"].astype(str).tolist()

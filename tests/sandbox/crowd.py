"""Many researchers working in one sandbox in parallel, each with their own client; acknowledged writes are recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals, wait_until
from prolific_nb.sandbox import Sandbox

from .flow import CHOICE, DETAILS, FIELD, WRITING, Caller, as_csv, pages, rows

SIZE, PER_GROUP, ANNOTATORS, QUESTIONS = 6, 3, 2, 2
COLUMNS = {"review": "text", "feeling": "metadata", "pnb_row": "metadata"}
SCHEMA = {"strict": False, "fields": {name: {"type": kind} for name, kind in COLUMNS.items()}}
TASK = {"task_details": DETAILS, "batch_items": pages(FIELD, CHOICE, WRITING)}


def _again(seconds: float) -> None:
    raise AssertionError("A request failed, and would have been sent again.")


def client_of(sandbox: Sandbox) -> Client:
    """A client that hides no failure: it sends nothing twice."""
    client = Client(Transport(sandbox.url, Token(sandbox.token), sleep=_again), mode="SANDBOX")
    client.pace = PollIntervals(job=0.02, study=0.02, grace=0.1)
    return client


@dataclass
class Common:
    """What everybody works on beside what is their own."""

    file: Path
    dataset: str
    group: str
    study: str
    people: list[str]

    @classmethod
    def make(cls, sandbox: Sandbox, folder: Path) -> Common:
        """A dataset, a participant group, and a study that is finished; the file that is uploaded lies in `folder`."""
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        file = folder / "reviews.csv"
        file.write_bytes(as_csv(rows(SIZE)))
        study = call.finished(call.ready(SIZE, PER_GROUP), ANNOTATORS)
        people = [each["id"] for each in call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]]
        body = {"name": "g", "workspace_id": sandbox.workspace_id}
        group = call.ok("POST", "/api/v1/participant-groups/", body)["id"]
        return cls(file, call.dataset()["id"], group, study, people)


@dataclass
class Researcher:
    """One of them; every act ends with its answers, so what it notes down was acknowledged."""

    number: int
    client: Client
    common: Common
    made: dict[str, list[str]] = field(default_factory=dict)
    pence: list[int] = field(default_factory=list)
    grown: dict[str, int] = field(default_factory=dict)
    _names: Iterator[int] = field(default_factory=count)

    def note(self, kind: str, ident: str) -> str:
        self.made.setdefault(kind, []).append(ident)
        return ident

    def _name(self) -> str:
        return f"{self.number}-{next(self._names)}"

    def launch(self) -> None:
        """From the file to a published study."""
        client, workspace = self.client, self.client.workspace_id
        dataset = self.note("dataset", client.datasets.create(self._name(), workspace, SCHEMA).id)
        assert client.datasets.upload(dataset, self.common.file).accepted_count == SIZE
        batch = self.note("batch", client.batches.create(self._name(), workspace, dataset, TASK).id)
        client.batches.set_up(batch, PER_GROUP)
        wait_until(lambda: client.batches.status(batch), "READY".__eq__, what="Set-up", every=0.02, timeout=60)
        body = {
            "name": self._name(),
            "description": "d",
            "prolific_id_option": "not_required",
            "estimated_completion_time": 6,
            "reward": 150,
            "data_collection_method": "AI_TASK_BUILDER_BATCH",
            "data_collection_id": batch,
            "data_collection_metadata": {"annotators_per_task": ANNOTATORS},
            "submissions_config": {"max_submissions_per_participant": -1},
        }
        study = self.note("study", client.studies.create(body).id)
        client.studies.transition(study, "PUBLISH")
        self.grown[study] = ANNOTATORS

    def grow(self) -> None:
        """One more annotator for the newest study."""
        if self.grown:
            study = list(self.grown)[-1]
            wanted = self.grown[study] + 1
            self.client.studies.update(study, {"data_collection_metadata": {"annotators_per_task": wanted}})
            self.grown[study] = wanted

    def append(self) -> None:
        """Records that nobody else has, to the common dataset and at once."""
        records = [{"review": self.note("record", self._name())} for _ in range(3)]
        assert self.client.datasets.append(self.common.dataset, records).accepted == 3

    def join(self) -> None:
        """A person into the common group, and a group of their own."""
        self.client.groups.add(self.common.group, [self._name()])
        self.note("member", f"{self.number}")
        self.note("group", self.client.groups.create(self.client.workspace_id, self._name(), ["somebody"]).id)

    def write(self) -> None:
        """A message."""
        self.client.messages.send(f"reader {self.number}", self._name(), self.common.study)
        self.note("message", "sent")

    def reward(self) -> None:
        """A bonus of one pound, which costs 1.00 + 0.43 + 0.09."""
        who = self.common.people[next(self._names) % len(self.common.people)]
        self.client.bonuses.pay(self.client.bonuses.create(self.common.study, f"{who},1.00\n").id)
        self.pence.append(152)

    def look(self) -> None:
        """Reads of all kinds."""
        studies = {each.id for each in self.client.studies.list()}
        assert set(self.made.get("study", [])) <= studies
        for study in self.made.get("study", [])[-2:]:
            counts = dict(self.client.studies.counts(study))
            assert counts.pop("TOTAL") == sum(counts.values())
        for batch in self.made.get("batch", [])[-1:]:
            found = self.client.batches.responses(batch)
            assert len(found.results) == found.meta["count"]

    def acts(self) -> Sequence[Callable[[], None]]:
        """All of them, the cheap ones more than once."""
        return (self.launch, self.grow, *[self.append, self.join, self.write, self.reward, self.look] * 2)


def work(researchers: list[Researcher], going: Callable[[int], bool]) -> int:
    """Let all of them act at random as long as ``going(acts so far)``; how many acts there were.

    Raises
    ------
    ExceptionGroup
        With whatever stopped any of them.
    """
    failed, acts = list[Exception](), Counter[int]()

    def one(researcher: Researcher) -> None:
        chance = Random(researcher.number)
        try:
            while going(acts[researcher.number]):
                chance.choice(researcher.acts())()
                acts[researcher.number] += 1
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=one, args=(each,)) for each in researchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise ExceptionGroup("at work", failed)
    return acts.total()


def judge(researchers: list[Researcher], sandboxes: list[Sandbox]) -> dict[str, int]:
    """Whether everything that was acknowledged is there, once; how much it was."""
    client, common = researchers[0].client, researchers[0].common
    made = {kind: [i for each in researchers for i in each.made.get(kind, [])] for kind in _KINDS}
    for kind in ("dataset", "batch", "study", "group"):
        assert len(set(made[kind])) == len(made[kind])
    assert not [each for sandbox in sandboxes for each in sandbox.log if each.status >= 500]

    for dataset in made["dataset"]:
        assert client.datasets.get(dataset).total_datapoint_count == SIZE
    assert client.datasets.get(common.dataset).total_datapoint_count == len(made["record"])
    assert {each.id for each in client.batches.list(client.workspace_id)} >= set(made["batch"])
    assert {each.id for each in client.studies.list()} == {*made["study"], common.study}
    assert set(made["group"]) < {each.id for each in client.groups.list(client.workspace_id)}
    assert len(list(client.groups.people(common.group))) == len(made["member"])
    told = [len(list(client.messages.list(user_id=f"reader {each.number}"))) for each in researchers]
    assert told == [len(each.made.get("message", [])) for each in researchers]
    balance = client.workspaces.balance(client.workspace_id)
    assert 25_000_000 - balance.total_balance == sum(sum(each.pence) for each in researchers)
    for each in researchers:
        for study, annotators in each.grown.items():
            _judge_study(client, study, annotators)
    return {**{kind: len(found) for kind, found in made.items()}, "bonus": sum(len(each.pence) for each in researchers)}


_KINDS = ("dataset", "batch", "study", "group", "record", "member", "message")


def _judge_study(client: Client, study: str, annotators: int) -> None:
    """A study that comes to its end with all its people, nobody twice in a group and nobody's answers missing."""
    look = partial(client.studies.get, study)
    ended = wait_until(look, lambda seen: seen.status != "ACTIVE", what="The study", every=0.05, timeout=60)
    groups = -(-SIZE // PER_GROUP)
    assert ended.places_taken == ended.total_available_places == groups * annotators
    tasks = client.batches.tasks(ended.data_collection_id)
    group_of = {task: number // PER_GROUP for number, task in enumerate(tasks)}
    status = {each.id: each.status for each in client.studies.submissions(study)}
    answers = Counter[tuple[Any, ...]]()
    for each in client.batches.responses(ended.data_collection_id).results:
        answers[each["submission_id"], each["participant_id"], group_of[each["task_id"]]] += 1
    assert len({(person, group) for _, person, group in answers}) == len(answers)
    done = {key: number for key, number in answers.items() if status[key[0]] == "AWAITING REVIEW"}
    assert set(done.values()) == {PER_GROUP * QUESTIONS}
    assert Counter(group for _, _, group in done) == dict.fromkeys(range(groups), annotators)

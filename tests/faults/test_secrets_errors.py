"""The token is in no error, however it is looked at, copied or shown: every class, raised by a real request."""

from __future__ import annotations

import json
import logging
import pickle
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb import errors
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.progress import Progress, silent
from prolific_nb.jobs import Cancelled, Job
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.kit.panel import Panel
from prolific_nb.sandbox import Fault, Sandbox
from prolific_nb.study.ledger import Ledger
from prolific_nb.workflow import connect
from prolific_nb.workflow.run import Run
from tests.api.scripted import scripted

from .program import DATA, DESIGN, IMPATIENT, PLAN, client_of, review, sandbox
from .test_secrets import PLANTED, leaks, overheard, planted, planted_sandbox, raised


def tree(kind: type[BaseException]) -> set[str]:
    """The names of an error class of the package and of all below it."""
    below = [name for each in kind.__subclasses__() for name in tree(each)]
    return {kind.__name__, *below} if kind.__module__.startswith("prolific_nb.") else {*below}


def launched(place: Sandbox, plan: Any = PLAN, **options: Any) -> Run:
    return pnb.launch(client_of(place), DATA, DESIGN, plan, on_progress=silent, **options)


def finished(place: Sandbox) -> Run:
    return launched(place).publish(max_cost="99.00").wait(30, on_progress=silent)


def live(place: Sandbox) -> Run:
    run = launched(place)
    run.client.mode = "LIVE"
    return run


def disturbed(place: Sandbox, *faults: Fault) -> Client:
    place.faults.add(*faults)
    return client_of(place)


def refused(status: int) -> Callable[[Sandbox], Any]:
    """What the server's answer of this status is raised as, when it repeats what it was sent."""

    words = json.dumps({"error": {"title": "No", "detail": "You sent Authorization: Token TOKEN"}})

    def ask(_: Sandbox) -> None:
        with scripted((status, words.replace("TOKEN", planted()))) as server:
            client = Client(Transport(server.url, Token(planted())), mode="SANDBOX")
            failure = raised(lambda: client.studies.create({}))
            assert server.asked[0].headers["Authorization"] == f"Token {planted()}"
        assert "Token (hidden)" in str(failure)
        del server  # it remembers what it was told, and would stand in the traceback as a variable of this test
        raise failure

    return ask


def busy(_: Sandbox) -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with Ledger().hold("first"):
            inside.set()
            leave.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    inside.wait(60)
    try:
        with Ledger().hold("second", patience=0.01):
            pytest.fail("held twice")
    finally:
        leave.set()
        other.join()


def cancelled(place: Sandbox) -> None:
    def tell(progress: Progress) -> None:
        if progress.done == 2:
            raise Cancelled("The launch was cancelled.")

    job: Job[Run] = Job(lambda _: pnb.launch(client_of(place), DATA, DESIGN, PLAN, on_progress=tell), "Launching")
    job.result(60)


def unclear(place: Sandbox) -> None:
    proposal = review(finished(place))
    place.faults.add(Fault("payBonuses", "reset"))
    proposal.apply(max_cost="9.00")


def similar(place: Sandbox) -> None:
    launched(place)
    launched(place, pnb.StudyPlan("Reviews", reward="1.60", minutes=6))


def failing(place: Sandbox) -> None:
    place.faults.add(Fault("createStudy", "refuse", status=500))
    launched(place)


def garbled(_: Sandbox) -> Any:
    """A response of status 200 that repeats what it was sent, where a study is expected."""
    with scripted((200, json.dumps({"id": f"Token {planted()}", "status": [planted()]}))) as server:
        client = Client(Transport(server.url, Token(planted())), mode="SANDBOX")
        failure = raised(lambda: client.studies.get("5d0c"))
        del server
        raise failure


def missing(_: Sandbox) -> Any:
    with scripted((200, json.dumps({"id": "5d0c", "email": planted()}))) as server:
        me = Client(Transport(server.url, Token(planted())), mode="SANDBOX").me()
        del server
        return me.no_such_field


CASES: dict[str, Callable[[Sandbox], Any]] = {
    "ProlificError": lambda place: launched(place).wait(1),
    "ArgumentError": lambda place: launched(place, flow="no such flow"),
    "ArgumentTypeError": lambda place: client_of(place).studies.export_demographics("5d0c", "age"),
    "UnknownName": lambda place: launched(place).responses(question="nope"),
    "NoSuchPlace": lambda place: (client_of(place), DESIGN.preview(DATA, row=99)),
    "FolderInUse": lambda place: finished(place).export(Path(__file__).parent),
    "UnusableFile": lambda place: (client_of(place), pnb.connect(store="/")),
    "InputError": lambda place: pnb.open_run(client=client_of(place)),
    "DataError": lambda place: pnb.launch(client_of(place), pnb.read_data(b"a\n\n"), DESIGN, PLAN),
    "DesignError": lambda place: pnb.launch(client_of(place), DATA, pnb.Design("Empty"), PLAN),
    "PlanError": lambda place: launched(place, pnb.StudyPlan("Low", reward="0.10", minutes=60)),
    "ReviewError": lambda place: (run := finished(place)).review(run.submissions().assign(action="approve, perhaps")),
    "LiveError": lambda place: pnb.connect(live=True, token=planted()),
    "SpendError": lambda place: live(place).publish(),
    "SimilarRunError": similar,
    "LedgerError": lambda place: launched(place, ledger="/dev/null/no folder/x.sqlite"),
    "LedgerBusy": busy,
    "UnclearPayment": unclear,
    "StepFailed": failing,
    "WaitTimeout": lambda place: launched(place).publish(max_cost="99.00").wait(0.0, on_progress=silent),
    "Unreachable": lambda place: disturbed(place, Fault("createStudy", "reset")).studies.create({}),
    "UnexpectedResponse": garbled,
    "MissingField": missing,
    "Unauthorised": refused(401),
    "Forbidden": refused(403),
    "NotFound": refused(404),
    "Conflict": refused(409),
    "Gone": refused(410),
    "Rejected": refused(400),
    "TooManyRequests": refused(429),
    "ServerError": refused(500),
    "Cancelled": cancelled,
}


def test_every_error_has_its_case() -> None:
    assert {*CASES} == tree(errors.ProlificError) - {"ApiError"}, "ApiError itself is never raised"


@pytest.mark.parametrize("name", CASES)
def test_no_error_holds_the_token(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", PLANTED)
    monkeypatch.setenv("PROLIFIC_URL", "http://prolific.invalid")
    slowly = {"speed": 1.0} if name == "WaitTimeout" else {}
    with planted_sandbox(**slowly) as place, overheard(capfd, caplog) as so_far:
        failure = raised(lambda: CASES[name](place))
        logging.getLogger("a user's own").debug("It failed", exc_info=failure)
        assert type(failure).__name__ == name, repr(failure)
        assert leaks(failure=failure, folder=tmp_path, **so_far()) == []
        assert str(pickle.loads(pickle.dumps(failure))) == str(failure)


LOSSES: dict[str, dict[str, Any]] = {
    "reset": {},
    "lost": {},
    "stall": {"seconds": 0.8},
    "truncate": {},
}


@pytest.mark.parametrize("kind", LOSSES)
def test_no_lost_answer_shows_the_token(kind: str) -> None:
    with planted_sandbox(faults=[Fault("*", kind, times=None, **LOSSES[kind])]) as place:
        client = client_of(place, IMPATIENT if kind == "stall" else 30.0)
        failure = raised(lambda: client.batches.create("B", client.url, "none", {}))
        # A write is tried once, and a read again and again: both ways out are looked at.
        again = raised(client.me) if kind != "stall" else failure
        assert place.faults.fired
    assert isinstance(failure, errors.Unreachable | errors.ApiError)
    assert leaks(failure=failure, again=again) == []
    assert (failure.__cause__, failure.__context__) == (None, None)


def test_a_closed_port_shows_no_token() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    client = Client(Transport(address, Token(planted()), sleep=lambda _: None), mode="LIVE")
    failure = raised(client.me)
    assert isinstance(failure, errors.Unreachable)
    assert leaks(failure=failure) == []


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell starts its background jobs so that they ignore SIGINT; Python then installs no handler."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    "operation", ["getBalance", "createBatch", "transitionStudy", "payBonuses", "listBatchResponses"]
)
def test_an_interrupt_in_the_middle_of_a_request_shows_no_token(
    operation: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def whole(place: Sandbox) -> None:
        run = finished(place)
        run.responses(include="all")
        review(run).apply(max_cost="9.00")

    main = threading.main_thread().ident
    with planted_sandbox(faults=[Fault(operation, "stall", seconds=5)]) as place, overheard(capfd, caplog) as so_far:
        place.faults.listen(lambda _: signal.pthread_kill(main or 0, signal.SIGINT))
        failure = raised(lambda: whole(place))
        assert type(failure) is KeyboardInterrupt
        assert leaks(failure=failure, folder=tmp_path, **so_far()) == []
    assert len(place.faults.fired) == 1


# --- what is typed, kept elsewhere, or no token at all ----------------------------------------------------------


@pytest.mark.parametrize("wrong", ["{} and more", "{}\nmore", "{}€", "{}\x00", "\u200b{}"])
@pytest.mark.parametrize("way", ["given", "served", "typed"])
def test_a_mistyped_token_is_most_of_a_token(wrong: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", "unused" if "\x00" in wrong else wrong.format(PLANTED))
    monkeypatch.setenv("PROLIFIC_URL", "http://127.0.0.1:9" if way == "served" else "https://prolific.invalid")
    monkeypatch.setattr(connect, "getpass", lambda _: wrong.format(planted()))
    ways: dict[str, Callable[[], Any]] = {
        "given": lambda: pnb.connect(live=True, token=wrong.format(planted())),
        "served": lambda: pnb.connect().studies.create({}),
        "typed": pnb.login,
    }
    failure = raised(ways[way])
    assert isinstance(failure, errors.LiveError | errors.Unreachable)
    assert leaks(failure=failure) == []


@pytest.mark.parametrize("kind", [list, str.encode, lambda text: {"token": text}, Path])
def test_what_is_no_text_is_no_token(kind: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_URL", "https://prolific.invalid")
    failure = raised(lambda: pnb.connect(live=True, token=kind(planted())))
    assert isinstance(failure, errors.LiveError)
    assert leaks(failure=failure) == []


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, RuntimeError, OSError])
def test_a_keyring_in_trouble_shows_no_token(
    trouble: type[BaseException], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Keyring:
        class errors:
            class KeyringError(Exception):
                pass

        @staticmethod
        def set_password(service: str, name: str, password: str) -> None:
            raise trouble(f"while {name} of {service} was kept")

    monkeypatch.setattr(connect, "find_spec", lambda _: True)
    monkeypatch.setattr(connect, "import_module", lambda _: Keyring)
    monkeypatch.setattr(connect, "getpass", lambda _: planted())
    monkeypatch.setattr(connect, "_typed", None)
    if trouble is KeyboardInterrupt:
        failure = raised(pnb.login)
        assert type(failure) is KeyboardInterrupt
        assert leaks(failure=failure) == []
    else:
        pnb.login()
    printed = capfd.readouterr()
    assert leaks(printed=(printed.out + printed.err).encode()) == []


# --- the server's own words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Authorization: Token TOKEN",
        "<html><pre>Authorization: Token TOKEN</pre>",
        json.dumps({"detail": {"header": ["Token TOKEN"]}}),
        json.dumps({"message": "No", "issues": [{"field": "TOKEN", "message": "TOKEN", "sent": {"a": "TOKEN"}}]}),
        "x" * 580 + "TOKEN",  # where words are cut
        json.dumps({"detail": {"at": "said"}}).replace("said", "".join(f"\\u{ord(each):04x}" for each in PLANTED)),
    ],
)
@pytest.mark.parametrize("way", ["get", "post", "ask", "upload", "download"])
def test_a_server_that_repeats_the_token_is_not_quoted(words: str, way: str, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes(b"a\n")
    with scripted((404, words.replace("TOKEN", PLANTED))) as server, (tmp_path / "data.csv").open("rb") as file:
        transport = Transport(server.url, Token(planted()), sleep=lambda _: None)
        where = f"{server.url}/file"
        ways: dict[str, Callable[[], Any]] = {
            "get": lambda: transport.get("/api/v1/x"),
            "post": lambda: transport.post("/api/v1/x", {}),
            "ask": lambda: transport.ask("/api/v1/x", {}),
            "upload": lambda: transport.upload(where, file, "text/csv"),
            "download": lambda: transport.download(where),
        }
        failure = raised(ways[way])
    assert isinstance(failure, errors.NotFound)
    assert leaks(failure=failure, issues=failure.issues) == []


@pytest.mark.parametrize("before", [0, 150, 180, 195])
def test_an_answer_that_is_not_json_is_not_quoted_with_the_token(before: int) -> None:
    with scripted((200, "x" * before + PLANTED)) as server:
        transport = Transport(server.url, Token(planted()))
        failure = raised(lambda: transport.post("/api/v1/x"))
    assert isinstance(failure, errors.Unreachable)
    assert leaks(failure=failure) == []


class Calling(Panel):
    name, title = "calling", "Calling"

    def build(self) -> list[Any]:
        return []


def test_a_servers_words_are_cut_and_inert() -> None:
    words = f"<script>alert(1)</script><img src=x onerror=alert(2)> {PLANTED} " + "x" * 50_000
    with scripted((400, json.dumps({"detail": words}))) as server:
        client = Client(Transport(server.url, Token(planted())), mode="LIVE")
        panel = Calling(Observable(None), Observable(client))
        panel.guard(lambda _: client.studies.create({}))(None)
    [said] = panel.errors
    assert len(said) < 900
    assert "<script>" in said
    shown = panel._errors.value + panel.static_card()
    assert "<script>" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown
    assert leaks(panel=panel, said=said, shown=shown, box=panel.box, errors=panel._errors) == []
    panel.close()


def test_names_from_the_server_are_inert_in_cards() -> None:
    evil = "<script>alert(1)</script>"
    with sandbox() as place:
        client = client_of(place)
        study = launched(place).study_id
        client.studies.update(study, {"name": evil})
        opened = pnb.open_run(study_id=study, client=client, data=DATA)
        cards = [opened._repr_html_(), opened.status()._repr_html_(), client._repr_html_()]
    assert "&lt;script&gt;" in cards[0]
    assert not [card for card in cards if "<script>" in card]

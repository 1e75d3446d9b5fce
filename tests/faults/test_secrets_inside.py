"""Whatever is raised inside a request, by whom and where, no formatter prints the token."""

from __future__ import annotations

import io
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import BadStatusLine, IncompleteRead
from types import FrameType
from typing import Any

import pytest
import requests
import urllib3

from prolific_nb import errors
from prolific_nb.api import Token, Transport
from tests.api.scripted import scripted

from .formatters import FORMATTERS
from .test_secrets import PLANTED, planted, raised

HALVES = PLANTED[:20], PLANTED[20:]


QUICK = ("capture_locals", "logging", "walk")  # the others take a third of a second for each exception


def shown_by(failure: BaseException, names: Iterable[str] = FORMATTERS) -> list[str]:
    """The formatters that print the token, or half of it."""
    return [name for name in names if any(half in FORMATTERS[name](failure) for half in HALVES)]


class Alarm(Exception):
    """A user's own exception, raised by a signal handler."""


class Overtime(BaseException):
    """One that no ``except Exception`` stops."""


class Frames(Exception):
    """One that keeps the interrupted frame, as some time-out libraries do."""

    def __init__(self, frame: FrameType | None) -> None:
        super().__init__("took too long", frame)
        self.frame = frame
        self.seen = dict(frame.f_locals) if frame is not None else {}


def everywhere(frame: FrameType | None) -> BaseException:
    """An exception with all local variables of all frames that were interrupted."""
    kept = Alarm("interrupted")
    kept.variables = []  # type: ignore[attr-defined]
    while frame is not None and "tests" not in frame.f_code.co_filename:
        kept.variables += [repr(value) for value in frame.f_locals.values()]  # type: ignore[attr-defined]
        frame = frame.f_back
    return kept


def from_a_cause(_: FrameType | None) -> BaseException:
    try:
        raise ValueError("inner")
    except ValueError as cause:
        outer = Alarm("outer")
        outer.__cause__ = cause
        return outer


HANDLERS: dict[str, Callable[[FrameType | None], BaseException]] = {
    "Alarm": lambda _: Alarm("too slow"),
    "BaseException": lambda _: Overtime("too slow"),
    "KeyboardInterrupt": lambda _: KeyboardInterrupt(),
    "SystemExit": lambda _: SystemExit(3),
    "GeneratorExit": lambda _: GeneratorExit(),
    "TimeoutError": lambda _: TimeoutError("too slow"),
    "MemoryError": lambda _: MemoryError(),
    "with the frame": Frames,
    "with all variables": everywhere,
    "with a cause": from_a_cause,
    "a group": lambda frame: BaseExceptionGroup("two", [Alarm("one"), Frames(frame)]),
}
CALLS: dict[str, Callable[[Transport], Any]] = {
    "get": lambda transport: transport.get("/api/v1/x"),
    "post": lambda transport: transport.post("/api/v1/x", {"a": 1}),
    "prove": lambda transport: transport.prove(),
    "upload": lambda transport: transport.upload(transport.url + "/x", io.BytesIO(b"a\n" * 99), "text/csv"),
    "download": lambda transport: transport.download(transport.url + "/x"),
}


@contextmanager
def alarm(handler: Callable[[int, FrameType | None], None], seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def slow(_: Any) -> tuple[int, str]:
    time.sleep(0.4)
    return 200, "{}"


def new_transport(url: str) -> Transport:
    return Transport(url, Token(planted()), sleep=lambda _: None)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", HANDLERS)
def test_a_signal_handlers_exception_leaves_a_slow_request_without_the_token(kind: str, call: str) -> None:
    def handle(_: int, frame: FrameType | None) -> None:
        raise HANDLERS[kind](frame)

    with scripted(slow) as server, alarm(handle, 0.1):
        transport, act = new_transport(server.url), CALLS[call]
        del server
        failure = raised(lambda: act(transport))
    assert type(failure) is type(HANDLERS[kind](None)), "a time-out of the user's own is not one of the network"
    assert shown_by(failure) == []


PLANTED_AT = (
    "connectionpool.HTTPConnectionPool.urlopen",
    "connectionpool.HTTPConnectionPool._make_request",
    "connectionpool.HTTPConnectionPool._get_conn",
    "connection.HTTPConnection.request",
    "connection.HTTPConnection.endheaders",
    "connection.HTTPConnection.send",
    "connection.HTTPConnection.getresponse",
    "response.HTTPResponse.stream",
)
POOL = urllib3.HTTPConnectionPool("pool.invalid")
FAULTS: dict[str, Callable[[Any], BaseException]] = {
    "MemoryError": lambda _: MemoryError(),
    "RecursionError": lambda _: RecursionError("maximum recursion depth exceeded"),
    "SystemExit": lambda _: SystemExit(1),
    "GeneratorExit": lambda _: GeneratorExit(),
    "KeyboardInterrupt": lambda _: KeyboardInterrupt(),
    "AssertionError": lambda _: AssertionError(),
    "TypeError": lambda _: TypeError("an object"),
    "AttributeError": lambda held: AttributeError("no such attribute", name="x", obj=held),
    "KeyError": lambda held: KeyError(repr(held)),
    "RuntimeError with the headers": lambda held: RuntimeError("sent", held),
    "RuntimeError with their text": lambda held: RuntimeError(f"sent {held!r}", repr(held).encode()),
    "StopIteration": lambda held: StopIteration(held),
    "UnicodeEncodeError": lambda held: UnicodeEncodeError("latin-1", repr(held), 0, 1, "no"),
    "OSError": lambda held: OSError(5, "input/output error", repr(held)),
    "ConnectionResetError": lambda _: ConnectionResetError(104, "reset"),
    "BrokenPipeError": lambda _: BrokenPipeError(32, "broken pipe"),
    "socket.timeout": lambda _: TimeoutError("timed out"),
    "gaierror": lambda _: socket.gaierror(-2, "unknown"),
    "SSLError": lambda _: ssl.SSLError(1, "bad record"),
    "BadStatusLine": lambda _: BadStatusLine("x"),
    "IncompleteRead": lambda _: IncompleteRead(b"x", 7),
    "ValueError": lambda _: ValueError("odd"),
    "a group": lambda held: ExceptionGroup("two", [ValueError(repr(held)), RuntimeError(held)]),
    "with a note": lambda held: noted(repr(held)),
    "urllib3 ProtocolError": lambda held: urllib3.exceptions.ProtocolError("cut", held),
    "urllib3 MaxRetryError": lambda _: urllib3.exceptions.MaxRetryError(POOL, "/x", ValueError("why")),
    "urllib3 ReadTimeoutError": lambda _: urllib3.exceptions.ReadTimeoutError(POOL, "/x", "slow"),
    "urllib3 LocationParseError": lambda _: urllib3.exceptions.LocationParseError("x"),
    "urllib3 HTTPError": lambda held: urllib3.exceptions.HTTPError(held),
    "requests ConnectionError": lambda held: requests.ConnectionError(held, request=held),
    "requests InvalidHeader": lambda held: requests.exceptions.InvalidHeader(repr(held)),
}


def noted(text: str) -> Exception:
    made = LookupError("look at the note")
    made.add_note(text)
    return made


IGNORED = {  # urllib3 ignores these where a request is sent, and Python replaces one in a generator
    *((kind, where) for kind in ("ConnectionResetError", "BrokenPipeError") for where in PLANTED_AT[3:6]),
    ("StopIteration", "response.HTTPResponse.stream"),
}


@pytest.mark.parametrize(
    ("kind", "where"), [(kind, where) for kind in FAULTS for where in PLANTED_AT if (kind, where) not in IGNORED]
)
def test_a_fault_of_the_http_library_shows_no_token(kind: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, owner, method = where.split(".")

    def faulty(*given: Any, **named: Any) -> Any:
        secret_header = {"Authorization": f"Token {planted()}"}
        raise FAULTS[kind](named.get("headers") or secret_header)

    with scripted((200, '{"a": 1}')) as server:
        transport = new_transport(server.url)
        del server
        with monkeypatch.context() as patch:
            patch.setattr(getattr(getattr(urllib3, module), owner), method, faulty)
            failures = [raised(lambda call=call: CALLS[call](transport)) for call in ("post", "get")]
    for failure in failures:
        network = isinstance(failure, errors.Unreachable)
        assert network or type(failure) is type(FAULTS[kind]({})), "it is the same exception, or one of ours"
        assert shown_by(failure, FORMATTERS if where == PLANTED_AT[0] else QUICK) == []


@pytest.mark.parametrize("call", ["get", "post", "prove"])
def test_a_program_that_is_out_of_stack_shows_no_token(call: str) -> None:
    def deep(transport: Transport, levels: int) -> Any:
        return CALLS[call](transport) if levels <= 0 else deep(transport, levels - 1)

    with scripted((200, '{"a": 1}')) as server:
        transport = new_transport(server.url)
        del server
        failures = []
        for levels in range(850, 985, 9):
            try:
                deep(transport, levels)
            except (RecursionError, errors.Unreachable) as failure:
                failures.append(failure)
    assert RecursionError in map(type, failures)
    for failure in failures:
        assert shown_by(failure, QUICK) == []


@pytest.mark.parametrize("body", ['{"a": "TOKEN"}', '["TOKEN"', "<p>TOKEN"])
@pytest.mark.parametrize("status", [200, 404])
def test_an_interrupt_while_the_answer_is_read_shows_no_token(
    status: int, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(text: str, *_: Any, **__: Any) -> Any:
        raise Alarm(f"while {len(text)} characters were decoded")

    with scripted((status, body.replace("TOKEN", planted()))) as server:
        transport = new_transport(server.url)
        del server
        for name in ("requests.models.complexjson.loads", "prolific_nb.api.error_bodies.json.loads"):
            with monkeypatch.context() as patch:
                patch.setattr(name, interrupted)
                failure = raised(lambda: transport.post("/api/v1/x", {}))
            assert isinstance(failure, Alarm | errors.NotFound | errors.Unreachable)
            assert shown_by(failure) == []


def test_the_formatters_print_what_is_in_a_frame() -> None:
    def with_a_local() -> None:
        header = f"Token {planted()}"
        raise Alarm(header)

    assert shown_by(raised(with_a_local)) == list(FORMATTERS)
    assert len(FORMATTERS) >= 4


def test_an_exception_from_inside_says_why_its_frames_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", fail)
    failure = raised(lambda: new_transport("http://127.0.0.1:9").post("/api/v1/x"))
    assert type(failure) is MemoryError
    assert failure.args == ("no more",)
    assert failure.__notes__ == ["Raised inside a request. Its frames are not shown, because they hold the token."]

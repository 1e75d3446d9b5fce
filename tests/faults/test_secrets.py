"""The token appears nowhere: all surfaces, a check that a leak would be found, and the whole program."""

from __future__ import annotations

import copy
import logging
import pickle
import re
import sqlite3
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

import ipywidgets as w
import pytest
from IPython.core.ultratb import AutoFormattedTB

import prolific_nb as pnb
from prolific_nb.sandbox import Sandbox

from .program import DATA, DESIGN, PLAN, client_of, review, sandbox

PLANTED = f"PLANTED-{uuid4().hex}"
_HALVES = PLANTED[:20], PLANTED[20:]  # a token that was cut in the middle is most of a token still
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def planted() -> str:
    """The token; a call in place of the name, which verbose tracebacks would show with its value."""
    return PLANTED


@contextmanager
def planted_sandbox(**options: Any) -> Iterator[Sandbox]:
    """A sandbox whose token is the planted one."""
    with mock.patch("prolific_nb.sandbox.serve.secrets.token_urlsafe", return_value=PLANTED):
        place = sandbox(**options)
    with place:
        yield place


# --- what is looked at ------------------------------------------------------------------------------------------


def surfaces(name: str, thing: Any) -> Iterator[tuple[str, str]]:
    """Name and text of everything that a person, a file or another program may get to see of a thing."""
    if isinstance(thing, bytes):
        yield name, thing.decode("latin-1")
    elif isinstance(thing, Path):
        for file in thing.rglob("*") if thing.is_dir() else [thing]:
            if file.is_file():
                yield f"{name} {file.name}", file.read_bytes().decode("latin-1")
    elif isinstance(thing, logging.LogRecord):
        yield f"{name} formatted", logging.Formatter().format(thing)
        yield f"{name} fields", repr(vars(thing))
    else:
        yield from _looks(name, thing)
        yield from _copies(name, thing)
    if isinstance(thing, BaseException):
        yield from _tracebacks(name, thing)


def _looks(name: str, thing: Any) -> Iterator[tuple[str, str]]:
    looks: dict[str, Callable[[], Any]] = {"str": lambda: str(thing), "repr": lambda: repr(thing)}
    looks["format"] = lambda: f"{thing}"
    looks["variables"] = lambda: vars(thing) if hasattr(thing, "__dict__") else ""
    for method in ("_repr_html_", "_repr_mimebundle_", "to_code", "get_state"):
        if not isinstance(thing, type) and hasattr(thing, method):
            looks[method] = getattr(thing, method)
    for look, make in looks.items():
        yield f"{name} {look}", str(make())
    for attribute in ("args", "__notes__"):
        yield f"{name} {attribute}", repr(getattr(thing, attribute, ""))


def _copies(name: str, thing: Any) -> Iterator[tuple[str, str]]:
    """Copies and pickles; whatever cannot be copied says so, and that is looked at in its place."""
    for way, make in {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": pickle.dumps}.items():
        try:
            made = make(thing)
        except Exception as failure:
            yield f"{name} {way} refused", f"{failure} {_locals(failure)}"
        else:
            yield f"{name} {way}", made.decode("latin-1") if isinstance(made, bytes) else f"{made!r} {made}"


def _tracebacks(name: str, failure: BaseException) -> Iterator[tuple[str, str]]:
    verbose = AutoFormattedTB(mode="Verbose")
    at = failure.__traceback__
    yield f"{name} %xmode Verbose", _COLOURS.sub("", verbose.text(type(failure), failure, at))
    with_locals = traceback.TracebackException.from_exception(failure, capture_locals=True)
    yield f"{name} traceback with locals", "".join(with_locals.format())
    chained = failure.__cause__ or failure.__context__  # seen by debuggers even after "from None"
    if chained is not None:
        yield from _looks(f"{name} chained", chained)
        yield from _tracebacks(f"{name} chained", chained)


def _locals(failure: BaseException) -> list[str]:
    """Every local variable; the tracebacks of Python and IPython stumble over the half-made objects of a copy."""
    found = []
    for frame, _ in traceback.walk_tb(failure.__traceback__):
        for value in frame.f_locals.values():
            with suppress(AttributeError):
                found.append(repr(value))
    return found


def leaks(**things: Any) -> list[str]:
    """The names of the surfaces on which the token stands."""
    shown = [each for name, thing in things.items() for each in surfaces(name, thing)]
    assert shown
    return [name for name, text in shown if any(half in text for half in _HALVES)]


def raised(act: Callable[[], Any]) -> BaseException:
    """What an act raises."""
    try:
        act()
    except BaseException as failure:  # an interrupt too
        return failure
    raise AssertionError("nothing was raised")


@contextmanager
def overheard(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[[], dict[str, Any]]]:
    """Everything that is printed and logged meanwhile, at the lowest level of every logger."""
    names = ("", "urllib3", "requests", "werkzeug", "prolific_nb", "filelock", "asyncio", "prolific_nb.sandbox.app")
    for logger in names:
        caplog.set_level(logging.DEBUG, logger=logger or None)

    def so_far() -> dict[str, Any]:
        printed = capfd.readouterr()
        logged = {f"log{number}": record for number, record in enumerate(caplog.records)}
        return {"stdout": printed.out.encode(), "stderr": printed.err.encode(), **logged}

    yield so_far


# --- the proof that a leak would be found -----------------------------------------------------------------------


class Plain:
    def __init__(self) -> None:
        self.inner = planted()


class Loud(Plain):
    __slots__ = ()

    def __repr__(self) -> str:
        return f"Loud({self.inner})"


class Html:
    def _repr_html_(self) -> str:
        return f"<b>{planted()}</b>"


class Noted(ValueError):
    def __init__(self) -> None:
        super().__init__("no word of it")
        self.add_note(planted())


def with_a_local() -> None:
    header = f"Token {planted()}"
    raise ValueError(f"{len(header)} letters")


def chained() -> None:
    try:
        with_a_local()
    except ValueError as failure:
        raise KeyError("other") from failure


def hushed() -> None:
    try:
        raise ValueError(planted())
    except ValueError:
        raise KeyError("other") from None


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (planted, "x str"),
        (lambda: planted()[:-3], "x str"),
        (lambda: f"b{planted()}".encode(), "x"),
        (Loud, "x repr"),
        (Plain, "x variables"),
        (Plain, "x pickle"),
        (Html, "x _repr_html_"),
        (lambda: w.Text(planted()), "x get_state"),
        (lambda: ValueError({"Authorization": planted()}), "x args"),
        (Noted, "x __notes__"),
        (lambda: raised(with_a_local), "x %xmode Verbose"),
        (lambda: raised(with_a_local), "x traceback with locals"),
        (lambda: raised(chained), "x %xmode Verbose"),
        (lambda: raised(chained), "x chained traceback with locals"),
        (lambda: raised(hushed), "x chained str"),
        (lambda: logging.makeLogRecord({"msg": "sent %s", "args": (planted(),)}), "x formatted"),
        (lambda: logging.makeLogRecord({"msg": "sent", "headers": planted()}), "x fields"),
    ],
)
def test_a_leak_is_found(make: Callable[[], Any], where: str) -> None:
    assert where in leaks(x=make())


def test_a_leak_in_a_file_or_in_what_is_printed_or_logged_is_found(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.sqlite-journal").write_bytes(b"\xff\x00" + PLANTED.encode())
    with overheard(capfd, caplog) as so_far:
        print(PLANTED)
        logging.getLogger("urllib3.connectionpool").debug("send: %s", PLANTED)
        assert leaks(**so_far(), folder=tmp_path) == [
            *("stdout", "log0 formatted", "log0 fields", "folder x.sqlite-journal")
        ]


# --- the whole program ------------------------------------------------------------------------------------------


def keeping_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite deletes its journal after each transaction; here it stays, to be read."""
    connect = sqlite3.connect

    def connected(*given: Any, **options: Any) -> sqlite3.Connection:
        db = connect(*given, **options)
        db.execute("PRAGMA journal_mode=PERSIST")
        return db

    monkeypatch.setattr("prolific_nb.study.ledger.sqlite3.connect", connected)


def everything(client: Any) -> dict[str, Any]:
    """From a quote to a paid bonus, as a person does it; returns whatever that person gets into their hands."""
    quote = pnb.quote(client, DATA, DESIGN, PLAN)
    run = pnb.launch(client, DATA, DESIGN, PLAN)
    news: list[Any] = []
    run.publish(max_cost="999.00").watch().subscribe(news.append)
    run.add_annotators(1, max_cost="99.00").wait(30)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the last way of joining is the one that goes
        answers = run.responses(include="all")
    proposal = review(run)
    applied = proposal.apply(max_cost="9.00")
    again = pnb.launch(client, DATA, DESIGN, PLAN)
    opened = pnb.open_run(study_id=run.study_id, client=client, data=DATA)
    parts = {name: getattr(client, name) for name in ("datasets", "batches", "studies", "submissions", "bonuses")}
    inner = {"transport": client._transport, "auth": client._transport._auth, "session": client._transport._session}
    found = {"quote": quote, "run": run, "proposal": applied, "again": again, "opened": opened, "answers": answers}
    found |= {"status": run.status(), "report": run.agreement(), "watch": run.watch(), "news": news, "runs": pnb.runs()}
    found |= {"people": run.submissions(), "me": client.me(), "study": client.studies.get(run.study_id)}
    found |= {"program": run.to_code(), "ledger": run.ledger, "steps": run.ledger.steps(run.key)}
    return {
        "client": client,
        "token": client._transport._auth._token,
        "other": client.using(),
        **parts,
        **inner,
        **found,
    }


@pytest.mark.parametrize("mode", ["SANDBOX", "LIVE"])
def test_the_whole_program_shows_and_keeps_no_token(
    mode: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    keeping_the_journal(monkeypatch)
    monkeypatch.setenv("PROLIFIC_TOKEN", PLANTED)
    with planted_sandbox() as place, overheard(capfd, caplog) as so_far:
        monkeypatch.setenv("PROLIFIC_URL", place.url)
        client = pnb.connect()
        client.mode, client.pace = mode, client_of(place).pace
        found = everything(client)
        assert leaks(**found, sandbox=repr(place), log=place.log, faults=place.faults) == []
        told = so_far()
        assert leaks(**told, folder=tmp_path) == []
    assert b"Creating the draft" in told["stdout"] + told["stderr"]
    assert {"urllib3.connectionpool", "prolific_nb.api.transport"} <= {record.name for record in caplog.records}
    assert {"prolific_nb.sqlite", "prolific_nb.sqlite-journal"} <= {path.name for path in tmp_path.iterdir()}
    assert [each.status for each in place.log if each.operation == "payBonuses"] == [202]  # it was the right token
    assert found["token"].reveal() == PLANTED

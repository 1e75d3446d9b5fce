"""Serving a study to colleagues until Ctrl-C: one link for each person, and how many are done."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

from ...api import Client
from ...common.display import notify, quoted, suppress_notices
from ...common.progress import silent
from ...study.ledger import Ledger
from ..connect import client_of
from ..launch import launch
from ..run import Run
from .participate import Participation, participate
from .study_program import read_program

_LINKS = 20  # unless a number is asked for
_EVERY = 2.0  # seconds between two looks at the study
_OTHERS = "--address"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_study(path: str, people: int | None, interface: str, port: int, db: str | None, *, tls: bool) -> None:
    """Serve the study of a program; returns only by an exception, such as KeyboardInterrupt.

    Parameters
    ----------
    path : str
        The program; see `read_program`.
    people : int, optional
        Number of links; by default one for each place, at most 20.
    interface : str
        The network interface to serve on; anything but 127.0.0.1 can be reached by others.
    port : int
        0 selects a free one.
    db : str, optional
        The file that keeps the answers; by default beside the working directory's files, named after the program.
    tls : bool
        Whether to serve https with a certificate made for this run.
    """
    from ...sandbox import People, Sandbox

    file = str(Path(db or f"{Path(path).stem}-answers.sqlite").absolute())
    here = interface in _LOOPBACK and not tls
    with closing(Sandbox(store=file, people=People.nobody(), port=port if here else 0)) as sandbox:
        url = sandbox.url if here else sandbox.serve_people(interface, port=port, tls=tls)
        client = client_of(sandbox, code=_connect(file), truth=None)
        client.ledger = Ledger(f"{file}.ledger.sqlite")
        with suppress_notices():
            run = _published(client, path)
            places = int(client.studies.get(run.study_id).total_available_places)
            wanted = min(places, _LINKS) if people is None else people
            made = participate(client, run.study_id, wanted, direct=True)
        notify(_words(run, made, url, file, interface, tls=tls))
        _watch(run)


def _connect(file: str) -> str:
    """The code that reads the answers in a file."""
    return f"pnb.connect(store={quoted(file)})"


def _published(client: Client, path: str) -> Run:
    """The study of the program; the same one each time, if program and file are the same."""
    program = read_program(path, client)
    run = launch(client, program.data, program.design, program.plan, flow=program.flow, on_progress=silent)
    return run.publish()


def _words(run: Run, made: Participation, url: str, file: str, interface: str, *, tls: bool) -> str:
    shown = [f"{url}{urlsplit(link).path}" for link in made.links]
    return "\n".join(
        [
            f"{run.plan.name}: no simulated participants, no money. One link for each person:",
            *(f"  {number}  {link}" for number, link in enumerate(shown, 1)),
            _reach(interface, url, tls=tls),
            f"Answers are kept in {file}. To read them, now or later:",
            f"  client = {_connect(file)}",
            f'  pnb.open_run(client=client, study_id="{run.study_id}").responses()',
            "Ctrl-C ends serving; the same command continues with the same links and answers.",
        ]
    )


def _reach(interface: str, url: str, *, tls: bool) -> str:
    if interface in _LOOPBACK:
        return f"Only this machine is served; {_OTHERS} serves others too."
    plain = (
        "" if tls else " It is sent without encryption; --tls encrypts it, with a certificate that browsers question."
    )
    return f"Everybody who can reach {url} can open a link that they have, and nothing without a link.{plain}"


def _watch(run: Run) -> None:
    """Print how many are done each time that this changes."""
    before = ""
    while True:
        counts = Counter(each.status for each in run.client.submissions.list(run.study_id))
        done = counts["AWAITING REVIEW"] + counts["APPROVED"]
        now = f"{done} done, {counts['ACTIVE']} active"
        if now != before:
            notify(now)
        before = now
        sleep(_EVERY)

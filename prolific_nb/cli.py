"""The command ``prolific-nb``."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Any, NoReturn

from .common.display import visible
from .common.version import __version__
from .errors import ArgumentError, InputError, LedgerBusy, LedgerError

_INTERRUPTED, _UNUSABLE, _FAILED = 130, 2, 1  # exit codes; 130 is what a shell reports for Ctrl-C


class _Unusable(Exception):
    """An argument cannot be used."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line: the usage that argparse prints before it hides what is wrong."""
        self.exit(_UNUSABLE, f"{self.prog}: {_one_line(message)}. See {self.prog} --help.\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Report what cannot be written, which argparse ignores."""
        if message and file is not None:
            file.write(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 success, 1 failure, 2 unusable input, 130 Ctrl-C."""
    interrupts = _Interrupts() if arguments is None else None
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe on Windows may be unable to encode Greek letters
    try:
        try:
            options = _parser().parse_args(arguments)
            return int(options.run(options))
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, not at the exit: a closed pipe or a full disk then has words of its own
    except (Exception, KeyboardInterrupt) as failure:
        _drop_output()
        stopped = isinstance(failure, KeyboardInterrupt) or (interrupts is not None and interrupts.seen)
        code, words = (_INTERRUPTED, "Interrupted.") if stopped else _explained(failure)
        _print_error(words)
        return code
    finally:
        if interrupts is not None:
            interrupts.over = True


class _Interrupts:
    """Ctrl-C in this process: the first ends the work in an orderly way; where that fails, it ends at once."""

    def __init__(self) -> None:
        self.seen = self.over = False
        with suppress(ValueError):  # not the main thread, which alone may set handlers
            signal.signal(signal.SIGINT, self._interrupt)
        # Python only reports an exception that arises in a callback, such as those of the import system, and goes on.
        sys.unraisablehook = self._unraisable

    def _interrupt(self, *_: object) -> None:
        if self.seen or self.over:
            self._end()
        self.seen = True
        raise KeyboardInterrupt

    def _unraisable(self, unraisable: Any) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._end()
        sys.__unraisablehook__(unraisable)

    def _end(self) -> NoReturn:
        with suppress(OSError):
            if not (self.seen and self.over):  # otherwise it was printed
                os.write(2, b"Interrupted.\n")
        os._exit(_INTERRUPTED)


def _explained(failure: BaseException) -> tuple[int, str]:
    """The exit code of a failure, and what is printed about it."""
    if isinstance(failure, InputError):
        only = failure.findings[0] if len(failure.findings) == 1 else None
        return _UNUSABLE, f"{visible(failure.subject)}: {only}" if only else str(failure)  # one line a finding
    if isinstance(failure, _Unusable) or (isinstance(failure, LedgerError) and not isinstance(failure, LedgerBusy)):
        return _UNUSABLE, _one_line(failure)
    if isinstance(failure, BrokenPipeError):
        return _FAILED, "The output was closed before all of it was written."
    if isinstance(failure, OSError) and failure.strerror:
        where = f"{failure.filename}: " if failure.filename else ""
        remedy = " Free some space, then run this again." if failure.errno in (ENOSPC, EDQUOT) else ""
        return _FAILED, _one_line(f"{where}{failure.strerror}.{remedy}")
    return _FAILED, _one_line(f"{type(failure).__name__}: {failure}")


def _one_line(message: object) -> str:
    return visible(" ".join(str(message).split()))


def _print_error(words: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            print(words, file=sys.stderr, flush=True)


def _drop_output() -> None:
    """Discard output that cannot be written: Python would try again at the exit, and report that."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="prolific-nb", description="Human annotation with Prolific's Task Builder.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="simulated participants annotate a CSV; writes a table and a plot")
    demo.add_argument("csv", nargs="?", metavar="CSV", help="your own file; default: the 120 bundled product reviews")
    demo.add_argument("--show", action="append", default=[], metavar="COLUMN", help="a column to show; repeatable")
    demo.add_argument("--out", type=Path, default=Path("prolific-nb-demo"), metavar="DIR", help="default: %(default)s")
    demo.add_argument("--seed", type=int, default=0, metavar="N", help="same seed, same answers; default: 0")
    demo.set_defaults(run=_demo)
    runs = commands.add_parser("runs", help="list the runs launched on this machine")
    where = "default: what PROLIFIC_NB_LEDGER names, or the ledger in your user data folder"
    runs.add_argument("--ledger", type=Path, metavar="FILE", help=where)
    runs.set_defaults(run=_runs)
    participate = commands.add_parser("participate", help="serve a study to colleagues, who take it in a browser")
    participate.add_argument(
        "program", metavar="STUDY.PY", help="a program that launches a study, as Show code writes it"
    )
    participate.add_argument(
        "--people", type=int, metavar="N", help="number of links; default: one for each place, up to 20"
    )
    other = "network interface to serve on, such as 0.0.0.0 for all; default: this machine only"
    participate.add_argument("--address", default="127.0.0.1", metavar="A", help=other)
    participate.add_argument("--port", type=int, default=0, metavar="P", help="default: any free port")
    participate.add_argument("--db", metavar="FILE", help="the file of the answers; default: STUDY-answers.sqlite")
    participate.add_argument("--tls", action="store_true", help="serve https (needs the package trustme)")
    participate.set_defaults(run=_participate)
    sandbox = commands.add_parser("sandbox", help="serve a local Prolific with simulated participants")
    sandbox.add_argument("--port", type=int, default=0, metavar="P", help="default: any free port")
    sandbox.add_argument("--db", default=":memory:", metavar="FILE", help="keep the state in a file")
    sandbox.add_argument(
        "--speed", type=float, default=600.0, metavar="S", help="sandbox seconds per real second; default: %(default)s"
    )
    sandbox.add_argument("--seed", type=int, default=0, metavar="N", help="same seed, same answers; default: 0")
    begins = "when its calendar begins, such as 2026-01-05; default: today"
    sandbox.add_argument("--start", metavar="DATE", help=begins)
    sandbox.add_argument("--truth", metavar="COLUMN", help="a column that holds the correct answers")
    sandbox.add_argument(
        "--profile", default="2026-11", metavar="NAME", help="version of Prolific to emulate: 2026-11 or 2026-07"
    )
    switch = "one setting of the profile, such as answer_times=per_answer or typed_datasets=no; repeatable"
    sandbox.add_argument("--switch", action="append", default=[], type=_switch, metavar="NAME=VALUE", help=switch)
    tls = "serve https with a certificate made for this run; its path is printed (needs the package trustme)"
    sandbox.add_argument("--tls", action="store_true", help=tls)
    sandbox.set_defaults(run=_sandbox)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from .demo import demo

    demo(options.csv, options.show, options.out, options.seed)
    return 0


def _participate(options: argparse.Namespace) -> int:
    from .sandbox.storage.store import UnusableFile
    from .workflow.participation.serve_study import serve_study

    given = (options.program, options.people, options.address, options.port, options.db)
    try:
        serve_study(*given, tls=options.tls)
    except (ArgumentError, UnusableFile) as failure:
        raise _Unusable(str(failure)) from None
    return 0


def _runs(options: argparse.Namespace) -> int:
    from .study.ledger import Ledger
    from .workflow.reopen import runs

    ledger = Ledger(options.ledger)
    path = visible(ledger.path)
    if not ledger.exists:
        print(
            f"There are no runs: the ledger {path} does not exist yet. "
            "Runs of a sandbox in memory, such as those of prolific-nb demo, are not recorded there."
        )
        return 0
    frame = runs(ledger)
    shown = frame[["key", "mode", "stage", "name", "study_id", "made"]].map(visible)
    print(f"Runs in {path}\n{shown.to_string(index=False)}" if len(frame) else f"There are no runs in {path}.")
    return 0


def _switch(text: str) -> tuple[str, bool | str]:
    """A switch as typed on the command line: ``answer_times=per_answer``, ``typed_datasets=no``."""
    name, _, value = text.partition("=")
    return name, {"yes": True, "true": True, "no": False, "false": False}.get(value.lower(), value)


def _sandbox(options: argparse.Namespace) -> int:
    from .sandbox.serve import until_signal
    from .sandbox.storage.store import UnusableFile

    given = {name: getattr(options, name) for name in ("port", "speed", "seed", "start", "truth", "profile", "tls")}
    switches = dict(options.switch)
    if taken := sorted({*given, "store", "people", "faults", "wall"} & switches.keys()):
        raise _Unusable(f"There is no setting {taken[0]!r}; see prolific-nb sandbox --help.")
    try:
        stopped_by = until_signal(store=options.db, **given, **switches)
    except (ValueError, UnusableFile) as failure:  # raised for arguments only, before anything is served
        raise _Unusable(str(failure)) from None
    if stopped_by == signal.SIGINT:
        raise KeyboardInterrupt
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The command ``prolific-nb``."""

from __future__ import annotations

import argparse
import io
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from .common.version import __version__
from .errors import InputError, ProlificError

_LEDGER = "prolific_nb.sqlite"  # as in study.ledger, which the other commands should not have to load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 success, 1 failure, 2 unusable input."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe on Windows may be unable to encode Greek letters
    try:
        return int(options.run(options))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except (ProlificError, OSError, OverflowError, ValueError, sqlite3.Error) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="prolific-nb", description="Human annotation with Prolific's Task Builder.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="simulated participants annotate a CSV; writes a table and a plot")
    demo.add_argument("csv", nargs="?", metavar="CSV", help="your own file; default: the 120 bundled product reviews")
    demo.add_argument("--show", action="append", default=[], metavar="COLUMN", help="a column to show; repeatable")
    demo.add_argument("--out", type=Path, default=Path("prolific-nb-demo"), metavar="DIR", help="default: %(default)s")
    demo.add_argument("--seed", type=int, default=0, metavar="N", help="same seed, same answers; default: 0")
    demo.set_defaults(run=_demo)
    runs = commands.add_parser("runs", help="list the runs launched from this folder")
    runs.add_argument("--ledger", type=Path, default=Path(_LEDGER), metavar="FILE", help="default: %(default)s")
    runs.set_defaults(run=_runs)
    sandbox = commands.add_parser("sandbox", help="serve a local Prolific with simulated participants")
    sandbox.add_argument("--port", type=int, default=0, metavar="P", help="default: any free port")
    sandbox.add_argument("--db", default=":memory:", metavar="FILE", help="keep the state in a file")
    sandbox.add_argument(
        "--speed", type=float, default=600.0, metavar="S", help="sandbox seconds per real second; default: %(default)s"
    )
    sandbox.add_argument("--seed", type=int, default=0, metavar="N", help="same seed, same answers; default: 0")
    sandbox.add_argument("--truth", metavar="COLUMN", help="a column that holds the correct answers")
    sandbox.add_argument(
        "--profile", default="2026-11", metavar="NAME", help="version of Prolific to emulate: 2026-11 or 2026-07"
    )
    switch = "one setting of the profile, such as paging=offset or typed_datasets=no; repeatable"
    sandbox.add_argument("--switch", action="append", default=[], type=_switch, metavar="NAME=VALUE", help=switch)
    sandbox.set_defaults(run=_sandbox)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from .demo import demo

    demo(options.csv, options.show, options.out, options.seed)
    return 0


def _runs(options: argparse.Namespace) -> int:
    from .workflow.reopen import runs

    frame = runs(options.ledger)
    shown = frame[["key", "mode", "stage", "name", "study_id", "made"]]
    print(shown.to_string(index=False) if len(frame) else f"There are no runs in {options.ledger}.")
    return 0


def _switch(text: str) -> tuple[str, bool | str]:
    """A switch as typed on the command line: ``paging=offset``, ``typed_datasets=no``."""
    name, _, value = text.partition("=")
    return name, {"yes": True, "true": True, "no": False, "false": False}.get(value.lower(), value)


def _sandbox(options: argparse.Namespace) -> int:
    from .sandbox.serve import serve

    given = {name: getattr(options, name) for name in ("port", "db", "speed", "seed", "truth", "profile")}
    return serve(**given, **dict(options.switch))


if __name__ == "__main__":
    sys.exit(main())

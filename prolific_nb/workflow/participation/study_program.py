"""What a program is about: the data, the design and the plan that it launches, or names so."""

from __future__ import annotations

import io
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any, NoReturn

from ...api import Client
from ...common.findings import Finding
from ...data import Dataset, as_dataset
from ...design import Design
from ...errors import InputError
from ...study import StudyPlan


@dataclass(frozen=True)
class StudyProgram:
    """The parts of a study.

    Parameters
    ----------
    data, design, plan
        As for `launch`.
    flow : {"layout", "instructions"}
    """

    data: Dataset
    design: Design
    plan: StudyPlan
    flow: str = "layout"


class _Launched(BaseException):
    """The program has come to its launch; no handler of the program catches this."""

    def __init__(self, program: StudyProgram) -> None:
        super().__init__()
        self.program = program


def read_program(path: str, client: Client) -> StudyProgram:
    """Run a program up to its launch, and return what it would launch.

    Such programs are what ``run.to_code()`` and the studio's "Show code" write. Wherever they connect, also with
    ``live=True``, they get `client`; what follows the launch is not run. A program without a launch is run to its end,
    and has to define ``data``, ``design`` and ``plan``.

    Raises
    ------
    InputError
        The file cannot be read, fails, or does not define a study.
    """
    if not Path(path).is_file():
        raise InputError(
            path, [Finding("error", "There is no such file.", "Name a Python program that launches a study.")]
        )
    try:
        with _until_launch(path, client), redirect_stdout(io.StringIO()):
            names = runpy.run_path(path, run_name="__main__")
    except _Launched as stopped:
        return stopped.program
    except (Exception, SystemExit) as failure:
        raise InputError(path, [_failed(path, failure)]) from None
    return _named(path, names)


@contextmanager
def _until_launch(path: str, client: Client) -> Iterator[None]:
    """The package as the program sees it, whose `launch` ends it."""
    import prolific_nb

    def connect(**_: Any) -> Client:
        return client

    def launch(_: Any, data: Any, design: Design, plan: StudyPlan, *, flow: str = "layout", **__: Any) -> NoReturn:
        raise _Launched(StudyProgram(as_dataset(data), design, plan, flow))

    replaced: dict[str, Any] = {"connect": connect, "launch": launch}
    before, arguments, folders = {name: getattr(prolific_nb, name) for name in replaced}, sys.argv, list(sys.path)
    sys.argv, sys.path[:] = [path], [str(Path(path).resolve().parent), *sys.path]
    vars(prolific_nb).update(replaced)
    try:
        yield
    finally:
        vars(prolific_nb).update(before)
        sys.argv, sys.path[:] = arguments, folders


def _failed(path: str, failure: BaseException) -> Finding:
    """Where a program failed, and why."""
    own = [frame.lineno for frame in extract_tb(failure.__traceback__) if frame.filename == path]
    line = own[-1] if own else getattr(failure, "lineno", None)
    where = f"Line {line}: " if line else ""
    return Finding("error", f"{where}{type(failure).__name__}: {failure}", "Run it with python, and correct it.")


def _named(path: str, names: dict[str, Any]) -> StudyProgram:
    wanted: dict[str, type] = {"data": Dataset, "design": Design, "plan": StudyPlan}
    missing = [
        Finding(
            "error", f"It defines no {name}, a {kind.__name__}.", "Write it as run.to_code() does, or launch there."
        )
        for name, kind in wanted.items()
        if not isinstance(names.get(name), kind)
    ]
    if missing:
        raise InputError(path, missing)
    return StudyProgram(names["data"], names["design"], names["plan"])

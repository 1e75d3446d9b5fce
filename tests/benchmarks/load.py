"""The largest study that a sandbox is made for, and the most clients at once.

Run as ``python -m tests.benchmarks load``. A study of 10,000 rows with five annotators each is set up, answered and
fetched as the tidy frame, by a client and a sandbox in one new process, of which the whole time and the largest
resident memory count; with the times of single answers too, and then also with two questions about each row. The
seconds beside the time are those of set-up, answers, and fetching. Then 32 clients do mixed work on one file for a
minute, as in the benchmark ``sandbox``: everything that was acknowledged must be found at the end. An error ends the
benchmark.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prolific_nb.common.plurals import counted

from .measuring import Row, limit

ROWS, ANNOTATORS = 10_000, 5
CLIENTS, SECONDS = 32, 60
MOST_SECONDS = 60
MOST_MEMORY = 500  # MiB


def reviews(count: int) -> bytes:
    """A CSV of different reviews of about a hundred characters."""
    text = "Room {0} was clean, the staff were friendly and the breakfast was good; we would come back any time. {0}"
    return ("review\n" + "".join(f'"{text.format(number)}"\n' for number in range(count))).encode()


def one_study(answer_times: str, questions: int = 1, count: int = ROWS) -> dict[str, Any]:
    """Set up, answer and fetch one study in this process: its seconds by step, its answers, its peak of memory."""
    import prolific_nb as pnb
    from prolific_nb.common.progress import silent

    at, steps = time.perf_counter(), dict[str, float]()

    def passed(step: str) -> None:
        steps[step] = time.perf_counter() - at - sum(steps.values())

    data = pnb.read_data(reviews(count))
    design = pnb.Design("Reviews", introduction="<p>Read.</p>", steps="<p>Choose.</p>").show("review")
    design = design.choose("How does the writer feel?", ["good", "bad", "mixed"])
    design = design.choose("What is it about?", ["room", "staff", "food"]) if questions == 2 else design
    plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=ANNOTATORS, tasks_per_group=10)
    run = pnb.launch(pnb.connect(answer_times=answer_times), data, design, plan, on_progress=silent)
    passed("set up")
    run.publish(max_cost="100000")
    run.wait()
    passed("answered")
    frame = run.responses()
    passed("fetched")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"steps": steps, "answers": len(frame), "peak": peak}


def in_new_process(answer_times: str, questions: int) -> dict[str, Any]:
    """`one_study` in a process and a folder of its own."""
    code = f"import json\nfrom {__name__} import one_study\nprint(json.dumps(one_study({answer_times!r}, {questions})))"
    root = str(Path(__file__).parents[2])
    with TemporaryDirectory() as folder:
        settings = {**os.environ, "PYTHONPATH": root}
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=settings, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def studies() -> Iterator[Row]:
    """Time and memory of one study, for both ways in which responses may be stored, and with a second question."""
    for times, questions in (("per_submission", 1), ("per_answer", 1), ("per_answer", 2)):
        found = in_new_process(times, questions)
        assert found["answers"] == ROWS * ANNOTATORS * questions, found
        name, steps = f"{ROWS:,} rows × {ANNOTATORS} × {counted(questions, 'question')}, {times}", found["steps"]
        row = limit(f"{name}: time", sum(steps.values()), MOST_SECONDS, "s")
        yield replace(row, peer=" + ".join(f"{each:.0f}" for each in steps.values()) + " s")
        yield limit(f"{name}: memory", found["peak"], MOST_MEMORY, "MiB")


def clients(folder: Path) -> Row:
    """32 clients of one sandbox on one file."""
    from prolific_nb.sandbox import Sandbox
    from tests.sandbox.crowd import Common, Researcher, client_of, judge, work

    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(store=folder / "load.sqlite", speed=30_000.0))
        common = Common.make(sandbox, folder)
        researchers = [Researcher(number, client_of(sandbox), common) for number in range(CLIENTS)]
        end = time.monotonic() + SECONDS
        acts = work(researchers, lambda _: time.monotonic() < end)
        found = sum(judge(researchers, [sandbox]).values())
    return Row(
        f"{CLIENTS} clients for {SECONDS} s, {found} things made", f"{acts} actions", target="none lost", ok=True
    )


def rows() -> Iterator[Row]:
    """One large study, then many clients."""
    yield from studies()
    with TemporaryDirectory() as folder:
        yield clients(Path(folder))

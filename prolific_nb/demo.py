"""The demonstration: a CSV goes to simulated people and comes back as a table and a plot."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .common.display import notify
from .common.findings import Finding, Findings
from .data import Dataset, read_data, sample_data
from .design import Design
from .errors import InputError
from .report import AgreementReport
from .study import StudyPlan, quote
from .workflow.connect import embedded
from .workflow.launch import launch
from .workflow.run import Run

FILES = ("responses.csv", "questions.json", "agreement.csv", "agreement.png", "study.py")
_TRUTH = "sentiment"  # hidden column of the bundled reviews
_SAVING = """
answers.to_csv("responses.csv", index=False)
report.table.to_csv("agreement.csv", index=False)
axes.figure.savefig("agreement.png", dpi=150)
"""


def demo(source: str | None, show: list[str], out: Path, seed: int) -> AgreementReport:
    """Ask simulated people about a CSV, and keep what comes back.

    Parameters
    ----------
    source : str or None
        Path of a CSV; None for the bundled reviews.
    show : list of str
        Columns that participants see; empty: the column with the most text.
    out : Path
        Folder for ``responses.csv, questions.json, agreement.csv, agreement.png, study.py``; made if missing.
    seed : int
        The same seed gives the same people and answers.

    Raises
    ------
    InputError
        With every finding; nothing was sent.
    """
    data = sample_data() if source is None else read_data(_absolute(source))
    design = compose(data, show, own=source is not None)
    refuse(data, design, out)
    client = embedded(seed=seed, truth=_TRUTH if source is None else None)
    plan = StudyPlan(design.name, reward="1.50", minutes=6)
    notify(f"People are shown: {', '.join(design.shown)}")
    notify(f"{replace(quote(client, data, design, plan), findings=_worth_saying(data, design))}\n")
    with (
        TemporaryDirectory() as folder
    ):  # its sandbox is gone when it ends: nothing worth a ledger in the user's folder
        run = launch(client, data, design, plan, ledger=Path(folder, "ledger.sqlite")).publish().wait()
    report = save(run, out)
    table = report.table.drop(columns=["option", "note"]).to_string(index=False, float_format="{:.2f}".format)
    notify(f"\n{table}\n\n{report.headline}\n\nIn {out}: {', '.join(FILES)}")
    return report


def _absolute(source: str) -> str:
    """The path as the written program needs it: it may be run in another folder. Web addresses stay as they are."""
    return source if "://" in source or not source else os.path.abspath(source)


def refuse(data: Dataset, design: Design, out: Path) -> None:
    """Raise with every finding, if one is an error, before anything is started."""
    errors = list(data.check().errors)
    if not design.shown:
        what = "No column holds text, pictures, sound or film to show."
        errors.append(Finding("error", what, "Name one: --show COLUMN."))
    errors += design.check(data).errors
    if out.exists() and not out.is_dir():
        errors.append(Finding("error", f"{out} is a file.", "Name a folder: --out DIR.", place="--out"))
    if errors:
        raise InputError(data.name, errors)


def _worth_saying(data: Dataset, design: Design) -> Findings:
    """Findings about what people see: those about hidden columns do not matter to a demonstration."""
    found = data.check() + design.check(data)
    return Findings(each for each in found if each.column is None or each.column in design.shown)


def compose(data: Dataset, show: list[str], *, own: bool) -> Design:
    """A single choice and a free text about the shown columns."""
    columns = show or data.text_columns[:1]
    if own:
        name, question, options = data.name, "How do you feel about this item?", ["positive", "neutral", "negative"]
        introduction = "<p>Look at each item and tell us how you feel about it.</p>"
    else:
        name, question, options = "Review sentiment", "How does the writer feel?", ["good", "bad", "mixed"]
        introduction = "<p>Read each review and tell us how its writer feels about the product.</p>"
    design = Design(name, introduction=introduction, steps="<ol><li>Read.</li><li>Choose.</li><li>Say why.</li></ol>")
    for column in columns:
        design = design.show(column)
    return design.choose(question, options).write("What made you think so?")


def save(run: Run, out: Path) -> AgreementReport:
    """Write the answers, the questions, the agreement as table and picture, and the program that repeats it."""
    import matplotlib

    matplotlib.use("agg")  # a command needs no window
    out.mkdir(parents=True, exist_ok=True)
    answers, report = run.responses(), run.agreement()
    answers.to_csv(out / "responses.csv", index=False)
    report.table.to_csv(out / "agreement.csv", index=False)
    axes: Any = report.plot()  # its figure is a Figure or a part of one, which cannot be told from its type
    axes.figure.savefig(out / "agreement.png", dpi=150)
    (out / "questions.json").write_text(run.codebook.to_json() + "\n", encoding="utf-8")
    (out / "study.py").write_text(run.to_code() + _SAVING, encoding="utf-8")
    return report

"""The demo: simulated participants annotate a CSV; the results are a table and a plot."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from .common.display import notify, suppress_notices
from .common.findings import Finding, Findings
from .data import Dataset, read_data, sample_data
from .design import Design
from .errors import InputError
from .report import AgreementReport
from .responses.spreadsheet import NOTICE, is_guarded, save_table
from .study import StudyPlan, quote
from .workflow.connect import embedded
from .workflow.launch import launch
from .workflow.run import Run

FILES = ("responses.csv", "questions.json", "agreement.csv", "agreement.png", "study.py")
_TRUTH = "sentiment"  # hidden column of the bundled reviews
_SAVING = """
pnb.save_table(answers, "responses.csv")
pnb.save_table(report.table, "agreement.csv")
axes.figure.savefig("agreement.png", dpi=150)
"""


def demo(source: str | None, show: list[str], out: Path, seed: int) -> AgreementReport:
    """Annotate a CSV with simulated participants and save the results.

    Parameters
    ----------
    source : str or None
        Path of a CSV; None for the bundled reviews.
    show : list of str
        Columns that participants see; if empty, the column with the most text.
    out : Path
        Folder for ``responses.csv, questions.json, agreement.csv, agreement.png, study.py``; created if missing. If it
        holds the demo of other data, or a file of these names from elsewhere, a new folder beside it is used.
    seed : int
        The same seed gives the same participants and answers.

    Raises
    ------
    InputError
        With every finding; nothing was sent.
    """
    data = sample_data() if source is None else read_data(_absolute(source))
    out = free_folder(out, data)
    design = compose(data, show, own=source is not None)
    refuse(data, design, out)
    client = embedded(seed=seed, truth=_TRUTH if source is None else None)
    plan = StudyPlan(design.name, reward="1.50", minutes=6)
    notify(f"Columns shown to participants: {', '.join(design.shown)}")
    notify(f"{replace(quote(client, data, design, plan), findings=_visible_findings(data, design))}\n")
    # The sandbox is gone when the demo ends, so its ledger does not belong in the user's folder.
    with TemporaryDirectory() as folder:
        run = launch(client, data, design, plan, ledger=Path(folder, "ledger.sqlite")).publish().wait()
    report = save(run, out)
    table = report.table.drop(columns=["option", "note"]).to_string(index=False, float_format="{:.2f}".format)
    notify(f"\n{table}\n\n{report.headline}\n\nIn {out}: {', '.join(FILES)}")
    return report


def free_folder(out: Path, data: Dataset) -> Path:
    """The folder, or if it holds results about other data, the first one beside it that does not; said if so."""
    chosen, number = out, 1
    while not _replaceable(chosen, data):
        number += 1
        chosen = out.with_name(f"{out.name}-{number}")
    if chosen != out:
        notify(f"{out} holds the results of other data; these go to {chosen}.")
    return chosen


def _replaceable(out: Path, data: Dataset) -> bool:
    """Whether nothing but an earlier demo of the same data would be overwritten."""
    if not any(os.path.lexists(out / name) for name in FILES):
        return True
    try:
        return data.to_code() in (out / "study.py").read_text(encoding="utf-8")
    except (OSError, ValueError):  # there is no program, or not one of a demo
        return False


def _absolute(source: str) -> str:
    """An absolute path, since study.py may be run in another folder. URLs are left unchanged."""
    return source if "://" in source or not source else os.path.abspath(source)


def refuse(data: Dataset, design: Design, out: Path) -> None:
    """Raise with every error found, before anything is started."""
    errors = list(data.check().errors)
    if not design.shown:
        what = "No column contains text, images, audio or video to show."
        names = ", ".join(map(repr, list(data.columns)[:10])) + (", …" if len(data.columns) > 10 else "")
        errors.append(Finding("error", what, f"Choose a column with --show COLUMN; the data has {names}."))
    errors += design.check(data).errors
    if os.path.lexists(out) and not out.is_dir():
        errors.append(Finding("error", f"{out} is a file.", "Choose a folder: --out DIR.", place="--out"))
    if errors:
        raise InputError(data.name, errors)
    try:
        out.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=out).close()
    except OSError as failure:
        what = f"The results cannot be written to {out}: {failure.strerror or failure}."
        unwritable = Finding("error", what, "Choose another folder: --out DIR.", place="--out")
        raise InputError(data.name, [unwritable]) from None


def _visible_findings(data: Dataset, design: Design) -> Findings:
    """Findings about shown columns only: hidden columns do not matter to a demo."""
    found = data.check() + design.check(data)
    return Findings(each for each in found if each.column is None or each.column in design.shown)


def compose(data: Dataset, show: list[str], *, own: bool) -> Design:
    """A single-choice question and a free-text question about the shown columns."""
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
    """Write the responses, the questions, the agreement as a table and a plot, and the program that repeats it."""
    import matplotlib

    matplotlib.use("agg")  # a command must not open a window
    report = run.agreement()
    with suppress_notices():  # the note on times is for those who analyse the table
        answers = run.responses()
    for name, frame in (("responses.csv", answers), ("agreement.csv", report.table)):
        save_table(frame, out / name, questions=False)  # questions.json has them
        if is_guarded(frame):
            notify(f"{name}: {NOTICE}")
    axes: Any = report.plot()  # its figure is typed as Figure | SubFigure, and only a Figure can be saved
    axes.figure.savefig(out / "agreement.png", dpi=150)
    (out / "questions.json").write_text(run.codebook.to_json() + "\n", encoding="utf-8")
    (out / "study.py").write_text(run.to_code() + _SAVING, encoding="utf-8")
    return report

"""The demonstration: a CSV goes to simulated people and comes back as a table and a plot."""

from __future__ import annotations

from pathlib import Path

from .connection import embedded
from .data import Dataset, read_data, sample_data
from .design import Design
from .display import say
from .errors import DataError, InputError
from .findings import Finding
from .report import AgreementReport
from .run import Run, launch
from .study import StudyPlan, quote

_TRUTH = "sentiment"  # hidden column of the bundled reviews
_SAVING = """answers.to_csv("responses.csv", index=False)
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
    data = read_data(Path(source).absolute()) if source else sample_data()
    design = compose(data, show, own=source is not None)
    errors = data.check().errors + design.check(data).errors
    if errors:
        raise InputError(data.name, errors)
    client = embedded(seed=seed, truth=None if source else _TRUTH)
    plan = StudyPlan(design.name, reward="1.50", minutes=6)
    say(f"{quote(client, data, design, plan)}\n")
    run = launch(client, data, design, plan).publish().wait()
    report = save(run, out)
    say(f"\n{report.table.round(2).to_string(index=False)}\n\n{report.headline}\n\nEverything is in {out}:")
    say("  " + ", ".join(sorted(path.name for path in out.iterdir())))
    return report


def compose(data: Dataset, show: list[str], *, own: bool) -> Design:
    """A single choice and a free text about the shown columns."""
    columns = show or _column_to_show(data)
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


def _column_to_show(data: Dataset) -> list[str]:
    columns = list(data.text_columns[:1])
    if columns:
        return columns
    raise DataError(
        data.name,
        [Finding("error", "No column holds text, pictures, sound or film to show.", "Name one: --show COLUMN.")],
    )


def save(run: Run, out: Path) -> AgreementReport:
    """Write the answers, the questions, the agreement as table and picture, and the program that repeats it."""
    import matplotlib

    matplotlib.use("agg")  # a command needs no window
    out.mkdir(parents=True, exist_ok=True)
    answers, report = run.responses(), run.agreement()
    answers.to_csv(out / "responses.csv", index=False)
    report.table.to_csv(out / "agreement.csv", index=False)
    figure = report.plot().get_figure(root=True)
    if figure is not None:
        figure.savefig(out / "agreement.png", dpi=150)
    (out / "questions.json").write_text(run.codebook.to_json() + "\n", encoding="utf-8")
    (out / "study.py").write_text(run.to_code() + _SAVING, encoding="utf-8")
    return report

"""``prolific-nb demo``, run in its own process as a new user would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.cli import main
from prolific_nb.data import read_data
from prolific_nb.demo import compose

FILES = {"responses.csv", "questions.json", "agreement.csv", "agreement.png", "study.py"}


def command(*arguments: str, where: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "import sys; from prolific_nb.cli import main; sys.exit(main())", *arguments]
    return subprocess.run(
        program, cwd=where, capture_output=True, text=True, env=os.environ | environment, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    where = tmp_path_factory.mktemp("bundled")
    done = command("demo", where=where, PROLIFIC_TOKEN="planted-secret", PROLIFIC_URL="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    return where / "prolific-nb-demo", done.stdout


def test_it_writes_its_files_and_prints_a_summary(bundled: tuple[Path, str]) -> None:
    out, printed = bundled
    assert {path.name for path in out.iterdir()} == FILES
    assert printed.startswith("SANDBOX")
    assert "36 submissions" in printed
    assert "hourly pay" in printed
    assert "Simulated people" in printed
    assert "Note" not in printed, "the times of single answers do not matter to a first command"
    agreement = pd.read_csv(out / "agreement.csv")
    assert list(agreement.columns)[:6] == ["question", "coefficient", "value", "low", "high", "n_units"]
    assert (agreement["low"] < agreement["value"]).all()
    assert (agreement["value"] < agreement["high"]).all()
    assert len(pd.read_csv(out / "responses.csv")) == 120 * 3 * 2
    questions = json.loads((out / "questions.json").read_text())
    assert [question["kind"] for question in questions] == ["single", "text"]
    assert (out / "agreement.png").read_bytes().startswith(b"\x89PNG")


def test_the_token_in_the_environment_is_not_used(bundled: tuple[Path, str]) -> None:
    out, printed = bundled
    assert "planted-secret" not in printed + "".join(path.read_text(errors="replace") for path in out.iterdir())


def test_simulated_participants_follow_the_hidden_truth(bundled: tuple[Path, str]) -> None:
    answers = pd.read_csv(bundled[0] / "responses.csv")
    picks = answers[answers["type"] == "multiple_choice"]
    assert 0.7 < (picks["value"] == picks["sentiment"]).mean() < 0.98


def test_the_same_seed_gives_the_same_bytes_in_another_process(bundled: tuple[Path, str], tmp_path: Path) -> None:
    again = command("demo", "--out", "again", "--seed", "0", where=tmp_path, PYTHONHASHSEED="7")
    assert again.returncode == 0, again.stderr
    for name in ("responses.csv", "agreement.csv", "questions.json"):
        assert (tmp_path / "again" / name).read_bytes() == (bundled[0] / name).read_bytes()


def test_the_written_program_reproduces_the_files_in_an_empty_folder(bundled: tuple[Path, str], tmp_path: Path) -> None:
    program = tmp_path / "study.py"
    program.write_bytes((bundled[0] / "study.py").read_bytes())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROLIFIC")}
    done = subprocess.run(
        [sys.executable, program.name], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    for name in ("responses.csv", "agreement.csv"):
        assert (tmp_path / name).read_bytes() == (bundled[0] / name).read_bytes()


def test_a_csv_of_the_user_with_another_seed(tmp_path: Path) -> None:
    rows = "".join(f"{number};Ein Satz über Äpfel, Nummer {number}, mit Komma.\n" for number in range(30))
    (tmp_path / "eigene.csv").write_bytes(f"nr;text\n{rows}".encode("cp1252"))
    done = command("demo", "eigene.csv", "--show", "text", "--seed", "4", "--out", "out", where=tmp_path)
    assert done.returncode == 0, done.stderr
    answers = pd.read_csv(tmp_path / "out" / "responses.csv")
    assert len(answers) == 30 * 3 * 2
    assert answers["text"].str.startswith("Ein Satz über Äpfel").all()


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (None, (), ["missing.csv"]),
        (b"", (), ["empty"]),
        (b"a,b\n", (), ["no row below it"]),
        (b"a,a,\n1,2,3\n4,5\n", (), ["same name", "without a name", "row 3"]),
        (b"text\nsome words here\n", ("--show", "txt"), ["txt", "text"]),
        (b"n\n1\n2\n", (), ["--show COLUMN"]),
        (b"n,pnb_row\n1,2\n2,3\n", (), ["--show COLUMN", "pnb_row"]),
        (b"t\nsome words here\nother words here\n", ("--out", "missing.csv"), ["missing.csv is a file"]),
    ],
)
def test_an_unusable_csv_prints_every_finding_and_exits_with_code_2(
    content: bytes | None, arguments: tuple[str, ...], words: list[str], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "missing.csv").write_bytes(content)
    done = command("demo", "missing.csv", *arguments, where=tmp_path)
    assert done.returncode == 2
    for word in words:
        assert word in done.stderr
    assert "SANDBOX" not in done.stdout
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "prolific-nb-demo").exists()


def test_a_column_with_one_repeated_value_is_not_shown_by_default() -> None:
    rows = [
        f"Births per woman over a whole life,Country of {chr(97 + n % 26)}{chr(97 + n // 26)},{n}" for n in range(40)
    ]
    data = read_data("\n".join(["Indicator,Country,value", *rows]).encode())
    assert compose(data, [], own=True).shown == ("Country",)
    assert compose(data, ["Indicator"], own=True).shown == ("Indicator",)


def test_results_of_other_data_are_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    def printed(*arguments: str) -> str:
        assert main(["demo", *arguments]) == 0
        return capsys.readouterr().out

    for name, words in (("one.csv", "It broke after a day."), ("two.csv", "I would buy it again.")):
        (tmp_path / name).write_text("text\n" + "\n".join(f"{words} {each}" for each in range(6)), encoding="utf-8")
    out = tmp_path / "prolific-nb-demo"
    printed("one.csv")
    first = (out / "responses.csv").read_bytes()
    moved = "prolific-nb-demo holds the results of other data; these go to prolific-nb-demo-2."
    assert moved in printed("two.csv")
    assert (out / "responses.csv").read_bytes() == first
    assert b"buy it again" in (tmp_path / "prolific-nb-demo-2" / "responses.csv").read_bytes()
    assert "these go to" not in printed("one.csv"), "the same data again replaces its own results"
    assert (out / "responses.csv").read_bytes() == first
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "responses.csv").write_text("mine", encoding="utf-8")
    assert "these go to mine-2" in printed("one.csv", "--out", "mine")
    assert (tmp_path / "mine" / "responses.csv").read_text(encoding="utf-8") == "mine"

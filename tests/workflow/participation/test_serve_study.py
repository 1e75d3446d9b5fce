"""``prolific-nb participate``: which programs it understands, what it prints, and that answers stay in its file."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import prolific_nb as pnb
from prolific_nb.cli import main
from prolific_nb.errors import InputError
from prolific_nb.workflow.participation.study_program import read_program
from tests.sandbox.routes.participate.colleague import Colleague

PARTS = """
import prolific_nb as pnb
client = pnb.connect(live=True, token="planted-token")
data = pnb.read_data(b"review\\nGood.\\nBad.\\n")
design = pnb.Design("Feelings", introduction="<p>R.</p>", steps="<p>C.</p>").show("review").choose("How?", ["a", "b"])
plan = pnb.StudyPlan("Feelings", reward="1.50", minutes=6, annotators_per_task=2, tasks_per_group=2)
"""
LAUNCH = """
print(pnb.quote(client, data, design, plan))
try:
    run = pnb.launch(client, data, design, plan, flow="instructions")
except Exception:
    pass
run.publish(max_cost="100")
raise SystemExit("not run")
"""


@pytest.fixture(scope="module")
def client() -> pnb.Client:
    return pnb.connect()


def test_a_program_is_run_up_to_its_launch(client: pnb.Client, tmp_path: Path) -> None:
    path = tmp_path / "study.py"
    for text, flow in ((PARTS, "layout"), (PARTS + LAUNCH, "instructions")):
        path.write_text(text, encoding="utf-8")
        program = read_program(str(path), client)
        assert (program.design.name, program.plan.annotators_per_task, len(program.data)) == ("Feelings", 2, 2)
        assert program.flow == flow
    assert pnb.launch.__module__ == "prolific_nb.workflow.launch"  # as before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n1 / 0\n", "Line 2: ZeroDivisionError"),
        ("def\n", "Line 1: SyntaxError"),
        ("import prolific_nb as pnb\ndata = 1\n", "It defines no data, a Dataset."),
    ],
)
def test_a_program_without_a_study_is_refused_with_the_reason(
    client: pnb.Client, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "study.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(words)):
        read_program(str(path), client)


def test_the_command_names_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["participate", str(tmp_path / "no.py"), "--db", str(tmp_path / "a.sqlite")]) == 2
    assert "There is no such file." in capsys.readouterr().err


def test_a_study_is_served_until_ctrl_c_and_its_answers_are_kept(tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(PARTS, encoding="utf-8")
    command = [sys.executable, "-m", "prolific_nb.cli", "participate", "study.py"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        printed = [serving.stdout.readline() for _ in range(9)]
        links = re.findall(r"http://127\.0\.0\.1:\d+/participate/\S+", "".join(printed))
        assert len(links) == 2  # one for each place
        someone = Colleague(links[0])
        someone.start()
        someone.answer_all()
        while "1 done" not in (line := serving.stdout.readline()):
            assert line
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) == 130
    assert "planted" not in "".join(printed)
    code = "\n".join(line.strip() for line in printed if "pnb." in line)
    found: dict[str, object] = {"pnb": pnb}
    exec(code.replace("pnb.open_run", "frame = pnb.open_run"), found)
    assert list(found["frame"]["value"]) == ["a", "a"]  # type: ignore[index]


def test_no_links_at_all_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "study.py"
    path.write_text(PARTS, encoding="utf-8")
    assert main(["participate", str(path), "--people", "0", "--db", str(tmp_path / "a.sqlite")]) != 0
    assert "people is 0. Pass a number from 1 to 1000." in capsys.readouterr().err

"""What a notebook shows of an error: message first, own lines, and everything on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

import prolific_nb as pnb

CELL = "import prolific_nb as pnb\n\ndef read(name):\n    return pnb.read_data(name)\n\nread('no such.csv')"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    yield made
    made.InteractiveTB.set_mode("Context")
    InteractiveShell.clear_instance()


def shown(shell: InteractiveShell, code: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    shell.run_cell(code, store_history=True)
    return capsys.readouterr().out


def test_the_message_comes_first_and_only_own_lines_follow(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(shell, CELL, capsys).strip().splitlines()
    assert lines[0].replace("\x1b[91m", "").replace("\x1b[0m", "") == "DataError: no such.csv cannot be used:"
    assert lines[1].startswith("- error: There is no such file.")
    assert "line 6 of the cell: read('no such.csv')" in lines
    assert "line 4 of the cell: return pnb.read_data(name)" in lines
    assert len(lines) <= 7
    assert not any("reading.py" in line for line in lines)


def test_a_file_beside_the_package_is_an_own_one(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    beside = f"{Path(pnb.__file__).parent}_study.py"
    code = f"exec(compile(\"pnb.read_data('no such.csv')\", {beside!r}, 'exec'))"
    assert "line 1 of prolific_nb_study.py" in shown(shell, f"import prolific_nb as pnb\n{code}", capsys)


def test_verbose_shows_every_frame(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_line_magic("xmode", "Verbose")
    whole = shown(shell, CELL, capsys)
    assert "reading.py" in whole
    assert whole.strip().splitlines()[-1].endswith("...") or "There is no such file" in whole


def test_notes_are_shown_and_errors_of_others_stay_as_they_are(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import prolific_nb as pnb\ne = pnb.SpendError('Too much.')\ne.add_note('Nothing was spent.')\nraise e"
    assert "SpendError" in (said := shown(shell, code, capsys))
    assert said.index("Too much.") < said.index("Nothing was spent.")
    assert "Traceback (most recent call last)" in shown(shell, "1 / 0", capsys)

"""The README's program runs unchanged, and its links exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from prolific_nb.data import sample_path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_program_in_the_readme_runs_and_draws_a_plot(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    shutil.copy(sample_path(), tmp_path / "reviews.csv")
    code = program + "\nimport matplotlib.pyplot as plt\nassert plt.get_fignums() == [1]\nassert len(answers) == 720\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SANDBOX")


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", README) + re.findall(r"notebooks/\S+\.ipynb", README):
        assert (ROOT / target).exists(), target

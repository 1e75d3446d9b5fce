"""A rehearsal is the same byte for byte in every process, and with the oldest and the newest versions of pandas.

If answers, words or figures are changed on purpose: ``python -m tests.study.test_rehearsed_alike`` prints the new ones.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import prolific_nb as pnb

GOLDEN = {"answers": "a7a02ccfe112520d", "words": "41dd6a86772e4cbb", "figures": "f5ca891d670ddd82"}
ROOT = Path(__file__).parent.parent.parent


def digests() -> dict[str, str]:
    """Of answers, words and figures; moments as text, since versions of pandas write them to CSV differently."""
    reviews = pnb.sample_data()
    design = pnb.Design("Reviews", introduction="<p>Read.</p>", steps="<p>Choose.</p>").show("review")
    design = design.choose("How does the writer feel?", ["good", "bad", "mixed"]).rate(
        "How much?", ["1", "2", "3", "4"]
    )
    plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=6)
    run = pnb.rehearse(reviews.select(reviews.row_keys[:24]), design, plan, truth="sentiment", scenario="return storm")
    answers = run.responses().assign(created_at=lambda each: each["created_at"].map(lambda at: at.isoformat()))
    texts = {
        "answers": answers.to_csv(index=False, lineterminator="\n"),
        "words": f"{run.words}\n{run!r}\n{run._repr_html_()}",
        "figures": run.figures.to_csv(index=False, lineterminator="\n") + run.caught.to_csv(index=False),
    }
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()}


def test_it_is_the_same_with_every_version() -> None:
    assert digests() == GOLDEN


def test_it_is_the_same_in_another_process() -> None:
    command = [sys.executable, "-m", "tests.study.test_rehearsed_alike"]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "1"}
    printed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == str(digests())


if __name__ == "__main__":
    print(digests())

"""How long the first cells of a notebook take, as differences and ratios to bare Python in the same run.

Run as ``python -m tests.benchmarks first_cell``. Targets: the import within 60 ms of bare Python, a design within 250
ms.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

from .measuring import Job, Row, costs, milliseconds

PROGRAMS = {
    "import prolific_nb": "import prolific_nb",
    'pnb.Design("x")': 'import prolific_nb as pnb; pnb.Design("x")',
    "pnb.connect()": "import prolific_nb as pnb; pnb.connect()",
    "import pandas": "import pandas",
}
TARGETS = {"import prolific_nb": 60, 'pnb.Design("x")': 250}  # milliseconds above bare Python
ROUNDS = 9


def fresh(code: str) -> Job:
    """A run in a process of its own."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def rows() -> Iterator[Row]:
    """Each program against bare Python."""
    jobs = {name: fresh(code) for name, code in {"bare": "pass", **PROGRAMS}.items()}
    milliseconds(jobs, 1)  # the first run compiles
    ms = milliseconds(jobs, ROUNDS)
    bare = ms["bare"]
    for name in PROGRAMS:
        row = costs(name, ms[name], bare, "bare Python")
        if name in TARGETS:
            row = replace(row, target=f"≤ peer + {TARGETS[name]} ms", ok=ms[name] - bare <= TARGETS[name])
        yield row

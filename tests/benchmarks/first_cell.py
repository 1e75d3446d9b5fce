"""What the first cells of a notebook wait for, as differences and ratios to bare Python in the same run.

Run as ``python tests/benchmarks/first_cell.py``. Targets: the import within 60 ms of bare Python, a design within
250 ms.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

PROGRAMS = {
    "bare Python": "pass",
    "import prolific_nb": "import prolific_nb",
    'pnb.Design("x")': 'import prolific_nb as pnb; pnb.Design("x")',
    "pnb.connect()": "import prolific_nb as pnb; pnb.connect()",
    "import pandas": "import pandas",
}
ROUNDS = 9


def milliseconds(code: str) -> float:
    """One run of a fresh process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Print a table; the programs take turns, so that a slow moment hits all of them."""
    rounds = [{name: milliseconds(code) for name, code in PROGRAMS.items()} for _ in range(ROUNDS + 1)][1:]
    bare = statistics.median(each["bare Python"] for each in rounds)
    print(f"{'program':<22}{'median ms':>10}{'above bare':>12}{'ratio':>8}")
    for name in PROGRAMS:
        median = statistics.median(each[name] for each in rounds)
        print(f"{name:<22}{median:>10.0f}{median - bare:>12.0f}{median / bare:>8.1f}")


if __name__ == "__main__":
    main()

"""A longer fuzzing campaign: ``python -m tests.fuzz SEED CASES [operationId ...]`` prints its findings."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from .aim import Aim
from .campaign import contract, operations, run
from .seeded import Seeded


def main(seed: str, cases: str, *names: str) -> None:
    begun, total, found = time.monotonic(), 0, dict[str, list[str]]()
    with TemporaryDirectory() as folder:
        world = Seeded(Path(folder))
        schema = contract()
        schema.hook("flatmap_case")(Aim(world.pool))
        for name, operation in operations(schema).items():
            if names and name not in names:
                continue
            tally = run(world, operation, int(cases), int(seed))
            total += tally.cases
            print(name, tally.cases, dict(sorted(tally.statuses.items())), flush=True)
            for finding in tally.findings:
                found.setdefault(" ".join(finding.split()[:9]), []).append(finding)
        world.close()
    for alike in found.values():
        print(f"--- {len(alike)} times\n{alike[0]}")
    print(f"{total} cases in {time.monotonic() - begun:.0f} s, {sum(map(len, found.values()))} findings")


if __name__ == "__main__":
    logging.getLogger("prolific_nb.sandbox.app").setLevel(logging.CRITICAL)
    main(*sys.argv[1:])

"""`pnb.sample_size` of a run: plan, client and rows come with it, and the server computes each cost once."""

from __future__ import annotations

import pandas as pd

import prolific_nb as pnb

from ..conftest import Served


def test_a_run_brings_its_plan_and_the_cost_with_fees(served: Served) -> None:
    with served(seed=3) as sandbox:
        client = pnb.connect()
        data = pd.DataFrame({"review": [f"Text number {n} of this kind." for n in range(30)]})
        design = pnb.Design("Reviews").show("review").choose("Good?", ["yes", "no"])
        plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=3)
        run = pnb.launch(client, data, design, plan).publish()
        run.wait()
        found = pnb.sample_size(run, precision=0.1, annotators=[2, 3])
        best = found.cheapest
        assert best.cost == pnb.Money(client.studies.total_cost(150, best.places), client.currency)
        assert (found.planned.annotators, found.planned.units) == (3, 30)
        assert found.planned.cost == pnb.quote(client, data, design, plan).total
        assert repr(found).startswith("SANDBOX sample size")
        before = len(sandbox.log)
        again = pnb.sample_size(run, precision=0.1, annotators=[2, 3])
        asked = [each for each in sandbox.log[before:] if "cost-calculator" in each.path]
        assert again.cheapest == best
        assert asked == []

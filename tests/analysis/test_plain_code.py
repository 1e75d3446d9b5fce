"""Every coefficient on hundreds of random tables, of all dtypes, against plain loops over exact fractions."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb import analysis
from prolific_nb.analysis import count

from . import plain_code as plain

TABLES = 300
SCALE = [1, 2, 3, 4]
Table = plain.Table

Column = Callable[[list[Any]], Any]
DTYPES: dict[str, Column] = {
    "int64": lambda cells: pd.Series(cells, dtype=float) if None in cells else pd.Series(cells, dtype="int64"),
    "float32": lambda cells: pd.Series(cells, dtype="float32"),
    "Int64": lambda cells: pd.Series(cells, dtype="Int64"),
    "Float64": lambda cells: pd.Series(cells, dtype="Float64"),
    "object": lambda cells: pd.Series(cells, dtype=object),
    "Decimal": lambda cells: pd.Series([None if x is None else Decimal(x) for x in cells], dtype=object),
    "category": lambda cells: pd.Series(pd.Categorical(cells, categories=SCALE, ordered=True)),
}
WORDS: dict[str, Column] = {
    "str": lambda cells: pd.Series([None if x is None else f"L{x}" for x in cells]),
    "string": lambda cells: pd.Series([None if x is None else f"L{x}" for x in cells], dtype="string"),
    "blank": lambda cells: pd.Series(["\u200b " if x is None else f"L{x}" for x in cells], dtype=object),
    "word category": lambda cells: pd.Series([None if x is None else f"L{x}" for x in cells], dtype="category"),
    "boolean": lambda cells: pd.Series([None if x is None else x > 2 for x in cells], dtype="boolean"),
}


def drawn(seed: int, annotators: int | None = None, *, complete: bool = False) -> Table:
    """A random table: few units, ties, missing labels, sometimes one annotator, one label, or one unit."""
    rng = random.Random(seed)
    people = annotators or rng.randint(1, 4)
    used = rng.sample(SCALE, rng.choice([1, 2, 2, 3, 4]))
    missing = 0 if complete else rng.choice([0, 0.2, 0.5])
    table = []
    for _ in range(rng.randint(1, 6)):
        truth = rng.choice(used)
        unit = {f"p{who}": truth if rng.random() < 0.5 else rng.choice(used) for who in range(people)}
        table.append({who: x for who, x in unit.items() if rng.random() >= missing})
    return table if any(table) else [{"p0": used[0]}]


def frame_of(table: Table, column: Column, seed: int) -> pd.DataFrame:
    """One row per cell, those without a label included, in random order."""
    people = sorted({who for unit in table for who in unit})
    cells = [(f"u{place}", who, unit.get(who)) for place, unit in enumerate(table) for who in people]
    random.Random(seed).shuffle(cells)
    units, who, labels = (list(each) for each in zip(*cells, strict=True))
    return pd.DataFrame({"row": units, "participant_id": who, "value": column(labels)})


def same(ours: analysis.Coefficient, theirs: Fraction | None, where: object) -> None:
    if theirs is None:
        assert np.isnan(ours.value), (where, ours)
        assert ours.note.startswith("Undefined: "), where
        assert np.isnan(ours.low), where
    else:
        assert ours.value == pytest.approx(float(theirs), abs=1e-11), (where, ours)


NOMINAL: dict[str, tuple[Callable[..., analysis.Coefficient], Callable[[Table, list[Any]], Fraction | None]]] = {
    "percent": (analysis.percent_agreement, lambda table, _: plain.observed(table)),
    "fleiss": (analysis.fleiss_kappa, plain.fleiss),
    "conger": (analysis.conger_kappa, plain.conger),
    "bp": (analysis.brennan_prediger, partial(plain.brennan_prediger, near=plain.equal)),
    "ac1": (analysis.gwet_ac, partial(plain.gwet, near=plain.equal)),
    "alpha": (analysis.krippendorff_alpha, lambda table, _: plain.alpha(table, "nominal")),
}


@pytest.mark.parametrize("dtype", WORDS)
def test_nominal_coefficients(dtype: str) -> None:
    for seed in range(TABLES // 5):
        table = drawn(seed + 1000 * len(dtype))
        seen = count(frame_of(table, WORDS[dtype], seed))
        if dtype == "boolean":
            table = [{who: x > 2 for who, x in unit.items()} for unit in table]
        categories = sorted({x for unit in table for x in unit.values()})
        for name, (ours, theirs) in NOMINAL.items():
            same(ours(seen, draws=2), theirs(table, categories), (name, dtype, table))


@pytest.mark.parametrize("dtype", DTYPES)
def test_coefficients_of_ordered_labels_and_numbers(dtype: str) -> None:
    for seed in range(TABLES // 7 + 1):
        table = drawn(seed + 1000 * len(dtype))
        seen = count(frame_of(table, DTYPES[dtype], seed), categories=None if dtype == "category" else SCALE)
        for kind in ("linear", "quadratic", "ordinal"):
            near = plain.weights(kind, SCALE)
            where = (kind, dtype, table)
            same(
                analysis.brennan_prediger(seen, weights=kind, draws=2),
                plain.brennan_prediger(table, SCALE, near),
                where,
            )
            same(analysis.gwet_ac(seen, weights=kind, draws=2), plain.gwet(table, SCALE, near), where)
        for level in ("nominal", "ordinal", "interval", "ratio"):
            found = analysis.krippendorff_alpha(seen, level=level, draws=2)
            same(found, plain.alpha(table, level), (level, dtype, table))
        for form in ("1,1", "1,k"):
            same(analysis.icc(seen, form=form, draws=2), plain.icc(table, form), (form, dtype, table))


@pytest.mark.parametrize("dtype", DTYPES)
def test_two_way_correlations(dtype: str) -> None:
    for seed in range(TABLES // 7 + 1):
        table = drawn(seed + 1000 * len(dtype), complete=True)
        seen = count(frame_of(table, DTYPES[dtype], seed))
        for form in ("2,1", "2,k", "3,1", "3,k"):
            same(analysis.icc(seen, form=form, draws=20), plain.icc(table, form), (form, dtype, table))


@pytest.mark.parametrize("dtype", DTYPES)
def test_coefficients_of_two_annotators(dtype: str) -> None:
    for seed in range(TABLES // 7 + 1):
        table = drawn(seed + 1000 * len(dtype), annotators=2)
        seen = count(frame_of(table, DTYPES[dtype], seed), categories=None if dtype == "category" else SCALE)
        for kind in (None, "linear", "quadratic"):
            theirs = plain.cohen(table, SCALE, plain.weights(kind, SCALE))
            same(analysis.cohen_kappa(seen, weights=kind, draws=2), theirs, (kind, dtype, table))
        same(analysis.scott_pi(seen, draws=2), plain.scott(table, SCALE), (dtype, table))


@pytest.mark.parametrize("dtype", WORDS)
def test_where_annotators_differ(dtype: str) -> None:
    """One category at a time, each two annotators, each two labels, and each unit."""
    for seed in range(TABLES // 5):
        table = drawn(seed + 2000 * len(dtype))
        seen = count(frame_of(table, WORDS[dtype], seed))
        named = (lambda x: x > 2) if dtype == "boolean" else "L{}".format
        table = [{who: named(x) for who, x in unit.items()} for unit in table]
        categories = sorted({x for unit in table for x in unit.values()})
        where = (dtype, table)
        each = analysis.fleiss_kappa(seen, per_category=True, draws=2)
        assert list(each) == categories, where
        for category, found in each.items():
            same(found, plain.fleiss_of(table, category), (category, *where))
        rows = analysis.pairwise_agreement(seen).itertuples(index=False)
        pairs = {(row.annotator_1, row.annotator_2): row for row in rows}
        theirs = plain.pairwise(table, categories)
        assert set(pairs) == set(theirs), where
        for pair, (n, agreement, kappa) in theirs.items():
            assert pairs[pair].n_units == n, where
            assert pairs[pair].agreement == pytest.approx(float(agreement), abs=1e-12), where
            exact = np.nan if kappa is None else float(kappa)
            assert pairs[pair].kappa == pytest.approx(exact, abs=1e-11, nan_ok=True), (pair, *where)
        confusion = analysis.label_confusion(seen)
        for a in categories:
            for b in categories:
                assert confusion.loc[a, b] == pytest.approx(float(plain.coincidences(table, a, b)), abs=1e-12), where
        units = {f"u{place}": unit for place, unit in enumerate(table) if unit}
        won = analysis.plurality(seen).labels
        assert {u: x if isinstance(x, tuple) else (x,) for u, x in won.items()} == {
            u: plain.votes(unit) for u, unit in units.items()
        }, where
        apart = analysis.unit_disagreement(seen)
        assert set(apart["unit"]) == {u for u, unit in units.items() if len(unit) > 1}, where
        assert apart["agreement"].is_monotonic_increasing, where
        for row in apart.itertuples(index=False):
            unit = units[row.unit]
            assert (row.n_ratings, row.agreement) == (len(unit), pytest.approx(float(plain.observed([unit]) or 0))), (
                where
            )
            most = plain.votes(unit)
            assert pd.isna(row.majority) if len(most) > 1 else row.majority == most[0], where


@pytest.mark.parametrize("dtype", [each for each in DTYPES if each != "category"])
def test_weights_of_a_scale_with_gaps(dtype: str) -> None:
    """By rank among the labels in use, and the note has the value by rank among all points of the scale."""
    points = {1: 1, 2: 2, 3: 5, 4: 6}
    noted = 0
    for seed in range(TABLES // 6):
        table = [{who: points[x] for who, x in unit.items()} for unit in drawn(seed + 3000 * len(dtype), annotators=2)]
        seen = count(frame_of(table, DTYPES[dtype], seed))
        used = sorted({x for unit in table for x in unit.values()})
        full = list(range(used[0], used[-1] + 1))
        for ours, theirs, kinds in (
            (analysis.brennan_prediger, plain.brennan_prediger, ("linear", "quadratic", "ordinal")),
            (analysis.gwet_ac, plain.gwet, ("linear", "quadratic", "ordinal")),
            (analysis.cohen_kappa, plain.cohen, ("linear", "quadratic")),
        ):
            for kind in kinds:
                if ours is analysis.cohen_kappa and len({who for unit in table for who in unit}) < 2:
                    continue
                found = ours(seen, weights=kind, draws=2)
                where = (ours.__name__, kind, dtype, table)
                same(found, theirs(table, used, plain.weights(kind, used)), where)
                other = theirs(table, full, plain.weights(kind, full)) if len(full) > len(used) > 1 else None
                if other is None or np.isnan(found.value):
                    assert other is not None or "gaps" not in found.note, where
                    continue
                noted += 1
                shown = re.search(r"as categories the value would be (-?\d+\.\d\d);", found.note)
                assert shown, (where, found.note)
                assert float(shown[1]) == pytest.approx(float(other), abs=0.005 + 1e-9), where
    assert noted > 100


@pytest.mark.parametrize("form", [frozenset, list, tuple])
def test_alpha_of_sets(form: Callable[[Any], Any]) -> None:
    options = [frozenset(each) for each in ("", "a", "ab", "bc", "abc")]
    for seed in range(TABLES // 3):
        table = [{who: options[x] for who, x in unit.items()} for unit in drawn(seed)]
        frame = frame_of(
            table, lambda cells: pd.Series([x if x is None else form(x) for x in cells], dtype=object), seed
        )
        found = analysis.krippendorff_alpha(frame, level="set", draws=2)
        same(found, plain.alpha(table, "set", plain.masi), (form, table))


@pytest.mark.parametrize("factor", [1e-200, 1e-8, 0.1, 1, 3, 1e8, 1e150])
@pytest.mark.parametrize("offset", [0, 1, -7, 1e6])
def test_scale_and_offset_of_numbers_do_not_matter(factor: float, offset: float) -> None:
    """The exact value of the table of integers, whatever rounding the factor and the offset bring."""
    for seed in range(15):
        table = drawn(seed, complete=True)
        column: Column = lambda cells: pd.Series([factor * (x + offset) for x in cells])  # noqa: E731
        seen = count(frame_of(table, column, seed))
        found = {form: analysis.icc(seen, form=form, draws=20) for form in ("1,1", "1,k", "2,1", "2,k", "3,1", "3,k")}
        near = 1e-11 if abs(offset) < 10 else 1e-6
        for form, result in found.items():
            exact = plain.icc(table, form)
            where = (form, factor, offset, table, result)
            assert (
                np.isnan(result.value) if exact is None else abs(result.value - exact) <= near * max(1, abs(exact))
            ), where
            assert np.isnan(result.low) or abs(result.low) < 1e4, where
        exact = plain.alpha(table, "interval")
        alpha = analysis.krippendorff_alpha(seen, level="interval", draws=2).value
        assert np.isnan(alpha) if exact is None else abs(alpha - exact) < near, (factor, offset, table)

"""Reports find coefficients by their key: neither order nor printed names change a word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from prolific_nb.analysis import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    icc,
    krippendorff_alpha,
    percent_agreement,
    scott_pi,
)
from prolific_nb.report import SCORED_BY, AgreementReport
from prolific_nb.report.formatting import cite

from .test_golden_reports import REPORTS, single


def changed(report: AgreementReport, change) -> AgreementReport:
    """The report with other coefficients in its questions."""
    return replace(
        report, scored=tuple(replace(each, coefficients=change(each.coefficients)) for each in report.scored)
    )


def renamed(coefficients):
    return tuple(replace(each, name=f"Index {place}") for place, each in enumerate(coefficients))


def title(report: AgreementReport) -> str:
    return report.plot(Figure().add_subplot()).get_title(loc="left")


@pytest.mark.parametrize("name", REPORTS)
def test_the_order_of_the_coefficients_changes_nothing(name):
    report = REPORTS[name]()
    turned = changed(report, lambda coefficients: coefficients[::-1])
    assert turned.words == report.words
    assert turned.headline == report.headline
    assert turned.to_methods() == report.to_methods()
    assert turned.table.equals(report.table)
    assert title(turned) == title(report)


@pytest.mark.parametrize("name", REPORTS)
def test_printed_names_do_not_reach_the_words(name):
    report = REPORTS[name]()
    other = changed(report, renamed)
    assert other.words == report.words
    assert other.headline == report.headline
    assert other.table["n_units"].tolist() == report.table["n_units"].tolist()
    assert other.to_methods().count("(Krippendorff, 2011") == 1


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_computed_has_the_kind_of_its_entry_and_a_source(name):
    for each in REPORTS[name]().scored:
        kinds = [entry.kind for entry in each.scoring.entries]
        assert {found.kind for found in each.coefficients} <= set(kinds)
        assert len(each.coefficients) == len([*each.in_order()])
        assert all(found.reference for found in each.coefficients if found.kind != "percent_agreement")


def test_every_lead_is_an_entry_and_kinds_differ():
    for scoring in SCORED_BY.values():
        kinds = [each.kind for each in scoring.entries]
        assert scoring.lead in kinds
        assert len(set(kinds)) == len(kinds)


def test_kinds_tell_every_coefficient_of_the_package_apart():
    counts = single(2).scored[0].reading.counts
    numbers = replace(counts, categories=(1, 2, 3), ordered=True)
    functions = (percent_agreement, fleiss_kappa, brennan_prediger, gwet_ac, krippendorff_alpha, cohen_kappa, scott_pi)
    found = [function(counts, draws=1) for function in (*functions, conger_kappa)]
    found += [gwet_ac(numbers, weights="linear", draws=1), icc(numbers, draws=1), icc(numbers, form="1,k", draws=1)]
    assert [each.kind for each in found] == [
        "percent_agreement",
        "fleiss_kappa",
        "brennan_prediger",
        "gwet_ac1",
        "krippendorff_alpha",
        "cohen_kappa",
        "scott_pi",
        "conger_kappa",
        "gwet_ac2",
        "icc(1,1)",
        "icc(1,k)",
    ]
    assert cite(cohen_kappa(counts, draws=1).reference) == "Cohen, 1960"
    assert cite(cohen_kappa(numbers, weights="linear", draws=1).reference) == "Cohen, 1968"
    assert krippendorff_alpha(numbers, level="interval", draws=1).kind == "krippendorff_alpha"

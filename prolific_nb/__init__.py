"""Human annotation with Prolific's Task Builder, from a CSV to agreement and a plot, in one notebook.

Unless live mode is requested, everything runs on an embedded sandbox with simulated participants:

>>> import prolific_nb as pnb
>>> pnb.Design("Review sentiment").choose("How does the writer feel?", ["good", "bad"]).shown
()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .common.version import __version__

if TYPE_CHECKING:
    from . import analysis as analysis
    from . import errors as errors
    from . import panels as panels
    from . import plots as plots
    from . import sandbox as sandbox
    from .common.findings import Finding, Findings
    from .common.money import Money
    from .data import Dataset, read_data, sample_data
    from .design import TEMPLATES, Codebook, Design, delete_template, save_template, template, templates
    from .errors import (
        DataError,
        DesignError,
        InputError,
        LedgerError,
        PlanError,
        ProlificError,
        SimilarRunError,
        SpendError,
        StepFailed,
    )
    from .panels import annotate, studio
    from .report import AgreementReport, aggregate_labels, agreement, blind, disagreements
    from .report.planning import SampleSize
    from .responses import read_export
    from .responses.find_answers import find_answers
    from .responses.prolific_report.read_report import read_report
    from .responses.saved_responses import read_responses
    from .responses.spreadsheet import read_table, save_table
    from .responses.wide import wide
    from .sandbox import People, PersonKind, Wave
    from .study import Filter, Quote, StudyPlan, quote
    from .study.monitor.demographics import read_demographics
    from .workflow.combine import combine
    from .workflow.connect import connect, login
    from .workflow.launch import launch
    from .workflow.own import OwnLabels
    from .workflow.planning.how_many import sample_size
    from .workflow.qualify import QualifyingRun, qualify
    from .workflow.rehearsal.rehearsal import Rehearsal
    from .workflow.rehearsal.rehearse import rehearse
    from .workflow.rehearsal.scenario import scenarios
    from .workflow.reopen import open_run, runs
    from .workflow.run import Run

# Public names and their modules. A module loads on first use, so that a notebook's first cell runs at once.
_HOMES = {
    "connect": "workflow.connect",
    "login": "workflow.connect",
    "read_data": "data",
    "sample_data": "data",
    "Dataset": "data",
    "Design": "design",
    "TEMPLATES": "design",
    "template": "design",
    "templates": "design",
    "save_template": "design",
    "delete_template": "design",
    "Codebook": "design",
    "StudyPlan": "study",
    "Filter": "study",
    "Quote": "study",
    "quote": "study",
    "Run": "workflow.run",
    "launch": "workflow.launch",
    "combine": "workflow.combine",
    "OwnLabels": "workflow.own",
    "qualify": "workflow.qualify",
    "QualifyingRun": "workflow.qualify",
    "sample_size": "workflow.planning.how_many",
    "rehearse": "workflow.rehearsal.rehearse",
    "scenarios": "workflow.rehearsal.scenario",
    "Rehearsal": "workflow.rehearsal.rehearsal",
    "read_export": "responses",
    "read_report": "responses.prolific_report.read_report",
    "read_responses": "responses.saved_responses",
    "wide": "responses.wide",
    "find_answers": "responses.find_answers",
    "save_table": "responses.spreadsheet",
    "read_table": "responses.spreadsheet",
    "read_demographics": "study.monitor.demographics",
    "runs": "workflow.reopen",
    "open_run": "workflow.reopen",
    "agreement": "report",
    "aggregate_labels": "report",
    "blind": "report",
    "disagreements": "report",
    "AgreementReport": "report",
    "SampleSize": "report.planning",
    "People": "sandbox",
    "PersonKind": "sandbox",
    "Wave": "sandbox",
    "Money": "common.money",
    "Finding": "common.findings",
    "Findings": "common.findings",
    "ProlificError": "errors",
    "InputError": "errors",
    "DataError": "errors",
    "DesignError": "errors",
    "PlanError": "errors",
    "SpendError": "errors",
    "SimilarRunError": "errors",
    "StepFailed": "errors",
    "LedgerError": "errors",
    "errors": "",
    "sandbox": "",
    "analysis": "",
    "plots": "",
    "panels": "",
    "annotate": "panels",
    "studio": "panels",
}

__all__ = [
    "AgreementReport",
    "Codebook",
    "DataError",
    "Dataset",
    "Design",
    "DesignError",
    "Filter",
    "Finding",
    "Findings",
    "InputError",
    "LedgerError",
    "Money",
    "OwnLabels",
    "People",
    "PersonKind",
    "PlanError",
    "ProlificError",
    "QualifyingRun",
    "Quote",
    "Rehearsal",
    "Run",
    "SampleSize",
    "SimilarRunError",
    "SpendError",
    "StepFailed",
    "StudyPlan",
    "TEMPLATES",
    "Wave",
    "__version__",
    "aggregate_labels",
    "agreement",
    "annotate",
    "blind",
    "analysis",
    "combine",
    "connect",
    "delete_template",
    "disagreements",
    "errors",
    "find_answers",
    "launch",
    "login",
    "open_run",
    "panels",
    "plots",
    "qualify",
    "quote",
    "read_data",
    "read_demographics",
    "read_export",
    "read_report",
    "read_responses",
    "read_table",
    "rehearse",
    "runs",
    "sample_data",
    "sample_size",
    "sandbox",
    "save_table",
    "save_template",
    "scenarios",
    "studio",
    "template",
    "templates",
    "wide",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"prolific_nb has no attribute {name!r}. Use one of {', '.join(sorted(_HOMES))}.")
    home = _HOMES[name]
    value = getattr(import_module(f".{home}", __name__), name) if home else import_module(f".{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

"""The label of each unit and the errors of each annotator, estimated from each other (Dawid & Skene 1979)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..common.arguments import require_number, require_whole
from ..common.plurals import counted
from .aggregate import Aggregate, Ties, aggregated, refuse_unknown
from .build_coefficient import read
from .counts import Counts
from .dawid_skene_em import Fit, maximise
from .known_labels import known_labels
from .label_codes import index_of


def dawid_skene(
    data: pd.DataFrame | Counts,
    *,
    gold: Mapping[Hashable, Hashable] | pd.Series | None = None,
    ties: Ties = "all",
    max_iterations: int = 1000,
    tolerance: float = 1e-9,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Aggregate:
    """The most probable label of each unit, with error rates estimated for each annotator.

    Each unit has one true label; given truth j, an annotator answers l with a probability of their own, independently
    of the others. Maximum likelihood by EM, starting from the shares of the labels of each unit as posteriors (Dawid &
    Skene 1979, equations 2.3 to 2.5). EM converges to a maximum near the plurality, which need not be the global one.
    A truth that no annotator gave on any unit of some annotator stays impossible for all of their units. With few
    labels per annotator the error rates are uncertain: check ``confusion["n"]``.

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question, one per row; or `count` of such a frame. Where an annotator labelled a unit several
        times, ``count(frame, duplicates="keep")`` lets each label count.
    gold : mapping or Series from unit to label, optional
        Units whose truth is known. Their posteriors are fixed and inform the error rates. Units without labels are
        left out.
    ties, unit, annotator, label, categories, seed
        As for `plurality`; ties are rare here.
    max_iterations : int
        Maximum number of iterations.
    tolerance : float
        Stop when an iteration adds less than this to the log-likelihood, per label.

    Returns
    -------
    Aggregate
        With `confusion`, `converged`, `iterations`, and the log-likelihood of the labels (and of the known truths)
        after each iteration.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question (see `count`), or `gold` does not match its units and labels.
    ValueError
        `ties` is not one of the four, `max_iterations` is less than 1, or `tolerance` is below 0.

    Examples
    --------
    Two careful annotators, and one who always answers "yes":

    >>> truth = ["yes", "no"] * 10
    >>> given = {"a": truth, "b": ["no", *truth[1:]], "c": ["yes"] * 20}
    >>> rows = [(row, who, x) for who, labels in given.items() for row, x in enumerate(labels)]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> found = dawid_skene(frame)
    >>> found.labels.tolist() == truth, found.converged
    (True, True)
    >>> found.confusion.query("annotator == 'c' and truth == 'no'")[["label", "p", "n"]].round(2).to_dict("list")
    {'label': ['no', 'yes'], 'p': [0.0, 1.0], 'n': [10.04, 10.04]}
    """
    refuse_unknown(ties, seed)
    require_whole("max_iterations", max_iterations, 1)
    require_number("tolerance", tolerance, 0)
    counts = read(data, unit, annotator, label, categories)
    known, notes = known_labels(counts, gold)
    fit = maximise(counts, known, max_iterations, tolerance * counts.n_ratings)
    if not fit.converged:
        notes.append(_not_converged(fit.trace))
    return aggregated(
        counts,
        np.ascontiguousarray(fit.posteriors.T),
        method="Dawid-Skene",
        ties=ties,
        seed=seed,
        confusion=_confusion(counts, fit),
        converged=fit.converged,
        iterations=len(fit.trace),
        log_likelihood=fit.trace,
        notes=notes,
    )


def _not_converged(trace: list[float]) -> str:
    gain = f" (the last added {trace[-1] - trace[-2]:.2g} to the log-likelihood)" if len(trace) > 1 else ""
    return f"Not converged after {counted(len(trace), 'iteration')}{gain}; raise max_iterations."


def _confusion(counts: Counts, fit: Fit) -> pd.DataFrame:
    """One row per annotator, truth and label."""
    q, n = len(counts.categories), counts.n_annotators
    names = index_of(counts.categories)
    rests = np.repeat(fit.seen.T.ravel(), q)
    chances = fit.said.transpose(1, 0, 2).ravel()
    return pd.DataFrame(
        {
            "annotator": counts.annotator_names.repeat(q * q),
            "truth": pd.Categorical.from_codes(np.tile(np.repeat(np.arange(q), q), n), names, counts.ordered),
            "label": pd.Categorical.from_codes(np.tile(np.arange(q), n * q), names, counts.ordered),
            "p": np.where(rests > 0, chances, np.nan),
            "n": rests,
        }
    )

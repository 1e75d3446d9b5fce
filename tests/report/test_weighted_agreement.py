"""Reports on answers with weights: which coefficients they hold, and what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "row": np.repeat(np.arange(40), 2),
        "participant_id": ["a", "b"] * 40,
        "value": np.repeat(RNG.integers(3, size=40), 2) + RNG.integers(2, size=80),
        "weight": np.repeat(RNG.integers(1, 4, 40), 2),
    }
)


def kinds(report: pnb.report.AgreementReport) -> list[str]:  # type: ignore[name-defined]
    return [each.kind for each in report.scored[0].coefficients]


def test_coefficients_without_a_weighted_form_are_left_out() -> None:
    plain, weighted = pnb.agreement(FRAME, draws=20), pnb.agreement(FRAME, weight="weight", draws=20)
    assert kinds(plain) == ["percent_agreement", "cohen_kappa", *kinds(weighted)[1:]]
    assert kinds(weighted) == ["percent_agreement", "fleiss_kappa", "gwet_ac1", "krippendorff_alpha"]
    for each in weighted.scored[0].coefficients:
        assert "weighted by the inverse" in each.note
    by_hand = pnb.analysis.krippendorff_alpha(FRAME, weight="weight", draws=20)
    assert weighted.scored[0].lead.value == by_hand.value
    assert "Krippendorff" in weighted.to_methods()


def test_slices_are_weighted_too() -> None:
    frame = FRAME.assign(half=np.where(FRAME["row"] < 20, "first", "second"))
    table = pnb.agreement(frame, weight="weight", by="half", draws=20).table
    part = pnb.analysis.percent_agreement(frame[frame["half"] == "first"], weight="weight", draws=20)
    chosen = (table["half"] == "first") & (table["coefficient"] == "Percent agreement")
    assert table.loc[chosen, "value"].tolist() == [part.value]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError, match="no column 'w' with weights"):
        pnb.agreement(FRAME, weight="w")


def test_the_words_hold_nothing_without_a_weighted_form_where_each_annotator_gave_many_labels() -> None:
    """Conger's κ, of which the words speak then, has no weighted form."""
    labels = ["x", "y", "x", "y", *"xxxx", "y", "y"] * 24
    frame = pd.DataFrame({"row": np.repeat(np.arange(60), 4), "participant_id": list("abcd") * 60, "value": labels})
    weighted = frame.assign(weight=np.where(frame["row"] < 20, 1, 2))
    assert "α" in pnb.agreement(weighted, weight="weight", draws=20).words

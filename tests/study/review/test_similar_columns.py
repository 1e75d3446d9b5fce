"""Columns that look like one that is read are findings; others are not."""

from __future__ import annotations

from typing import Any

import pytest

from prolific_nb.study.monitor.submissions_table import COLUMNS
from prolific_nb.study.review.similar_columns import check_similar

KNOWN = ("submission_id", "action", "category", "message", "bonus")


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        *((each, "bonus") for each in ("Bonus", "bonus ", " BONUS", "bonus_amount", "Bonus (GBP)", "bonusAmount")),
        *((each, "bonus") for each in ("bonuses", "bonsu", "bonnus", "bonis", "amount", "Amount_GBP", "payment")),
        *(
            (each, "bonus")
            for each in ("bonus\u00a0", "\ufeffbonus", "ｂｏｎｕｓ", "bonus_£", ("bonus", ""), "my_bonus")
        ),
        *((each, "action") for each in ("Action", "actions", "acton", "decision", "act", "review_action", "action_")),
        *(
            (each, "submission_id")
            for each in ("submission", "Submission ID", "submissionId", "submision_id", "sub_id")
        ),
        *(
            (each, "category")
            for each in ("Category", "rejection_category", "catgeory", "categories", "reason", "Reason for rejection")
        ),
        *((each, "message") for each in ("Message", "messages", "mesage", "msg", "message_text", "reasons")),
    ],
)
def test_a_similar_column_is_an_error_if_the_right_one_is_missing(column: Any, meant: str) -> None:
    [finding] = check_similar([*(each for each in KNOWN if each != meant), column], KNOWN)
    assert (finding.level, finding.column) == ("error", str(column))
    assert repr(meant) in finding.what
    assert repr(meant) in finding.remedy


@pytest.mark.parametrize("column", ["bonus_amount", "amount", "reason", "decision", "acton", "submission"])
def test_a_similar_column_is_a_warning_beside_the_right_one(column: str) -> None:
    [finding] = check_similar([*KNOWN, column], KNOWN)
    assert finding.level == "warning"


@pytest.mark.parametrize("column", ["Bonus", "bonus ", "ACTION", "submission-id", "Message"])
def test_the_same_name_written_otherwise_is_an_error_in_any_case(column: str) -> None:
    [finding] = check_similar([*KNOWN, column], KNOWN)
    assert finding.level == "error"


@pytest.mark.parametrize("column", KNOWN)
def test_two_columns_of_one_name_are_an_error(column: str) -> None:
    [finding] = check_similar([*KNOWN, column], KNOWN)
    assert (finding.level, finding.what) == ("error", "The frame has 2 columns of this name.")


def test_other_columns_are_no_findings() -> None:
    unrelated = "row review value question note reaction interaction fraction faction bogus actor text passage"
    unrelated += " product_category submission_status submission_count minutes_total payment_method"
    others: list[Any] = [*COLUMNS, "action", "bonus_had", *unrelated.split(), 0, None, float("nan"), ("a", 1)]
    assert list(check_similar(others, KNOWN)) == []

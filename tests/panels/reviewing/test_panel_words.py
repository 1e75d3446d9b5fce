"""No sentence about a review names a call of Python once it is shown in the panel."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import prolific_nb
from prolific_nb.panels.reviewing.panel_words import in_panel_words

from ...test_language import literals

_PACKAGE = Path(prolific_nb.__file__).parent
_SPOKEN = (
    "study/review/review.py",
    "study/review/actions.py",
    "study/review/approvals.py",
    "study/review/bonus_check.py",
    "study/spend/bonus_files.py",
    "study/spend/bonus_payments.py",
)
_CALL = re.compile(r"\b(proposal|run|pnb|client)\.\w+|\b(apply|settle|review)\(|\bmax_cost\b|DataFrame|\bframe\b(?!\.)")
# Sentences that a frame of the panel cannot lead to.
_NEVER = ("The frame lacks", "It is {}.", "Pass a pandas.DataFrame", "proposal.apply(max_cost", "frame.iloc")


def test_sentences_about_a_review_name_no_code() -> None:
    left = []
    for path in _SPOKEN:
        tree = ast.parse((_PACKAGE / path).read_text(encoding="utf-8"))
        documented = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
        for node, text in literals(tree):
            spoken = text.replace("{_INSIST}", 'proposal.apply(..., again="reason")')
            shown = in_panel_words(spoken)
            if id(node) not in documented and len(text.split()) > 2 and _CALL.search(shown):
                left += [shown] if not any(each in shown for each in _NEVER) else []
    assert left == []


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node) is not None

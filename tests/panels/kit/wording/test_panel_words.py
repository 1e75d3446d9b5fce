"""Once shown in a panel, no finding names code: it names the panel's controls, and is still a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

import prolific_nb
import prolific_nb as pnb
from prolific_nb.common.findings import Finding
from prolific_nb.errors import InputError
from prolific_nb.panels.kit.findings_list import error_words, findings_html, for_panel
from prolific_nb.panels.kit.wording.panel_words import in_panel_words

from ....test_language import literals

_PACKAGE = Path(prolific_nb.__file__).parent
_LOOKS_LIKE_CODE = re.compile(
    r"\w\(|\w=|(?<![\w.])\.[a-z_]+\(|\b(?:pnb|pd|run|design|client)\.\w|[a-z]_[a-z]+(?![\w.])"
)
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


def shown(remedy: str) -> str:
    return for_panel(Finding("error", "Something is odd.", remedy)).remedy


def wrong_words(sentence: str) -> bool:
    """Whether a sentence names code outside of quotation marks, or is none."""
    plain = _QUOTED.sub("…", sentence)
    whole = not sentence or (sentence.endswith((".", "…", "?")) and not sentence[0].islower())
    return not whole or _LOOKS_LIKE_CODE.search(plain) is not None


# --- what stands in the code -----------------------------------------------------------------------------------------


def filled(node: ast.AST, scope: ast.AST) -> Iterator[str]:
    """The texts that an expression can have, with stand-ins for what is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else stand_in(each) for each in node.values)
    elif isinstance(node, ast.IfExp):
        yield from filled(node.body, scope)
        yield from filled(node.orelse, scope)
    elif isinstance(node, ast.Name):
        nowhere = ast.Module([], [])
        for value in [each for made in ast.walk(scope) for each in assigned(made, node.id)]:
            yield from filled(value, nowhere)


def stand_in(computed: ast.expr) -> str:
    """A string in quotation marks where `repr` is called, and otherwise a number."""
    return "'x'" if isinstance(computed, ast.FormattedValue) and computed.conversion == ord("r") else "7"


def assigned(statement: ast.AST, name: str) -> Iterator[ast.AST]:
    for target in statement.targets if isinstance(statement, ast.Assign) else ():
        pairs = [(target, statement.value)]  # type: ignore[attr-defined]
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):  # type: ignore[attr-defined]
            pairs = list(zip(target.elts, statement.value.elts, strict=True))  # type: ignore[attr-defined]
        yield from (value for one, value in pairs if isinstance(one, ast.Name) and one.id == name)


def remedies(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
            for call in [each for each in ast.walk(scope) if isinstance(each, ast.Call)]:
                if isinstance(call.func, ast.Name) and call.func.id == "Finding":
                    for given in [*call.args[2:3], *(each.value for each in call.keywords if each.arg == "remedy")]:
                        yield from filled(given, scope)


def test_no_remedy_of_a_finding_names_code() -> None:
    found = {each for folder in ("data", "design", "study") for each in remedies(_PACKAGE / folder)}
    assert len(found) > 150
    named = [each for each in found if _LOOKS_LIKE_CODE.search(_QUOTED.sub("…", each))]
    assert len(named) > 40
    assert [each for each in sorted(found) if each.endswith((".", "…", "?")) and wrong_words(shown(each))] == []


# --- what is found ---------------------------------------------------------------------------------------------------


def of_data(content: bytes, **options: Any) -> list[Finding]:
    try:
        return list(pnb.read_data(content, **options).check())
    except InputError as refused:
        return list(refused.findings)


_CONTENTS: list[tuple[bytes, dict[str, Any]]] = [
    (b"", {}),
    (b"a,b\n", {}),
    (b"a,a,\n1,2,3\n", {}),
    (b"a,b\n1\n1,2,3\n", {}),
    (b"a b c\n1 2 3\n4 5 6\n", {}),
    (b'a, "b"\n1, "2,3"\n', {}),
    (b"a,b\n1,2\na,b\n3,4\n", {}),
    (b"a,b\n1,2\n,\n1,2\n x ,y\n", {}),
    (b"Export of May\n\na,b,c\n1,2,3\n4,5,6\n", {}),
    (b"https://a.org/1.png,5\nhttps://a.org/2.png,6\n", {}),
    (b"photo\nhttp://a.org/1.png\nno link\n", {"kinds": {"photo": "image"}}),
    (b"g,h\n1,\n2,x\n", {"kinds": {"g": "group", "h": "group"}}),
    (b"a,b\n1,2\n", {"header_rows": 9}),
    (b"a,b\n1,2\n", {"skip_rows": 9}),
    (b"a,b\n1,2\n", {"sheet": "May"}),
    (b"a,b\n1,2\n", {"encoding": "utf-99"}),
    ("text\nCaf\u00e9 \u201cnoir\u201d\n".encode("cp1252"), {}),
    ("text\nCaf\u00e9\n".encode("utf-16-le"), {}),
    ("text\nCaf\u00e9\n".encode() + b"\xff\n", {}),
    (b"id,t\n12345678901234567890,x\n1.2345678901234568e+19,y\n", {}),
    (b'{"a": 1, "b": 2}', {}),
    (b'{"a": [{"t": "x"}], "b": [{"t": "y"}]}', {}),
    (b'[["a", 1], ["b", 2]]', {}),
    (b'["a", "b"]', {}),
    (b'{"0": {"t": "x"}, "1": {"t": "y"}}', {}),
    (b'{"t": {"0": "x", "1": "y"}}', {}),
    (b'[{"t": {"u": 1}}, {"t": [1]}]', {}),
    (b'{"t": 1}\n{"t": 2,}\n3\n', {}),
    (b"<html><table><tr><td>1</td></tr></table></html>", {}),
    (b"%PDF-1.7\n1 0 obj", {}),
    (b"PAR1\x00\x00PAR1", {}),
    (b"SQLite format 3\x00" + b"\0" * 90, {}),
]


def of_designs() -> Iterator[Finding]:
    new = pnb.Design("New")
    data = pnb.read_data(b"review,photo\nGood,https://a.org/1.png\n")
    yield from new.check(data)
    for design in (
        new.text("<p>Hello</p>"),
        new.show("review").measure("How long?", ["cm"]),
        new.show("nothing").choose("", ["a", "a"]),
        new.show("review").choose("How?", ["a"]).page(),
        new.show("review").show("review").choose("How?", ["a", "b"]).write("How?"),
        new.picture("http://a.org/1.png", alt="").choose_many("Which?", ["a", "b"], at_most=7),
        new.show("review").write("Why?", min_chars=9, max_chars=3),
        new.show("review").upload("Which?", types=[], max_files=0),
        new.show("review").rate("How much?", []),
        pnb.Design("").side_by_side("review", "review").write("Why?"),
    ):
        yield from design.check(data)


def of_plans() -> Iterator[Finding]:
    wrong: tuple[dict[str, Any], ...] = (
        {"minutes": 0, "annotators_per_task": 0, "tasks_per_group": 0},
        {"completion_codes": [{"code": ""}], "devices": ["phone"], "max_submissions": 0},
        {"filters": "age", "filter_set_version": 2, "extra": {"reward": 5}},
        {"name": "", "project": "x", "extra": {"study_type": "QUOTA"}, "study_type": "x"},
    )
    for each in wrong:
        try:
            pnb.StudyPlan(**{"name": "Reviews", "reward": "1.50", "minutes": 6, **each})
        except InputError as refused:
            yield from refused.findings


def test_findings_of_files_designs_and_plans_name_no_code_in_a_panel() -> None:
    found = [each for content, options in _CONTENTS for each in of_data(content, **options)]
    found += [*of_designs(), *of_plans()]
    named = {each for each in found if _LOOKS_LIKE_CODE.search(_QUOTED.sub("…", each.remedy))}
    assert len({each.remedy for each in found}) >= 40
    assert len(named) >= 15
    assert [(each.what, shown(each.remedy)) for each in found if wrong_words(shown(each.remedy))] == []
    assert [each.what for each in found if _LOOKS_LIKE_CODE.search(_QUOTED.sub("…", for_panel(each).what))] == []


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        (
            "Pass skip_rows=2 to skip them, or skip_rows=0 if row 1 is the header.",
            "Set “Skip rows above the header” to 2 to skip them, or to 0 if row 1 is the header.",
        ),
        (
            "Pass skip_rows=[5] to leave it out, or header_rows=1 to keep them.",
            "Leave out rows 5, or set “Header rows” to 1 to keep them.",
        ),
        ("Choose one, as in read_data(…, sheet='reviews').", "Choose one."),
        (
            'Pass the encoding of the file, as in read_data(…, encoding="mac_roman").',
            "Choose the encoding of the file.",
        ),
        (
            "Fix the URLs, or if this is not a column of images, read it with kinds={'photo': \"other\"}.",
            "Fix the URLs, or if this is not a column of images, change its kind to “other” below.",
        ),
        (
            "Write one value per key, or pass read_data(pd.json_normalize(x)): its keys are columns.",
            "Write one value per key.",
        ),
        ("Check the path; the working directory is /home/ada.", "Check the path; the working directory is /home/ada."),
        ("", ""),
        (
            "Add one and keep the result, as in design = design.choose(…): each method returns a new design.",
            "To add one, choose a question under “New” and click “Add”.",
        ),
        (
            "Pass the DataFrame that pandas reads: read_data(pd.read_stata(path)), or export it as CSV (UTF-8).",
            "Export it as CSV (UTF-8).",
        ),
        ("Raise the reward or reduce tasks_per_group.", "Raise the reward or reduce “Tasks per group”."),
        ("If it is one row, pass read_data(pd.json_normalize(x)).", ""),
        ("Leave out the URL 'https://a.org/?sheet=2&types=3'.", "Leave out the URL 'https://a.org/?sheet=2&types=3'."),
    ],
)
def test_remedies_name_the_controls_of_the_panel(remedy: str, words: str) -> None:
    assert shown(remedy) == words
    assert shown(shown(remedy)) == words
    assert escape(words) in findings_html(pnb.Findings([Finding("error", "Something is odd.", remedy)]))


def test_an_error_that_lists_findings_is_shown_in_the_same_words() -> None:
    with pytest.raises(InputError) as caught:
        pnb.read_data(b"a,a\n1,2\n")
    assert "header_rows=0" in str(caught.value)
    assert "or set “Header rows” to 0 if the first row is data." in error_words(caught.value)


# --- a review --------------------------------------------------------------------------------------------------------

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
_NEVER = ("The frame lacks", "It is {}.", "Choose a pandas.DataFrame", "proposal.apply(max_cost", "frame.iloc")


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

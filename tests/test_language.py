"""Sentences in the package are plain present-day English: phrases that researchers had to read twice stay out.

Checked are string literals with at least two words, so messages, labels and docstrings, but not keys. A phrase that
should not come back is a line in `HABITS`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "prolific_nb"

HABITS = {
    r"mend(s|ed|ing)?": "fix",
    r"strange": "unknown, unexpected",
    r"older flow": "legacy flow",
    r"(?<!e-mail )(?<!email )(?<!IP )address(es)?": "URL",
    r"addresss\w*": "URL",
    r"(?<!there )(is|are) no (?!longer\b|more\b|less\b|such\b)\w+": "is not a …",
    r"(was|were) told": "was reported, was given",
    r"(come|comes|came|coming) back": "is returned",
    r"goes on( at \w+)?": "continues, is still running",
    r"ended badly": "failed",
    r"nobody (would|will|could)": "what does not happen: is not annotated, is not shown",
    r"people (who|that) come|people come": "simulated participants",
    r"level (between|with)": "tied between",
    r"parts? ways": "differ",
    r"leads? in a circle": "form a loop",
    r"of no use|slices? nothing": "has no effect",
    r"that chance alone": "expected by chance",
    r"documented nowhere": "undocumented",
    r"nothing need be done": "No action needed",
    r"letter by letter": "into characters",
    r"no verb": "has no method",
    r"no question reads": "There is no question …",
    r"(holds|gives) no explanation": "contains no error message",
    r"twins?": "duplicate, copy",
    r"[\w})]+\.\.(?!\S)": "one full stop",
}
"""A regular expression of whole words, in any case, and what to write instead."""

_FORBIDDEN = [(re.compile(rf"(?<!\w)({phrase})(?!\w)", re.IGNORECASE), use) for phrase, use in HABITS.items()]


def literals(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Every string literal with its text, an f-string as one text with {} for its values."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child, child.value
        elif isinstance(child, ast.JoinedStr):
            yield child, "".join(each.value if isinstance(each, ast.Constant) else "{}" for each in child.values)
            for value in child.values:
                if isinstance(value, ast.FormattedValue):
                    yield from literals(value)
        else:
            yield from literals(child)


def bad_habits(package: Path) -> list[str]:
    """``file:line: "phrase", write: replacement`` for every phrase to be rewritten."""
    found = []
    for path in sorted(package.rglob("*.py")):
        for node, text in literals(ast.parse(path.read_text(encoding="utf-8"))):
            if len(text.split()) < 2:
                continue
            text = re.sub(r"\n[ \t]+", "\n", text)
            sentence = text.replace("\n", " ")
            for pattern, use in _FORBIDDEN:
                for match in pattern.finditer(sentence):
                    line = min(node.lineno + text.count("\n", 0, match.start()), node.end_lineno or node.lineno)
                    found.append(f'{path.relative_to(package.parent)}:{line}: "{match[0]}", write: {use}')
    return found


def test_no_sentence_of_the_package_has_a_bad_habit() -> None:
    found = bad_habits(PACKAGE)
    assert not found, f"{len(found)} phrases to rewrite:\n" + "\n".join(found)


def planted(folder: Path, code: str) -> list[str]:
    (folder / "prolific_nb").mkdir()
    (folder / "prolific_nb" / "planted.py").write_text(code, encoding="utf-8")
    return bad_habits(folder / "prolific_nb")


@pytest.mark.parametrize(
    ("sentence", "use"),
    [
        ("Mend the cells.", "fix"),
        ("The older flow hides it.", "legacy flow"),
        ("The cell holds no web address.", "URL"),
        ("'x' is no side.", "is not a …"),
        ("Options that are no strings may be refused.", "is not a …"),
        ("It goes on at Prolific.", "continues, is still running"),
        ("The server could reject this..", "one full stop"),
        ("so nobody would come to new rows", "what does not happen: is not annotated, is not shown"),
        ("1 unit is level between several labels.", "tied between"),
    ],
)
def test_a_planted_sentence_is_found_with_its_place_and_replacement(tmp_path: Path, sentence: str, use: str) -> None:
    [found] = planted(tmp_path, f'"""A docstring."""\n\nMESSAGE = {sentence!r}\n')
    assert found.startswith("prolific_nb/planted.py:3: ")
    assert found.endswith(f", write: {use}")


def test_phrases_are_found_in_docstrings_f_strings_and_across_lines(tmp_path: Path) -> None:
    code = (
        'def f(x):\n    """First line.\n\n    That the older\n    flow hides it.\n    """\n'
        '    return f"{x} is {len(x)}, " f"a strange {x!r}: {f\'to be mended {x}\'}.."\n'
    )
    assert [found.split(": ")[0].rpartition(":")[2] for found in planted(tmp_path, code)] == ["4", "7", "7", "7"]


def test_plain_sentences_pass(tmp_path: Path) -> None:
    sentences = [
        "There is no question 'x'. Did you mean 'y'?",
        "The workspace is no longer available.",
        "Enter the e-mail address of the account; the IP address is not stored.",
        "Changes were amended as recommended.",
        "Wait... the file is in ../data or in the folder ..",
        "A response with level 2 is returned.",
    ]
    keys = ["strange", "address"]
    assert (
        planted(tmp_path, f"SENTENCES = {sentences!r}\nKEYS = {keys!r}\n# older flow: comments are not checked\n") == []
    )

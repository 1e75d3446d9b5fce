"""The modules of the browser write data as text: every place that parses HTML is known, and was reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import prolific_nb

PACKAGE = Path(prolific_nb.__file__).parent
PARSES = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|parseHTMLUnsafe|createContextualFragment|document\.write|DOMParser"
    r"|srcdoc\s*=[^=]|\beval\(|new Function|javascript:"
)
REVIEWED = {
    # Compares the styles of two documents; nothing is written.
    ("preview.js", 'const rules = (each) => [...each.head.querySelectorAll("style, meta, base, link")]'
     ".map((node) => node.outerHTML);"),
    # A document without a window: its parts go into the frame, which runs no script.
    ("preview.js", 'const next = new DOMParser().parseFromString(html, "text/html");'),
    # The frame itself; the sandbox attribute is set before.
    ("preview.js", "frame.srcdoc = html;"),
    ("preview.js", "if (!page || frame.srcdoc !== this.html) frame.srcdoc = this.html;"
     " // restores the current document"),
    # Rows as participants see them; the sandbox attribute is set before.
    ("row_frames.js", "frame.srcdoc = item.html;"),
    # What matplotlib drew, its text escaped: numbers and words of this package, none of the data.
    ("movable_point.js", 'const svg = document.importNode(new DOMParser().parseFromString(source, "image/svg+xml")'
     ".documentElement, true);"),
    # A document without a window, from which only allowed nodes are copied.
    ("html_cleaning.js", 'return new DOMParser().parseFromString(html, "text/html").body;'),
    # Reads what was made of allowed nodes; nothing is written.
    ("html_cleaning.js", 'return isEmpty(root) ? "" : root.innerHTML;'),
}  # fmt: skip


def places(folder: Path) -> Iterator[tuple[str, str]]:
    """File and line of everything that may turn a string into markup or code."""
    for file in sorted(folder.rglob("*.js")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if PARSES.search(line):
                yield file.name, line.strip()


def test_only_reviewed_lines_parse_html() -> None:
    assert set(places(PACKAGE)) == REVIEWED


@pytest.mark.parametrize(
    ("file", "filled"),
    [("kit/static/preview.js", "frame.srcdoc = html"), ("kit/static/row_frames.js", "frame.srcdoc = item.html")],
)
def test_the_frame_of_a_page_runs_no_script(file: str, filled: str) -> None:
    source = (PACKAGE / "panels" / file).read_text(encoding="utf-8")
    [allowed] = re.findall(r'^const SANDBOX = "(.*)";', source, re.MULTILINE)
    assert "allow-scripts" not in allowed
    assert source.index('setAttribute("sandbox", SANDBOX)') < source.index(filled)


@pytest.mark.parametrize(
    "line",
    [
        "node.innerHTML = text;",
        "node.innerHTML += text;",
        'node["innerHTML"] = text;',
        'node.insertAdjacentHTML("beforeend", text);',
        "frame.srcdoc=text;",
        "document.write(text);",
        "eval(text);",
    ],
)
def test_a_line_that_was_not_reviewed_is_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "new.js").write_text(f"export function draw(node, text) {{\n  {line}\n}}\n")
    assert list(places(tmp_path)) == [("new.js", line)]

"""What the sanitiser removes from HTML, in words."""

from __future__ import annotations

import pytest

from prolific_nb.common.render import allowed_attributes, removed_parts
from prolific_nb.common.render.content import sanitised


@pytest.mark.parametrize(
    ("html", "removed"),
    [
        ("", []),
        ("Read <b>all</b> of it.", []),
        ('<ol start="3"><li>One</li></ol><a href="https://example.com" title="t">x</a>', []),
        ("<p style='x'>a</p><p style='y'>b</p>", ["style of <p>"]),
        ("<script>a()</script><p>b</p><!-- c -->", ["<script>", "a comment"]),
        ('<a href="javascript:a()">x</a> <a href="/files">y</a>', ["href of <a>"]),
        ("<form action=x><input onfocus=y></form>", ["<form>", "<input>"]),
        ("\ud800 <i>half a character</i>", []),
    ],
)
def test_what_is_removed_is_named(html: str, removed: list[str]) -> None:
    assert removed_parts(html) == removed


def test_the_allowed_elements_and_attributes_are_those_that_the_sanitiser_keeps() -> None:
    values = {"href": "https://a.b", "src": "https://a.b", "cite": "https://a.b"}
    for tag, attributes in allowed_attributes().items():
        if tag in ("caption", "col", "colgroup", "tbody", "td", "th", "thead", "tr"):
            continue  # only inside a table
        given = "".join(f' {name}="{values.get(name, "1")}"' for name in [*attributes, "lang", "title"])
        assert removed_parts(f"<{tag}{given}>x</{tag}>") == [], tag
    assert "script" not in allowed_attributes()
    assert "style" not in sanitised("<p style='a'>x</p>")

"""The field for formatted text on the Python side; the editor itself is tested in the browser."""

from __future__ import annotations

from prolific_nb.panels.compose.rich_text import RichText


def test_what_participants_do_not_see_follows_the_value() -> None:
    field = RichText(value="<p>Read.</p>", label="Introduction")
    assert field.removed == []
    field.value = "<p onclick='x()'>Read.</p><iframe src='https://example.com'></iframe>"
    assert field.removed == ["onclick of <p>", "<iframe>"]
    field.value = "<p>Read.</p>"
    assert field.removed == []


def test_markdown_is_not_judged_as_html() -> None:
    field = RichText(value="a <kbd onclick=x> b", raw=True)
    assert field.removed == []
    field.raw = False
    assert field.removed == ["onclick of <kbd>"]


def test_the_browser_gets_the_whitelist_of_the_sanitiser() -> None:
    state = RichText().get_state()
    assert state["_allowed"]["a"] == ["href", "hreflang"]
    assert "script" not in state["_allowed"]

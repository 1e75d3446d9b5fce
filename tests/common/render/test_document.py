"""The content of the participant's screens, in which nothing can run."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from prolific_nb.common.render import document
from prolific_nb.design import Design

INJECTIONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</iframe><svg onload=alert(1)>",
    "</textarea></select></style></title><script>alert(1)</script>",
    '"><b onmouseover=alert(1)>',
    "'><i onclick='alert(1)'>",
    '" autofocus onfocus="alert(1)',
    "javascript:alert(1)",
    'https://a.org/x.png" onload="alert(1)',
    "<a href='javascript:alert(1)'>here</a>",
    "<base href='https://a.org'>",
    "{{7*7}} {% raw %}",
    "costs $x$ and $5",
    "&lt;already&gt; &amp; escaped",
]
URLS = {"src", "href", "action", "formaction", "data", "poster", "srcset", "xlink:href", "background"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Seen(HTMLParser):
    """Elements and texts as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def named(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attrs for name, attrs in self.elements if name == tag and all(attrs.get(k) == v for k, v in wanted.items())
        ]

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def dangers(seen: Seen) -> list[str]:
    found = [tag for tag, _ in seen.elements if tag in {"script", "iframe", "object", "embed", "form", "svg", "link"}]
    for tag, attrs in seen.elements:
        found += [f"{tag} {name}" for name in attrs if name.startswith("on") or name in {"srcdoc", "autofocus"}]
        found += [
            f"{tag} {name}={value}"
            for name, value in attrs.items()
            if name in URLS and not value.startswith(("https://", "http://", "mailto:"))
        ]
    found += [f"button {attrs}" for attrs in seen.named("button") if attrs.get("type") != "button"]
    return found + [f"misplaced {tag}" for tag in seen.misplaced] + seen.open


def drawn(design: Design, datapoint: dict[str, str] | None = None, **kinds: str) -> Seen:
    sent = design.to_api()
    return Seen(document(sent["batch_items"], datapoint or {}, task_details=sent["task_details"], kinds=kinds))


def filled(text: str) -> Design:
    """A design with the text in every place that is not HTML."""
    option = {text: text, "b": "b"}
    return (
        Design(text)
        .show("cell")
        .picture("https://a.org/b.png", alt=text, caption=text)
        .choose(text, option, helper=text)
        .choose(text, [text, *range(9)])
        .rate(text, [text, "b"])
        .choose_many(text, option, none=text)
        .choose_and_explain(text, {text: [text, "b"], "h": ["c"]})
        .write(text, helper=text, placeholder=text)
        .measure(text, option, helper=text)
        .upload(text, types=[text])
        .picture(text, alt="")
        .show(text)
    )


@pytest.mark.parametrize("text", INJECTIONS)
def test_values_are_inert_and_still_readable(text: str) -> None:
    seen = drawn(filled(text), {"cell": text})
    assert dangers(seen) == []
    assert seen.texts.count(text) >= 10  # title twice, cell, questions, options, headings
    assert seen.named("textarea", placeholder=text)
    assert all(seen.named(tag, value=text) for tag in ("input", "option"))
    assert seen.named("img", alt=text)


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("kind", ["image", "audio", "video", "image_url", "text", "hologram"])
def test_cells_of_every_kind_are_inert(text: str, kind: str) -> None:
    seen = drawn(Design("x").show("cell").show("gone" + text), {"cell": text}, cell=kind)
    assert dangers(seen) == []
    assert text in seen.texts
    assert f"The data has no column “gone{text}”." in seen.texts


@pytest.mark.parametrize("text", [*INJECTIONS, "<form><button>x</button><input></form>", "<style>*{}</style>"])
def test_rich_text_is_sanitised_everywhere(text: str) -> None:
    design = Design("x", introduction=text, steps=text).text(f"<p>kept</p>{text}").intro(text).show("a", caption=text)
    seen = drawn(design, {"a": "b"})
    assert dangers(seen) == []
    assert "kept" in seen.texts


def test_ids_and_types_from_the_server_are_inert() -> None:
    text = '"><script>alert(1)</script>'
    items = [{"type": text}, {"type": "free_text", "id": text, "description": "q"}]
    items.append({"type": "rich_text", "content": text, "content_format": "markdown"})
    seen = Seen(document([{"rows": [{"columns": [{"items": items}]}]}], {}))
    assert dangers(seen) == []
    assert seen.named("textarea", name=text)
    assert text in seen.texts
    assert f"An item of the type “{text}” is here; this preview cannot show it." in seen.texts


@settings(max_examples=150, deadline=None)
@example("half \ud800 and nothing \x00")
@given(st.text(st.characters() | st.sampled_from("<>\"'&/=;{}%$ \ud800\x00"), max_size=40))
def test_any_text_is_inert(text: str) -> None:
    html = document(filled(text).to_api()["batch_items"], {"cell": text})
    html.encode()
    assert dangers(Seen(html)) == []


def test_only_media_may_be_loaded_and_nothing_is_sent() -> None:
    seen = drawn(Design("x").text("<p><a href='https://a.org'>away</a></p>"))
    (policy,) = (each["content"] for each in seen.named("meta") if "http-equiv" in each)
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "img-src https: data:",
        "media-src https:",
        "style-src 'unsafe-inline'",
        "form-action 'none'",
    }
    assert seen.named("base", target="_blank")  # a link must not replace the preview


def test_cells_are_shown_by_their_kind() -> None:
    design = Design("x").show("photo").show("sound").show("clip").show("page").show("http").show("empty")
    row = {name: f"https://a.org/{name}?a=1&b=2" for name in ("photo", "sound", "clip", "page")}
    row |= {"http": "http://a.org/b.png", "empty": " "}
    seen = drawn(design, row, photo="image", sound="audio_url", clip="video", http="image")
    assert [each["src"] for each in seen.named("img")] == [row["photo"]]
    assert [each["src"] for each in seen.named("audio")] == [row["sound"]]
    assert [each["src"] for each in seen.named("video")] == [row["clip"]]
    assert row["page"] in seen.texts
    assert row["http"] in seen.texts
    assert "The cell of “empty” is empty in this row." in seen.texts


def test_line_breaks_of_a_cell_are_kept() -> None:
    cell = "  first\n\n\tsecond"
    assert cell in drawn(Design("x").show("a"), {"a": cell}).texts


def test_screens_are_counted_and_marked() -> None:
    design = Design("Name", introduction="<p>Hi</p>", steps="<p>Do</p>").write("How?").page().write("Why?")
    seen = drawn(design.intro("<p>Welcome</p>").outro("<p>Goodbye</p>"))
    assert [each["aria-label"] for each in seen.named("section")] == [
        "Screen 1 of 4, shown once, before the first task",
        "Screen 2 of 4",
        "Screen 3 of 4",
        "Screen 4 of 4, shown once, after the last task",
    ]
    order = ["Name", "Hi", "Steps", "Do", "Screen 1", "Welcome", "Screen 2", "How?", "Screen 3", "Why?"]
    order += ["Submit", "Screen 4", "Goodbye"]
    places = [seen.words.index(word) for word in order]
    assert places == sorted(places)


def test_a_menu_from_five_options_unless_the_item_forbids_it() -> None:
    four = drawn(Design("x").choose("?", list("abcd")))
    five = drawn(Design("x").choose("?", list("abcde")))
    scale = drawn(Design("x").rate("?", list("abcde")))
    many = drawn(Design("x").choose_many("?", list("abcdef")))
    assert [len(seen.named("select")) for seen in (four, five, scale, many)] == [0, 1, 0, 0]
    assert [each["value"] for each in five.named("option")] == ["", *"abcde"]
    assert [each["value"] for each in scale.named("input", type="radio")] == list("abcde")
    assert len(many.named("input", type="checkbox")) == 6


@pytest.mark.parametrize(
    ("design", "style"),
    [
        (Design("x").rate("?", range(1, 12)), "scale"),
        (Design("x").rate("?", ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]), "scale"),
        (Design("x").rate("?", ["Yes", "No", "I have no opinion on the matter"]), "list"),
        (Design("x").rate("?", ["Unquestionably", "Conceivably", "Neither", "Hardly", "Never"]), "list"),
        (Design("x").rate("?", range(30)), "columns"),
        (Design("x").choose("?", ["Yes", "No"]), "list"),
        (Design("x").choose_many("?", range(30)), "columns"),
    ],
)
def test_options_are_in_one_line_only_if_they_fit(design: Design, style: str) -> None:
    assert [each["class"] for each in drawn(design).named("div") if "options" in each.get("class", "")] == [
        f"options {style}"
    ]


def test_the_number_of_options_that_may_be_chosen_is_shown() -> None:
    design = Design("x").choose_many("?", ["a", "b"]).choose_many("!", ["a", "b", "c"], at_most=2)
    words = drawn(design).words
    assert "Choose all that apply." in words
    assert "Choose up to 2." in words


EVERY = (
    Design("x")
    .choose("one", ["a", "b"])
    .choose("menu", list("abcde"))
    .rate("scale", [1, 2])
    .choose_many("many", ["a", "b"])
    .choose_and_explain("why", ["a", "b"])
    .write("words", min_chars=3, helper="Help")
    .measure("number", ["cm", "m"], position="prefix")
    .upload("file", types=[".pdf"], max_files=1)
)


def test_every_question_is_labelled_and_every_input_is_named() -> None:
    seen = drawn(EVERY)
    ids = [attrs["id"] for _, attrs in seen.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {each["for"] for each in seen.named("label") if "for" in each} <= set(ids)
    assert {each["aria-describedby"] for _, each in seen.elements if "aria-describedby" in each} <= set(ids)
    assert len(seen.named("fieldset")) == 4
    assert len(seen.named("legend")) == 4
    controls = [attrs for tag, attrs in seen.elements if tag in {"input", "select", "textarea"}]
    assert all(each["name"] for each in controls)
    separate = [each["name"] for each in controls if each.get("type") not in {"radio", "checkbox"}]
    assert len(separate) == len(set(separate))


def test_names_of_inputs_do_not_depend_on_texts_and_follow_the_ids_of_the_server() -> None:
    def names(pages: Any) -> list[str]:
        seen = Seen(document(pages, {}))
        return [attrs["name"] for tag, attrs in seen.elements if tag in {"input", "select", "textarea"}]

    pages = EVERY.to_api()["batch_items"]
    reworded = json.loads(json.dumps(pages).replace('"words"', '"other words"'))
    assert names(reworded) == names(pages)
    for number, row in enumerate(pages[0]["rows"]):
        row["columns"][0]["items"][0]["id"] = f"id-{number}"
    assert {name[:4] for name in names(pages)} == {f"id-{number}" for number in range(8)}


def test_bounds_units_and_files_are_shown() -> None:
    seen = drawn(EVERY.write("between", min_chars=2, max_chars=9).write("most", max_chars=9))
    for hint in ("Help", "At least 3 characters.", "Between 2 and 9 characters.", "At most 9 characters."):
        assert hint in seen.words
    assert "1 file, 25 MB each at most: .pdf" in seen.words
    assert seen.named("input", type="file", accept=".pdf")
    assert [tag for tag, attrs in seen.elements if attrs.get("name", "").startswith("p1-r7")] == ["select", "input"]


def test_numbers_and_default_units_as_the_api_allows_them() -> None:
    bounded = {"type": "free_text", "description": "n", "validation": {"type": "number", "min": 0.5, "max": None}}
    units = [{"label": "L1", "value": 1}, {"label": "L2", "value": True}]
    number = {"type": "free_text_with_unit", "description": "u", "unit_options": units, "unit_position": "suffix"}
    pages = [{"rows": [{"columns": [{"items": [bounded, {**number, "default_unit": True}]}]}]}]
    seen = Seen(document(pages, {}))
    assert "At least 0.5." in seen.words
    assert [(each["value"], "selected" in each) for each in seen.named("option")] == [("1", False), ("true", True)]


def test_unfinished_parts_have_a_placeholder() -> None:
    words = drawn(Design("").show("a").choose("", []).text("").picture("", alt="").page()).words
    for said in ("“a” of your data", "no text yet", "no options yet", "text is empty", "No picture", "screen is empty"):
        assert said in words
    assert "The task has no screens yet." in drawn(Design("x")).words


def test_columns_are_side_by_side() -> None:
    seen = drawn(Design("x").show("a").write("q").beside().write("r"), {"a": "b"})
    assert [each["class"] for each in seen.named("div") if "row" in each.get("class", "")] == [
        "row columns-2",
        "row columns-1",
    ]


def test_compared_columns_have_the_labels_of_the_question() -> None:
    seen = drawn(Design("x").compare("Which?", "a", "b").side_by_side("c", "d"), {"a": "one", "b": "two"})
    assert len(seen.named("p", **{"class": "side"})) == 4  # the question may refer to any row of two columns
    assert seen.words.index("Left") < seen.words.index("one") < seen.words.index("Right") < seen.words.index("two")
    assert not drawn(Design("x").side_by_side("a", "b").choose("Which?", ["a", "b"])).named("p", **{"class": "side"})

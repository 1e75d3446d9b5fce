"""The templates: no findings for data that fits them."""

from __future__ import annotations

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.data import Dataset, read_data
from prolific_nb.design import TEMPLATES, Design, template

PROSE = ["It broke after a day of use.", "I would buy it again at once."]
PICTURES = ["https://a.org/1.png", "https://a.org/2.png"]


def table(**columns: list[str]) -> Dataset:
    return read_data(pd.DataFrame(columns))


SUITABLE = {
    "reviews": pnb.sample_data(),
    "answers": table(
        id=["1", "2"], prompt=[text + " Why is that so?" for text in PROSE], answer_a=PROSE, answer_b=PROSE
    ),
    "pictures": table(left=PICTURES, right=PICTURES, task_group_id=["g", "g"]),
    "sounds": table(one=["https://a.org/a.mp3"], other=["https://a.org/b.mp3"]),
    "videos": table(one=["https://a.org/a.mp4"], other=["https://a.org/b.mp4"]),
    "numbers": table(x=["1", "2"], y=["3", "4"]),
}


@pytest.mark.parametrize("data", SUITABLE.values(), ids=SUITABLE)
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_needs_no_changes(name: str, data: Dataset) -> None:
    design = template(name, data)
    found = [each.what for each in design.check(data)]
    # The data has its sides in fixed columns, which only the researcher can change.
    fixed = [what for what in found if "position bias cannot be told from preference" in what]
    assert found == fixed
    assert len(fixed) == (name == "pairwise comparison" and len(design.shown) > 1)
    assert set(design.shown) <= set(data.columns)
    scope = {"pnb": pnb}
    exec(design.to_code(), scope)
    assert scope["design"] == design
    assert "from_json" not in design.to_code()


@pytest.mark.parametrize("name", TEMPLATES)
def test_without_data_the_columns_have_plain_names(name: str) -> None:
    design = template(name)
    assert not design.check()
    assert design.shown in {("text",), ("answer_a", "answer_b")}
    assert TEMPLATES[name]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("classification", ["single"]),
        ("rating", ["scale", "scale"]),
        ("multi-label", ["many"]),
        ("pairwise comparison", ["single", "text"]),
        ("free text", ["text"]),
    ],
)
def test_each_template_asks_what_its_name_says(name: str, kinds: list[str]) -> None:
    assert [question.kind for question in template(name).codebook()] == kinds


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"pairwise comparison"}))
@pytest.mark.parametrize(("data", "best"), [("reviews", "review"), ("pictures", "left"), ("numbers", "x")])
def test_the_best_column_is_shown(name: str, data: str, best: str) -> None:
    assert template(name, SUITABLE[data]).shown == (best,)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (SUITABLE["reviews"], ("product", "review")),
        (SUITABLE["answers"], ("prompt", "answer_a", "answer_b")),
        (SUITABLE["pictures"], ("left", "right")),
        (SUITABLE["numbers"], ("x", "y")),
        (table(b=PROSE, title=PROSE, a=PROSE), ("title", "b", "a")),
        (table(answer1=PROSE, photo=PICTURES, answer2=PROSE), ("photo", "answer1", "answer2")),
        (table(llama_says=PROSE, gpt_says=PROSE), ("llama_says", "gpt_says")),
    ],
)
def test_the_two_columns_to_compare_are_found(data: Dataset, shown: tuple[str, ...]) -> None:
    assert template("pairwise comparison", data).shown == shown


def test_data_of_one_column_cannot_be_compared_and_check_says_so() -> None:
    data = table(review=PROSE)
    assert [each.column for each in template("pairwise comparison", data).check(data).errors] == ["answer_b"]


def test_the_words_fit_what_is_shown() -> None:
    def words(design: Design) -> str:
        return str(design.to_api()).casefold()

    assert "look at the picture" in words(template("classification", SUITABLE["pictures"]))
    assert "listen to the recording" in words(template("rating", SUITABLE["sounds"]))
    assert "watch the video" in words(template("free text", SUITABLE["videos"]))


def test_a_template_that_does_not_exist() -> None:
    with pytest.raises(LookupError, match="'rating'"):
        template("ratings")
    with pytest.raises(TypeError):
        TEMPLATES["new"] = "about"  # type: ignore[index]

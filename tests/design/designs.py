"""Random designs: arbitrary ones, and such as a person would write; with the edits of the composer."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from prolific_nb.design import Design, Entry
from prolific_nb.design.items import DatasetField, RichText
from prolific_nb.errors import DesignError

TEXT = st.sampled_from(["How?", "Why?", "  ", "", 'say "hi"', "it's", "a\nb", "\\", "é", "\ud800", "<script>", "Good"])
VALUE = TEXT | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
COLUMN = st.sampled_from(["a", "b", "c", "", "pnb_row", "long" * 40])
SENT = st.fixed_dictionaries({"label": TEXT, "value": VALUE}, optional={"exclusive": st.booleans(), "colour": TEXT})
OPTIONS = st.lists(VALUE | SENT, max_size=4) | st.dictionaries(VALUE, TEXT, max_size=4)
HEADED = OPTIONS | st.dictionaries(TEXT, OPTIONS, max_size=3)
COUNT = st.none() | st.integers(-2, 4)
OPTIONAL = st.none() | TEXT
YES_OR_NO = st.none() | st.booleans()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
EXTRA = st.none() | st.dictionaries(st.sampled_from(["colour", "randomise", "ordered", "extra"]), JSON, max_size=2)
BOUND = st.none() | st.integers(-3, 300) | st.floats(-3, 300)
RANGE = st.tuples(BOUND, BOUND)


NAMES: Counter[str] = Counter()
"""How often each method of `Design` is among the random verbs."""


def verb(name: str, *given: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    NAMES[name] += 1
    return st.tuples(st.just(name), st.tuples(*given), st.fixed_dictionaries({}, optional=named))


FOLDED = {"helper": OPTIONAL, "placeholder": OPTIONAL, "disable_dropdown": YES_OR_NO, "extra": EXTRA}
VERBS = st.one_of(
    verb("show", COLUMN, caption=OPTIONAL, extra=EXTRA),
    verb("text", TEXT, content_format=st.sampled_from([None, "html", "markdown", "rtf"]), extra=EXTRA),
    verb(
        "picture",
        st.sampled_from(["https://a.org/b.png", "http://a.org", "https://", "https://["]),
        alt=TEXT,
        extra=EXTRA,
    ),
    verb("side_by_side", COLUMN, COLUMN),
    verb("side_by_side", COLUMN, COLUMN, COLUMN),
    verb("side_by_side"),
    verb("page", extra=EXTRA),
    verb("intro", TEXT, st.fixed_dictionaries({"type": st.sampled_from(["image", "sound"]), "url": TEXT}), extra=EXTRA),
    verb("outro", TEXT),
    verb("choose", TEXT, OPTIONS, **FOLDED),
    verb("attention", TEXT, OPTIONS, right=VALUE, **FOLDED),
    verb("rate", TEXT, OPTIONS, ends=st.none() | st.tuples(TEXT, TEXT), helper=OPTIONAL, extra=EXTRA),
    verb("choose_many", TEXT, OPTIONS, at_most=COUNT, none=OPTIONAL, **FOLDED),
    verb("choose_and_explain", TEXT, HEADED, at_most=COUNT, **FOLDED),
    verb("write", TEXT, min_chars=COUNT, max_chars=COUNT, helper=OPTIONAL, placeholder=OPTIONAL, extra=EXTRA),
    verb("write", TEXT, number=st.booleans() | RANGE, helper=OPTIONAL),
    verb(
        "measure",
        TEXT,
        OPTIONS,
        limits=st.none() | RANGE,
        default=OPTIONAL,
        position=st.sampled_from(["prefix", "suffix", "above"]),
        placeholder=OPTIONAL,
        extra=EXTRA,
    ),
    verb(
        "upload",
        TEXT,
        types=st.none() | st.lists(st.sampled_from([".jpg", "png"])),
        min_files=COUNT,
        max_files=COUNT,
        max_mb=BOUND,
        helper=OPTIONAL,
        extra=EXTRA,
    ),
    verb("narrate", TEXT, helper=OPTIONAL, extra=EXTRA),
    verb("verbatim", st.fixed_dictionaries({"type": st.just("slider"), "description": JSON}, optional={"max": JSON})),
    verb("compare", TEXT, COLUMN, COLUMN, tie=st.booleans()),
)


SANE_VALUES = st.lists(
    st.text("abcdef", min_size=1, max_size=3) | st.integers() | st.booleans(), min_size=2, unique_by=str
)
SANE_OPTIONS = SANE_VALUES | st.dictionaries(st.integers(), st.text("xyz", min_size=1), min_size=2)
NEW_TEXT = st.uuids().map(str)
SANE_LIMITS = st.fixed_dictionaries({"m": st.tuples(st.integers(-3, 3), st.none())})
SIZE = st.sampled_from([1, 0.5, 25])
SANE_RANGE = st.tuples(st.integers(-3, 3), st.integers(3, 9) | st.floats(3, 9) | st.none())
SANE_VERBS = st.one_of(
    verb("text", NEW_TEXT),
    verb("show", NEW_TEXT, caption=NEW_TEXT),
    verb("intro", NEW_TEXT),
    verb("outro", NEW_TEXT),
    verb("picture", st.just("https://a.org/b.png"), alt=TEXT),
    verb("choose", NEW_TEXT, SANE_OPTIONS, helper=OPTIONAL, placeholder=OPTIONAL, disable_dropdown=YES_OR_NO),
    verb("narrate", NEW_TEXT, helper=OPTIONAL),
    verb("attention", NEW_TEXT, st.just(["a", 1, True]), right=st.sampled_from(["a", 1, True]), helper=OPTIONAL),
    verb("rate", NEW_TEXT, SANE_OPTIONS),
    verb("choose_many", NEW_TEXT, SANE_OPTIONS, at_most=st.just(2), none=st.just("None")),
    verb("choose_and_explain", NEW_TEXT, SANE_OPTIONS | st.dictionaries(NEW_TEXT, SANE_VALUES, min_size=1, max_size=3)),
    verb("write", NEW_TEXT, min_chars=st.integers(0, 3), max_chars=st.integers(3, 9), placeholder=OPTIONAL),
    verb("measure", NEW_TEXT, SANE_OPTIONS, limits=SANE_RANGE, position=st.sampled_from(["prefix", "suffix"])),
    verb(
        "measure", NEW_TEXT, st.just(["cm", "m"]), limits=st.fixed_dictionaries({"m": SANE_RANGE}), default=st.just("m")
    ),
    verb("upload", NEW_TEXT, types=st.just([".jpg"]), min_files=st.just(1), max_files=st.integers(1, 3), max_mb=SIZE),
    verb("write", NEW_TEXT, number=st.just(True) | SANE_RANGE, placeholder=OPTIONAL),
    verb("compare", NEW_TEXT, NEW_TEXT, NEW_TEXT, tie=st.booleans()),
)


PLACE = st.integers(-9, 9)
POSITION = st.sampled_from(["body", "intro", "outro"])
EDITS = st.one_of(
    verb("move", PLACE, PLACE),
    verb("remove", PLACE),
    verb("duplicate", PLACE),
    verb("beside", PLACE, on=st.booleans()),
    verb("insert", st.builds(Entry, page=POSITION), at=st.none() | PLACE),
    verb("insert", st.builds(DatasetField, NEW_TEXT) | st.builds(RichText, NEW_TEXT), at=st.none() | PLACE),
    verb("edit", PLACE, page=POSITION),
    verb("edit", PLACE, description=NEW_TEXT),
    verb("edit", PLACE, options=SANE_OPTIONS),
    verb("edit", PLACE, right=st.none() | VALUE),
    verb("edit", PLACE, content=NEW_TEXT),
)


def built(verbs: list[Any]) -> Design:
    design = Design("Random", introduction='<p>"Hello", it\'s me</p>')
    for name, given_, named in verbs:
        described = {"alt": "", **named} if name == "picture" else named
        # Random options may mix headings and flat ones, a number may be asked for with a length, and random edits may
        # find no entry or no place.
        with suppress(TypeError, ValueError, LookupError, DesignError):
            design = getattr(design, name)(*given_, **described)
    return design


DESIGNS = st.lists(VERBS, max_size=8).map(built)
SANE_DESIGNS = st.lists(SANE_VERBS, min_size=1, max_size=8).map(lambda verbs: built(verbs).write("Last?"))
EDITED = st.lists(VERBS | EDITS, max_size=12).map(built)
SANE_EDITED = st.lists(SANE_VERBS | EDITS, min_size=1, max_size=12).map(lambda verbs: built(verbs).write("Last?"))

"""Error responses: every documented form as every class, and any other response of a server or gateway."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prolific_nb.api import Token, Transport
from prolific_nb.api.error_mapping import problem
from prolific_nb.errors import (
    ApiError,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    Rejected,
    ServerError,
    TooManyRequests,
    Unauthorised,
)

from .scripted import scripted

SECRET = "planted-secret-token"
REQUEST = "POST /api/v1/studies/"
CLASSES = {
    302: Rejected,
    400: Rejected,
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    405: Rejected,
    409: Conflict,
    410: Gone,
    422: Rejected,
    429: TooManyRequests,
    500: ServerError,
    502: ServerError,
}
FIELDS = {"reward": ["Too low.", "Odd"], "codes": [{}, {"code": ["Taken"], "actions": {"0": "Unknown"}}]}
FLAT_FIELDS = {"reward": ["Too low.", "Odd"], "codes.1.code": ["Taken"], "codes.1.actions.0": ["Unknown"]}
FIELD_WORDS = ["reward: Too low; Odd", "codes.1.code: Taken", "codes.1.actions.0: Unknown"]
ISSUE = {"page": 0, "row": 1, "column": 0, "item": 2, "type": "dataset_field", "field": "revew", "message": "Unknown"}
CORE = {"status": 400, "error_code": 140000, "title": "Bad thing"}
MORE = {"additional_information": "/docs/1", "traceback": "File secret.py, line 1", "interactive": True}

# name: the body, the words in the message, and what the attributes hold besides code
FORMS: dict[str, tuple[Any, list[str], dict[str, Any]]] = {
    "1 wrapped, a sentence": ({"error": {**CORE, "detail": "It is wrong."}}, ["Bad thing. It is wrong."], {}),
    "1 wrapped, sentences": ({"error": {**CORE, "detail": ["One", "Two."]}}, ["Bad thing. One. Two."], {}),
    "1 wrapped, fields": ({"error": {**CORE, "detail": FIELDS}}, FIELD_WORDS, {"fields": FLAT_FIELDS}),
    "1 wrapped, all of it": ({"error": {**CORE, **MORE, "detail": "No"}}, ["Bad thing. No."], {}),
    "2 bare": ({**CORE, "detail": "It is wrong"}, ["Bad thing. It is wrong."], {}),
    "2 bare, fields": ({**CORE, "detail": FIELDS}, FIELD_WORDS, {"fields": FLAT_FIELDS}),
    "3 flat": ({"message": "Flat", "detail": "said"}, ["Flat. said."], {}),
    "3 flat, message alone": ({"message": "Flat."}, ["Flat."], {}),
    "3 flat, fields": ({"message": "Flat", "detail": FIELDS}, ["Flat. ", *FIELD_WORDS], {"fields": FLAT_FIELDS}),
    "4 detail alone": ({"detail": "Not found."}, ["Not found."], {}),
    "5 layout": (
        {"type": "INVALID_BATCH_ITEMS", "message": "Bad layout", "issues": [ISSUE, {**ISSUE, "page": 1}]},
        ["Bad layout. page 1, row 2, column 1, item 3 (revew): Unknown. page 2, row 2"],
        {"issues": [ISSUE, {**ISSUE, "page": 1}]},
    ),
    "5 layout without a message": (
        {"type": "INVALID_BATCH_ITEMS", "issues": [{"page": 4, "message": "Empty"}]},
        ["page 5: Empty."],
        {"issues": [{"page": 4, "message": "Empty"}]},
    ),
    "6 plain text": ("internal server error", ["internal server error."], {}),
    "7 nothing": ("", ["the response contains no error message."], {}),
    "a page": (
        "<!DOCTYPE html>\n<html><head><style>h1 {color: red}</style><title>502 Bad Gateway</title></head>"
        "<body><h1>502 Bad&nbsp;Gateway</h1><script>alert(1)</script><p>nginx &amp; co</p></body></html>",
        ["502 Bad Gateway 502 Bad Gateway nginx & co."],
        {},
    ),
    "storage": ("<?xml version='1.0'?><Error><Code>Expired</Code></Error>", [": Expired."], {}),
    "fields alone": (
        {"name": ["Required."], "n": 1},
        ["name: Required. n: 1"],
        {"fields": {"name": ["Required."], "n": ["1"]}},
    ),
    "a list of records": (
        [{"loc": "name", "msg": "Required"}],
        ["0.msg: Required"],
        {"fields": {"0.loc": ["name"], "0.msg": ["Required"]}},
    ),
    "an empty record": ({}, ["the response contains no error message."], {}),
    "null": (None, ["the response contains no error message."], {}),
    "issues of another shape": (
        {"message": "No", "issues": ["a", {"page": "1", "message": None}, {"page": True, "message": "Odd"}]},
        ["No. Odd."],
        {"issues": [{"page": "1", "message": None}, {"page": True, "message": "Odd"}]},
    ),
    "issues beside a wrapped record": (
        {"error": {"title": "No"}, "issues": [ISSUE]},
        ["No. page 1"],
        {"issues": [ISSUE]},
    ),
    "no words": ({"status": 400, **MORE}, ["the response contains no error message."], {}),
}


def answered(status: int, text: str) -> ApiError:
    """What a real request raises that is answered so."""
    with scripted((status, text, {"Location": "http://127.0.0.1:1/elsewhere"})) as server:
        with pytest.raises(ApiError) as caught:
            Transport(server.url, Token(SECRET)).post("/api/v1/studies/", {})
        assert len(server.asked) == 1
    return caught.value


def as_text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@pytest.mark.parametrize("status", CLASSES)
@pytest.mark.parametrize("form", FORMS)
def test_every_documented_error_form_maps_to_every_class(form: str, status: int) -> None:
    body, words, held = FORMS[form]
    failure = problem(status, REQUEST, as_text(body))
    assert type(failure) is CLASSES[status]
    assert (failure.status, failure.request) == (status, REQUEST)
    assert str(failure).startswith(f"{REQUEST} was answered with {status}: ")
    assert str(failure).endswith(CLASSES[status].remedy)
    assert [each for each in words if each not in str(failure)] == []
    assert failure.code == (140000 if form[0] in "12" else None)
    assert failure.fields == held.get("fields", {})
    assert failure.issues == held.get("issues", [])
    assert "traceback" not in str(failure)
    assert "secret.py" not in str(failure)


@pytest.mark.parametrize("form", FORMS)
def test_a_real_response_maps_to_the_same_error_and_copies_keep_all_attributes(form: str) -> None:
    text = as_text(FORMS[form][0])
    failure = answered(400, text)
    for other in (problem(400, REQUEST, text), pickle.loads(pickle.dumps(failure)), copy.copy(failure)):
        assert (type(other), str(other), vars(other)) == (type(failure), str(failure), vars(failure))


def test_other_keys_of_the_server_are_kept_but_not_shown() -> None:
    failure = problem(400, REQUEST, json.dumps({"error": {**CORE, **MORE, "detail": "No"}}))
    assert failure.said["additional_information"] == "/docs/1"
    assert failure.said["title"] == "Bad thing"
    assert failure.said["traceback"] == MORE["traceback"]


@pytest.mark.parametrize(("given", "code"), [("E17", "E17"), (17, 17), (True, None), ([17], None), (None, None)])
def test_a_code_is_a_number_or_a_word(given: Any, code: Any) -> None:
    assert problem(400, REQUEST, json.dumps({"error": {"error_code": given, "detail": "No"}})).code == code


def test_a_secret_is_hidden_however_it_is_written() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    failure = problem(400, REQUEST, f'{{"{escaped}": "{escaped}"}}', Token(SECRET).hide)
    assert failure.fields == {"(hidden)": ["(hidden)"]}


def test_a_copy_of_a_busy_error_keeps_retry_after() -> None:
    with scripted((429, "", {"Retry-After": "7"})) as server, pytest.raises(TooManyRequests) as caught:
        Transport(server.url, Token(SECRET)).post("/api/v1/x")
    assert pickle.loads(pickle.dumps(caught.value)).retry_after == 7.0


def test_a_repeated_sentence_is_shown_once() -> None:
    told = {"message": "The body does not fit. name: Required", "detail": {"name": ["Required"]}}
    failure = problem(400, REQUEST, json.dumps(told))
    assert str(failure).count("Required") == 1
    assert failure.fields == {"name": ["Required"]}


def test_a_long_message_is_cut_and_points_to_the_full_text() -> None:
    issues = [{**ISSUE, "page": page} for page in range(60)]
    failure = problem(422, REQUEST, json.dumps({"message": "Bad layout", "issues": issues}))
    assert len(str(failure)) < 900
    assert ".issues of this error for the full text" in str(failure)
    assert len(failure.issues) == 60


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"detail":' * 900 + "1" + "}" * 900, "<" * 50_000, "<script" * 9000, "9" * 5000]
)
def test_a_malformed_response_does_not_crash(text: str) -> None:
    failure = problem(500, REQUEST, text)
    assert len(str(failure)) < 900
    assert str(pickle.loads(pickle.dumps(failure))) == str(failure)


def test_endlessly_nested_records_are_shown_as_text() -> None:
    failure = problem(400, REQUEST, '{"detail":' * 30 + "1" + "}" * 30)
    assert failure.fields == failure.said == {}
    assert '{"detail":{"detail":' in str(failure)


KEYS = st.sampled_from(["error", "detail", "title", "message", "issues", "type", "error_code", "status", "traceback"])
PLACES = st.sampled_from(["page", "row", "column", "item", "field", "message", "name"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(f"Token {SECRET}")
BODIES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS | PLACES | st.text() | st.just(SECRET), inner)
)


@given(status=st.integers(300, 599), body=BODIES | st.dictionaries(KEYS, BODIES), plain=st.booleans())
@example(status=400, body={"detail": "\ud800 half a character"}, plain=False)
@example(status=400, body={"issues": [{"page": True, "message": {"a": 1}, "field": ["x"]}]}, plain=False)
def test_no_response_crashes_or_shows_the_token(status: int, body: Any, plain: bool) -> None:
    text = str(body) if plain else json.dumps(body)
    failure = problem(status, REQUEST, text, Token(SECRET).hide)
    shown = str(failure)
    assert shown.startswith(f"{REQUEST} was answered with {status}: ")
    assert len(failure.detail) > 1
    assert shown.endswith(failure.remedy)
    assert shown.isprintable()
    shown.encode()
    kept = pickle.loads(pickle.dumps(failure))
    assert (str(kept), repr(vars(kept))) == (shown, repr(vars(failure)))
    assert SECRET not in shown + repr(vars(failure)) + repr(failure)

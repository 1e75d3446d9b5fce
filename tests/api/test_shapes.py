"""Answers of the wrong shape: one error that names request, field and value, and never the token."""

from __future__ import annotations

import copy
import json
import pickle
from contextlib import suppress
from itertools import chain, repeat
from typing import Any

import pytest

from prolific_nb.api import Client, Record, Token, Transport
from prolific_nb.api.polling import wait_until
from prolific_nb.errors import UnexpectedResponse, Unreachable

from .scripted import scripted

SECRET = "planted-secret-0123456789"
STUDY: dict[str, Any] = {"id": "5d", "status": "ACTIVE", "reward": 150, "total_available_places": 3, "name": "A"}


def client_of(url: str) -> Client:
    return Client(Transport(url, Token(SECRET), sleep=lambda _: None), mode="SANDBOX")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reward": "150"}, "'reward' is '150', but must be a whole number"),
        ({"reward": None}, "'reward' is empty"),
        ({"reward": True}, "'reward' is True"),
        ({"reward": 1e400}, "'reward' is inf"),
        ({"total_available_places": 10**300}, "'total_available_places' is 1000000"),
        ({"id": "../users"}, "'id' is '../users', but must be an ID"),
        ({"status": []}, "'status' is a list of 0"),
        ({"filters": [{}, 7]}, "'filters.1' is 7, but must be an object"),
        ({"data_collection_metadata": {"annotators_per_task": "2"}}, "'data_collection_metadata.annotators_per_task'"),
    ],
)
def test_the_error_names_request_field_and_value(changes: dict[str, Any], words: str) -> None:
    with scripted((200, json.dumps(STUDY | changes))) as server, pytest.raises(UnexpectedResponse) as caught:
        client_of(server.url).studies.get("5d")
    assert str(caught.value).startswith("GET /api/v1/studies/5d/: the response cannot be used: the field ")
    assert words in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert caught.value.field == next(iter(changes)) or caught.value.field.startswith(f"{next(iter(changes))}.")
    assert len(str(caught.value)) < 400
    assert pickle.loads(pickle.dumps(caught.value)).field == caught.value.field


def test_unknown_keys_and_states_are_kept() -> None:
    with scripted((200, json.dumps(STUDY | {"status": "NEW_STATE", "new": {"deep": [1]}}))) as server:
        study = client_of(server.url).studies.get("5d")
    assert (study.status, study.new) == ("NEW_STATE", {"deep": [1]})


def test_a_change_whose_answer_is_garbled_may_have_taken_effect() -> None:
    for answer in ("{}", "", "[]", '{"id": 5}'):
        with scripted((201, answer)) as server, pytest.raises(Unreachable, match="may have taken effect"):
            client_of(server.url).studies.create({"name": "A"})
        assert len(server.asked) == 1


def test_a_token_in_an_unexpected_value_is_hidden() -> None:
    answers = [STUDY | {"reward": SECRET}, STUDY | {"reward": {SECRET: 1}}, {"filters": [SECRET]}, [SECRET], SECRET]
    for answer in answers:
        with scripted((200, json.dumps(answer))) as server, pytest.raises(UnexpectedResponse) as caught:
            client_of(server.url).studies.get("5d")
        assert SECRET[:12] not in f"{caught.value} {caught.value!r} {vars(caught.value)}"


@pytest.mark.parametrize("body", ["[" * 100_000, '{"id": ' + "9" * 5000 + "}", b"\xff\xfe{}", "nul", "<html></html>"])
def test_what_is_not_json_is_an_error_of_ours(body: Any) -> None:
    with scripted((200, body)) as server, pytest.raises(UnexpectedResponse, match=r"\(200\) is not JSON"):
        client_of(server.url).studies.get("5d")


def test_two_records_with_one_id_are_an_error_and_copies_are_one() -> None:
    first = {"id": "a", "status": "ACTIVE"}
    with scripted((200, json.dumps({"results": [first, first]}))) as server:
        assert [each.id for each in client_of(server.url).studies.list()] == ["a"]
    other = {"id": "a", "status": "PAUSED"}
    body = json.dumps({"results": [first, other]})
    with scripted((200, body)) as server, pytest.raises(UnexpectedResponse, match="'a' names two records"):
        list(client_of(server.url).studies.list())


def test_empty_pages_without_end_are_an_error() -> None:
    def answer(asked: Any) -> tuple[int, str]:
        return 200, json.dumps({"results": [], "_links": {"next": {"href": f"?page={len(server.asked) + 1}"}}})

    with scripted(answer) as server, pytest.raises(UnexpectedResponse, match="loop"):
        list(client_of(server.url).studies.list())
    assert len(server.asked) < 30


@pytest.mark.parametrize("link", ["/api/v1//studies/", "/api/None/x", "//", "/a/%2e%2e/../..//b"])
def test_a_link_that_is_no_path_is_an_error_of_ours(link: str) -> None:
    first = {"results": [{"id": "a", "status": "ACTIVE"}], "_links": {"next": {"href": link}}}
    last = {"results": [], "_links": {"next": None}}
    with scripted((200, json.dumps(first)), (200, json.dumps(last))) as server:
        with suppress(UnexpectedResponse):
            list(client_of(server.url).studies.list())
        assert len(server.asked) <= 2


def test_a_missing_field_is_an_error_of_ours_and_of_python() -> None:
    record = Record({"id": "a"})
    assert not hasattr(record, "status")
    assert getattr(record, "status", None) is None
    for missing in (lambda: record.status, lambda: record["status"]):
        with pytest.raises(UnexpectedResponse, match="no key 'status'; its keys are id"):
            missing()
    with pytest.raises(AttributeError):
        _ = record.status
    with pytest.raises(KeyError):
        _ = record["status"]
    assert pickle.loads(pickle.dumps(record)) == copy.copy(record) == copy.deepcopy(record) == record


def test_a_wait_survives_one_garbled_answer_and_ends_soon_with_many() -> None:
    garbled = UnexpectedResponse("garbled")

    def looking(seen: Any) -> Any:
        state = next(states)
        if isinstance(state, Exception):
            raise state
        return state

    states = iter([garbled, "running", garbled, garbled, "done"])
    done = wait_until(lambda: looking(None), lambda seen: seen == "done", what="It", every=0.001)
    assert done == "done"
    states = chain(["running"], repeat(garbled))
    with pytest.raises(UnexpectedResponse):
        wait_until(lambda: looking(None), lambda seen: seen == "done", what="It", every=0.001, timeout=5)


@pytest.mark.parametrize("answer", ["null", "{}", '{"status": 5}', "<html>"])
def test_a_job_whose_status_is_garbled_for_good_ends_soon(answer: str) -> None:
    with scripted((200, answer)) as server:
        client = client_of(server.url)
        with pytest.raises(UnexpectedResponse, match="/export/7"):
            wait_until(
                lambda: client.batches.export_job("b", "7"), lambda _: True, what="The export", every=0.001, timeout=60
            )
        assert len(server.asked) <= 25


URLS = (None, "", 5, "ftp://files.example/a", "http://[::1/a", "https:///a", "https://h:99999999/a")


@pytest.mark.parametrize("url", URLS)
def test_a_complete_export_without_a_usable_url_is_an_error_of_ours(url: Any) -> None:
    with pytest.raises(UnexpectedResponse, match="'url'"):
        client_of("http://127.0.0.1:1").batches.download_export(Record(status="complete", url=url))
    with pytest.raises(UnexpectedResponse, match="'url'"):
        client_of("http://127.0.0.1:1").batches.download_export(Record(status="complete"))

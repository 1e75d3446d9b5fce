from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from prolific_nb.api import Record, Token, Transport
from prolific_nb.api.batches import Batches
from prolific_nb.api.paging import iter_pages
from prolific_nb.api.polling import wait_until
from prolific_nb.errors import ProlificError, WaitTimeout

from .scripted import Asked, scripted


def page(ids: list[int], **more: object) -> tuple[int, str]:
    return 200, json.dumps({"results": [{"id": i} for i in ids], **more})


def ids_of(url: str) -> list[int]:
    return [record.id for record in iter_pages(Transport(url, Token("t")), "/api/v1/things/")]


def test_links_are_followed_but_never_to_another_host() -> None:
    elsewhere = {"next": {"href": "http://evil.example/api/v1/things/?page=2&page_size=2"}}
    with scripted(page([1, 2], _links=elsewhere), page([3], _links={"next": {"href": None}})) as server:
        assert ids_of(server.url) == [1, 2, 3]
        assert [a.path for a in server.asked] == [
            "/api/v1/things/?limit=200&offset=0",
            "/api/v1/things/?page=2&page_size=2",
        ]


def test_without_links_the_offset_is_increased() -> None:
    with scripted(page([1, 2], meta={"count": 3}), page([3], meta={"count": 3})) as server:
        assert ids_of(server.url) == [1, 2, 3]
        assert server.asked[1].path == "/api/v1/things/?limit=200&offset=2"


@pytest.mark.parametrize("answer", [page([1]), page([1], meta={"count": 1}), page([1], _links={})])
def test_a_single_page_is_requested_once(answer: tuple[int, str]) -> None:
    with scripted(answer) as server:
        assert ids_of(server.url) == [1]
        assert len(server.asked) == 1


def test_a_list_whose_count_is_too_high_ends() -> None:
    with scripted(page([1], meta={"count": 5}), page([], meta={"count": 5})) as server:
        with pytest.warns(UserWarning, match=r"counts 5 records but returned 1\..*incomplete"):
            assert ids_of(server.url) == [1]
        assert len(server.asked) == 2


def listed(ids: list[int], style: str, query: dict[str, str]) -> Any:
    """What a server with these things answers, by its style of paging."""
    limit, offset = int(query.get("limit", 20)), int(query.get("offset", 0))
    number, size = int(query.get("page", 1)), int(query.get("page_size", 20))
    by_offset, by_number = ids[offset : offset + min(limit, 20)], ids[(number - 1) * size : number * size]
    count: Any = {"meta": {"count": len(ids)}}

    def link(part: list[int], address: str) -> Any:
        return {"_links": {"next": {"href": address if part and part[-1] != ids[-1] else None}}}

    answers: dict[str, Callable[[], Any]] = {
        "links, limit and offset": lambda: (
            by_offset,
            link(by_offset, f"http://elsewhere.example/api/v1/things/?limit=20&offset={offset + 20}") | count,
        ),
        "links, page and page_size": lambda: (
            by_number,
            link(by_number, f"/api/v1/things/?page={number + 1}&page_size=20"),
        ),
        "links of the query alone": lambda: (by_number, link(by_number, f"?page={number + 1}&page_size=20")),
        "links beside it": lambda: (by_number, link(by_number, f"../things/?page={number + 1}&a=&a=b")),
        "links as text": lambda: (
            by_number,
            {"_links": {"next": f"//elsewhere.example/api/v1/things/?page={number + 1}" if number < 3 else ""}},
        ),
        "count, limit and offset": lambda: (by_offset, count),
        "count, page and page_size": lambda: (by_number, count),
        "count, all at once": lambda: (ids, count),
        "no count, all at once": lambda: (ids, {}),
        "no count, limit and offset": lambda: (ids[offset : offset + limit], {}),
        "bare": lambda: (ids, None),
        "bare, limit and offset": lambda: (ids[offset : offset + limit], None),
    }
    part, beside = answers[style]()
    things = [{"id": i, "state": "NEW_TO_US"} for i in part]
    return things if beside is None else {"results": things, **beside}


STYLES = {
    "links, limit and offset": 3,
    "links, page and page_size": 3,
    "links of the query alone": 3,
    "links beside it": 3,
    "links as text": 3,
    "count, limit and offset": 3,
    "count, page and page_size": 4,  # one to see that no offset is heeded
    "count, all at once": 1,
    "no count, all at once": 1,
    "no count, limit and offset": 1,
    "bare": 1,
    "bare, limit and offset": 1,
}


def playing(style: str, ids: list[int]) -> Callable[[Asked], tuple[int, str]]:
    return lambda asked: (200, json.dumps(listed(ids, style, dict(parse_qsl(urlsplit(asked.path).query)))))


@pytest.mark.parametrize("style", STYLES)
def test_every_record_is_returned_once_in_every_paging_style(style: str) -> None:
    with scripted(playing(style, list(range(45)))) as server:
        assert ids_of(server.url) == list(range(45))
        assert len(server.asked) == STYLES[style]
        assert all(each.path.startswith("/api/v1/things/?") for each in server.asked)


@pytest.mark.parametrize(
    ("style", "requests"),
    [("no count, limit and offset", 3), ("bare, limit and offset", 3), ("no count, all at once", 1), ("bare", 1)],
)
def test_without_a_count_a_full_page_is_followed_by_another_request(style: str, requests: int) -> None:
    with scripted(playing(style, list(range(450)))) as server:
        assert ids_of(server.url) == list(range(450))
        assert len(server.asked) == requests


@pytest.mark.parametrize("style", ["no count, all at once", "bare", "no count, limit and offset"])
def test_a_list_of_exactly_one_page_is_returned_once(style: str) -> None:
    with scripted(playing(style, list(range(200)))) as server:
        assert ids_of(server.url) == list(range(200))


def test_a_server_that_repeats_one_page_ends_with_a_warning() -> None:
    with scripted(page([1, 2], meta={"count": 3})) as server:
        with pytest.warns(UserWarning, match="counts 3 records but returned 2"):
            assert ids_of(server.url) == [1, 2]
        assert len(server.asked) == 3


def test_records_without_ids_are_distinguished_by_their_content() -> None:
    pages = [
        (200, json.dumps({"results": [{"participant_id": each} for each in people], "meta": {"count": 4}}))
        for people in ("aab", "bc")
    ]
    with scripted(*pages) as server:
        found = list(iter_pages(Transport(server.url, Token("t")), "/api/v1/things/"))
    assert [one.participant_id for one in found] == ["a", "a", "b", "c"]


def test_a_record_that_moves_to_the_next_page_is_returned_once() -> None:
    following = {"next": {"href": "/api/v1/things/?page=2"}}
    with scripted(page([1, 2], _links=following), page([2, 3], _links={"next": {"href": None}})) as server:
        assert ids_of(server.url) == [1, 2, 3]


@pytest.mark.parametrize(
    ("links", "requests"),
    [
        (["/api/v1/things/?offset=0&limit=200"], 1),  # the first page again
        (["?page=2", "?page=3", "?page=2"], 3),
        (["?page=2&a=1", "/api/v1/things?a=1&page=2"], 2),
        ([f"?page={number}" for number in range(2, 30)], 2),  # ever new addresses of the same page
    ],
)
def test_links_that_form_a_loop_raise_an_error(links: list[str], requests: int) -> None:
    same = len(links) > 3
    answers = [page([0 if same else n], _links={"next": {"href": link}}) for n, link in enumerate(links)]
    seen: list[int] = []
    with scripted(*answers) as server, pytest.raises(ProlificError, match="of /api/v1/things/ form a loop"):
        seen.extend(record.id for record in iter_pages(Transport(server.url, Token("t")), "/api/v1/things/"))
    assert len(seen) == len(set(seen)) >= 1
    assert len(server.asked) == requests


def test_a_link_is_followed_as_it_is_written() -> None:
    following = {"next": {"href": "?state=&label=a&label=b%20c"}}
    with scripted(page([1], _links=following), page([2])) as server:
        assert ids_of(server.url) == [1, 2]
        assert server.asked[1].path == "/api/v1/things/?state=&label=a&label=b+c"


@pytest.mark.parametrize(
    "answers",
    [
        [page([1], _links={"next": {"href": None}}, meta={"count": 9})],
        [page([1], _links={"next": {"href": "?page=2"}}), page([2], meta={"count": 9})],
    ],
)
def test_the_list_ends_with_its_links_and_missing_records_are_reported(answers: list[tuple[int, str]]) -> None:
    with scripted(*answers) as server, pytest.warns(UserWarning, match="counts 9 records but returned"):
        assert ids_of(server.url) == list(range(1, len(answers) + 1))
    assert len(server.asked) == len(answers)


def test_an_empty_page_may_have_one_after_it() -> None:
    following = {"next": {"href": "?page=2"}}
    with scripted(page([], _links=following), page([1], _links={"next": None})) as server:
        assert ids_of(server.url) == [1]


@pytest.mark.parametrize("answer", ["{}", '{"results": null}', '{"results": [1]}', '["a"]', '"text"', "null", "3"])
def test_a_response_without_a_list_of_records_is_reported(answer: str) -> None:
    with (
        scripted((200, answer)) as server,
        pytest.raises(ProlificError, match=r"GET /api/v1/things/: .* no list of rec"),
    ):
        ids_of(server.url)


@pytest.mark.parametrize("more", [{"_links": 7}, {"_links": {"next": 7}}, {"meta": [1]}, {"meta": {"count": "many"}}])
def test_unexpected_keys_beside_the_list_are_ignored(more: dict[str, object]) -> None:
    with scripted(page([1], **more), page([], _links={"next": None})) as server:
        assert ids_of(server.url) == [1]


def test_an_invalid_link_is_reported() -> None:
    broken = page([1], _links={"next": {"href": "http://[::1/x"}})
    with scripted(broken) as server, pytest.raises(ProlificError, match="next page is not a valid URL"):
        ids_of(server.url)


def test_filters_go_with_every_page() -> None:
    for style in ("count, limit and offset", "count, page and page_size"):
        with scripted(playing(style, list(range(45)))) as server:
            list(iter_pages(Transport(server.url, Token("t")), "/api/v1/things/", {"study": "abc"}))
        assert all("study=abc" in asked.path for asked in server.asked)


def responses(url: str) -> Record:
    return Batches(Transport(url, Token("t"))).responses("b")


RESPONSES = "/api/v1/data-collection/batches/b/responses"


def test_complete_responses_need_one_request_without_paging() -> None:
    for style in ("count, all at once", "no count, all at once"):
        with scripted(playing(style, list(range(450)))) as server:
            answer = responses(server.url)
            assert [asked.path for asked in server.asked] == [RESPONSES]
        assert [each["id"] for each in answer.results] == list(range(450))
        assert {type(each) for each in answer.results} == {dict}


@pytest.mark.parametrize("style", [each for each in STYLES if "link" in each or "count, " in each[:7]])
def test_truncated_responses_are_completed(style: str) -> None:
    with scripted(playing(style, list(range(45)))) as server:
        answer = responses(server.url)
        assert server.asked[0].path == RESPONSES
    assert [each["id"] for each in answer.results] == list(range(45))


def test_missing_responses_are_requested_in_the_server_s_page_size() -> None:
    with scripted(page(list(range(300)), meta={"count": 301}), page([300], meta={"count": 301})) as server:
        assert len(responses(server.url).results) == 301
        assert server.asked[1].path == f"{RESPONSES}?limit=300&offset=300"


def test_incomplete_responses_are_returned_with_their_count() -> None:
    with scripted(page([1, 2], meta={"count": 3})) as server:
        answer = responses(server.url)
    assert (len(answer.results), answer.meta["count"]) == (2, 3)


def test_a_wait_ends_at_its_deadline_with_a_clear_message() -> None:
    with pytest.raises(WaitTimeout, match=r"The export did not finish within 0\.02 s.*check again later"):
        wait_until(lambda: 1, lambda seen: False, what="The export", every=0.01, timeout=0.02)


def test_a_record_names_what_it_has() -> None:
    with pytest.raises(AttributeError, match="no key 'reward'; its keys are id, status"):
        _ = Record({"id": "1", "status": "ACTIVE"}).reward

from __future__ import annotations

import json

import pytest

from prolific_nb.api import Record, Token, Transport
from prolific_nb.api.paging import each
from prolific_nb.api.polling import until
from prolific_nb.errors import WaitTimeout

from .scripted import scripted


def page(ids: list[int], **more: object) -> tuple[int, str]:
    return 200, json.dumps({"results": [{"id": i} for i in ids], **more})


def ids_of(url: str) -> list[int]:
    return [record.id for record in each(Transport(url, Token("t")), "/api/v1/things/")]


def test_links_are_followed_but_never_to_another_host() -> None:
    elsewhere = {"next": {"href": "http://evil.example/api/v1/things/?page=2&page_size=2"}}
    with scripted(page([1, 2], _links=elsewhere), page([3], _links={"next": {"href": None}})) as server:
        assert ids_of(server.url) == [1, 2, 3]
        assert [a.path for a in server.asked] == [
            "/api/v1/things/?limit=200&offset=0",
            "/api/v1/things/?page=2&page_size=2",
        ]


def test_without_links_the_offset_is_counted_up() -> None:
    with scripted(page([1, 2], meta={"count": 3}), page([3], meta={"count": 3})) as server:
        assert ids_of(server.url) == [1, 2, 3]
        assert server.asked[1].path == "/api/v1/things/?limit=200&offset=2"


@pytest.mark.parametrize("answer", [page([1]), page([1], meta={"count": 1}), page([1], _links={})])
def test_a_single_page_is_asked_for_once(answer: tuple[int, str]) -> None:
    with scripted(answer) as server:
        assert ids_of(server.url) == [1]
        assert len(server.asked) == 1


def test_a_list_whose_count_is_too_high_ends() -> None:
    with scripted(page([1], meta={"count": 5}), page([], meta={"count": 5})) as server:
        assert ids_of(server.url) == [1]


def test_waiting_has_a_deadline_in_words() -> None:
    with pytest.raises(WaitTimeout, match=r"The export was not finished within 0\.02 s.*look later"):
        until(lambda: 1, lambda seen: False, what="The export", every=0.01, timeout=0.02)


def test_a_record_names_what_it_has() -> None:
    with pytest.raises(AttributeError, match="no 'reward'; it has id, status"):
        _ = Record({"id": "1", "status": "ACTIVE"}).reward

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from prolific_nb.api import Client, Token, Transport
from prolific_nb.errors import ServerError, Unreachable

from .scripted import Script, scripted

BONUS = json.dumps({"id": "b1", "study": "s1", "amount": 475, "fees": 203, "vat": 41, "total_amount": 719})
REJECTED = json.dumps({"id": "a", "status": "REJECTED", "started_at": "", "study_id": "s1"})


def client(server: Script) -> Client:
    return Client(Transport(server.url, Token("t"), sleep=lambda seconds: None), mode="SANDBOX")


def test_submissions_of_a_study_are_listed_over_pages_with_their_filters() -> None:
    pages = [json.dumps({"results": [{"id": ident}], "meta": {"count": 2}}) for ident in "ab"]
    with scripted(*((200, page) for page in pages)) as server:
        found = client(server).submissions.list("s1", status="AWAITING_REVIEW")
        assert [each.id for each in found] == ["a", "b"]
        asked = "/api/v1/submissions/?study=s1&status=AWAITING_REVIEW&limit=200&offset="
        assert [each.path for each in server.asked] == [asked + "0", asked + "1"]


def test_a_rejection_carries_its_message_and_category_and_an_approval_nothing_more() -> None:
    with scripted((200, REJECTED)) as server:
        client(server).submissions.transition("a", "REJECT", message="m" * 100, category="LOW_EFFORT")
        client(server).submissions.transition("a", "APPROVE")
        assert [each.path for each in server.asked] == ["/api/v1/submissions/a/transition/"] * 2
        first, second = (json.loads(each.body) for each in server.asked)
        assert first == {"action": "REJECT", "message": "m" * 100, "rejection_category": "LOW_EFFORT"}
        assert second == {"action": "APPROVE"}


def test_bonuses_are_sent_as_csv_and_returned_in_minor_units() -> None:
    with scripted((201, BONUS)) as server:
        bonus = client(server).bonuses.create("s1", "a,4.25\nb,0.50\n")
        assert bonus.total_amount == 719
        assert json.loads(server.asked[0].body) == {"study_id": "s1", "csv_bonuses": "a,4.25\nb,0.50\n"}


@pytest.mark.parametrize("text", ["", '"Paid."', "{}"])
def test_an_accepted_payment_may_have_an_empty_response(text: str) -> None:
    with scripted((202, text)) as server:
        client(server).bonuses.pay("b1")
        assert [each.path for each in server.asked] == ["/api/v1/bulk-bonus-payments/b1/pay/"]


@pytest.mark.parametrize(
    "act",
    [
        lambda one: one.bonuses.pay("b1"),
        lambda one: one.bonuses.create("s1", "a,1.00\n"),
        lambda one: one.submissions.bulk_approve(["a"]),
        lambda one: one.submissions.transition("a", "APPROVE"),
    ],
)
@pytest.mark.parametrize(("answer", "error"), [((502, "bad gateway"), ServerError), ((200, '{"id": "'), Unreachable)])
def test_writes_are_sent_once_whatever_happens(
    act: Callable[[Client], object], answer: tuple[int, str], error: type[Exception]
) -> None:
    with scripted(answer) as server:
        with pytest.raises(error):
            act(client(server))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda made: made.groups.create("w", "Wave", "p1"),
        lambda made: made.groups.add("g", "p1"),
        lambda made: made.groups.replace("g", "p1"),
        lambda made: made.groups.remove("g", "p1"),
        lambda made: made.messages.send_to_all("p1", "Hello.", "s"),
        lambda made: made.submissions.request_return("s", "p1"),
        lambda made: made.submissions.bulk_approve("p1"),
    ],
)
def test_a_single_string_is_not_taken_for_a_list(call: Callable[[Client], Any]) -> None:
    with scripted((200, "{}")) as server:
        with pytest.raises(TypeError, match=r"Pass \['p1'\]"):
            call(client(server))
        assert server.asked == []


@pytest.mark.parametrize("ident", ["", None, "..", "a/../b"])
def test_an_id_that_would_address_another_resource_is_not_sent(ident: Any) -> None:
    with scripted((200, "{}")) as server:
        made = client(server)
        for call in (made.studies.get, made.submissions.get, made.studies.delete, made.batches.get):
            with pytest.raises(ValueError, match="no request was sent"):
                call(ident)
        assert server.asked == []

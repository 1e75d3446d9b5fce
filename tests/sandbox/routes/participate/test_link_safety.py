"""Who may do what with a link, and that no page holds what is not for the person who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from urllib3.exceptions import InsecureRequestWarning

from prolific_nb.sandbox import Sandbox

from ...flow import CHOICE, FIELD, WRITING
from .colleague import Colleague
from .conftest import Make

Change = Callable[[str], str]


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"),
        lambda url: url[:-1],
        lambda url: url.replace("/1/", "/2/"),  # the key of another person
        lambda url: url.replace("/1/", "/"),  # the common link
        lambda url: url.rpartition("/")[0],
        lambda url: re.sub("participate/.", "participate/f", url),
        lambda url: url + "/more",
    ],
)
def test_a_changed_link_is_not_valid(make: Make, change: Change) -> None:
    place = make(CHOICE)
    answer = requests.get(change(place.link("1")))
    assert answer.status_code == 404
    assert "This link is not valid." in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_one_time_link_belongs_to_the_browser_that_starts_with_it(make: Make) -> None:
    place = make(CHOICE)
    first = place.colleague("1")
    looked = place.colleague("1")  # such as the preview of a chat
    first.start()
    assert place.colleague("1").page.status_code == 403
    assert looked.open().buttons == []
    assert "in use in another browser" in looked.form.words
    assert first.open().buttons == ["next"]
    assert place.colleague("2").form.buttons == ["start"]
    cookie = first.session.cookies.get("pnb_1")
    assert len(str(cookie)) == 43
    assert str(cookie) not in first.page.text


def test_forms_of_other_pages_are_refused(make: Make) -> None:
    place = make(CHOICE)
    someone = place.colleague()
    body = {"pnb.do": "start", "pnb.nth": "0"}
    other = place.colleague()
    stolen = {**dict(other.form.values), **body}
    own = {**dict(someone.form.values), **body}
    host = someone.url.split("/")[2]
    refused: list[dict[str, Any]] = [
        {"data": body},
        {"data": stolen},
        {"data": own, "headers": {"Origin": "https://evil.example"}},
        {"data": own, "headers": {"Origin": "null"}},
        {"data": own, "headers": {"Origin": "http://[::1"}},
        {"data": own, "headers": {"Origin": f"//{host}"}},
        {"data": own, "headers": {"Sec-Fetch-Site": "cross-site"}},
        {"data": own, "headers": {"Host": "evil.example"}},
        {"data": own, "headers": {"Host": "evil.example", "Origin": "http://evil.example"}},
    ]
    for request in refused:
        assert someone.session.post(someone.url, **request).status_code == 403
    assert requests.post(someone.url, own).status_code == 403  # without the cookie
    assert place.submissions() == []
    answer = someone.session.post(
        someone.url, own, headers={"Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 200
    assert len(place.submissions()) == 1


def test_a_proxy_on_this_machine_may_have_its_own_name_and_prefix(make: Make) -> None:
    place = make(CHOICE)
    headers = {"Host": "hub.example.org", "X-Forwarded-Prefix": "/user/ann/proxy/80", "X-Forwarded-Proto": "https"}
    session = requests.Session()
    session.headers.update(headers)
    someone = Colleague(place.link("1"), session)
    set_cookie = someone.page.headers["Set-Cookie"]
    assert "Secure" in set_cookie
    assert "Path" not in set_cookie  # that of the page as the browser sees it
    secret = set_cookie.partition(";")[0]
    sent = {**dict(someone.form.values), "pnb.do": "start"}
    origin = {"Origin": "https://hub.example.org", "Cookie": secret}
    answer = session.post(someone.url, sent, headers=origin, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "?at=0")
    urls = re.findall(r'(?:href|src|action)="([^"]*)"', someone.page.text)
    assert all(url.startswith(("?", "#")) for url in urls)


def test_every_answer_has_the_headers_that_keep_it_private(make: Make) -> None:
    place = make(CHOICE)
    someone = place.colleague()
    answers = [someone.page, requests.get(someone.url + "0"), requests.delete(someone.url), requests.head(someone.url)]
    someone.start()
    for answer in (*answers, someone.page, *someone.page.history):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"].startswith("no-referrer")
    assert "<script" not in someone.page.text
    assert someone.page.history[0].status_code == 303


def test_bodies_that_are_too_long_are_refused_before_they_are_read(make: Make) -> None:
    place = make(CHOICE)
    someone = place.colleague()
    someone.start()
    answer = someone.session.post(someone.url, data="a=" + "b" * (10 * 2**20 + 1), headers={"Content-Type": FORM})
    assert answer.status_code == 413
    assert "10 MiB" in answer.text


def test_a_form_with_too_many_fields_is_refused_as_such(make: Make) -> None:
    someone = make(CHOICE).colleague()
    fields = {f"a{number}": "1" for number in range(2000)}
    answer = someone.session.post(someone.url, fields, files={"a": ("a.png", b"a")})
    assert answer.status_code == 413
    assert "too many fields" in answer.text


FORM = "application/x-www-form-urlencoded"
ROW_KEY = "000000000000-1"  # of the first row, in a hidden column
GOLD = "gold-5b"


def test_no_page_holds_other_rows_truths_answers_gold_or_the_token(make: Make) -> None:
    place = make(FIELD, CHOICE, WRITING, count=4, per_group=2, annotators=2)
    place.sandbox.gold[ROW_KEY] = {"How does the writer feel?": GOLD}
    other = place.colleague("1")
    other.start()
    other.answer_all()
    seen: list[str] = []

    def look(answer: requests.Response) -> None:
        for each in (*answer.history, answer):
            seen.append("\n".join([each.text, *map(str, each.headers.items())]))

    someone = place.colleague("2")
    look(someone.page)
    someone.start()
    while "next" in someone.form.buttons:
        look(someone.page)
        look(someone.session.get(someone.url + "?return"))
        look(someone.session.get(someone.url + "?at=x&at=-1"))
        task = re.search(r"Task (\d) of 2", someone.form.words)
        shown = {int(number) for number in re.findall(r"Review number (\d)", someone.page.text)}
        assert len(shown) == (1 if task else 0)  # nothing of the next row
        someone.send("next", {someone.form.questions[0]: "good", someone.form.questions[1]: "Mine."} if task else None)
        look(someone.page)
    look(requests.get(someone.url + "0"))
    look(requests.post(someone.url, {"pnb.do": "next"}))
    look(requests.get(someone.url, headers={"Host": "evil.example"}))
    whole = "\n".join(seen)
    hidden = ("pnb_row", ROW_KEY, "feeling", GOLD, "Because.", place.sandbox.token)
    assert [each for each in hidden if each in whole] == []
    assert place.status()["data_collection_id"] not in whole
    assert "Thank you" in someone.form.words


def test_the_log_has_the_requests_but_not_what_was_answered(make: Make) -> None:
    place = make(WRITING)
    someone = place.colleague()
    someone.start()
    someone.send("next")
    someone.send("next", {someone.form.questions[0]: "Private words."})
    someone.session.post(someone.url, json={"why": "Private words."})
    own = [each for each in place.sandbox.log if each.operation == "participate"]
    assert [each.method for each in own][:3] == ["GET", "POST", "GET"]
    assert "Private words" not in repr(place.sandbox.log)


def test_another_interface_serves_the_pages_and_not_the_api(make: Make) -> None:
    place = make(CHOICE)
    url = place.sandbox.serve_people("127.0.0.2")
    assert url.startswith("http://127.0.0.2:")
    assert requests.get(f"{url}/api/v1/users/me/").status_code == 404
    assert requests.get(f"{url}/_sandbox/proof?nonce={'0' * 32}").status_code == 404
    someone = Colleague(place.link("1").replace(place.sandbox.url, url))
    someone.start()
    assert "Thank you" in someone.answer_all().words
    for served in (url, place.sandbox.url):
        fresh = place.link("2").replace(place.sandbox.url, served)
        assert requests.get(fresh, headers={"Host": "evil.example"}).status_code == 403
        assert requests.get(fresh).status_code == 200


def test_https_for_colleagues(make: Make) -> None:
    place = make(CHOICE)
    url = place.sandbox.serve_people("127.0.0.2", tls=True)
    with pytest.warns(InsecureRequestWarning):
        answer = requests.get(place.link("1").replace(place.sandbox.url, url), verify=False)
    assert "Secure" in answer.headers["Set-Cookie"]


def test_an_interface_that_is_not_here_is_refused() -> None:
    with Sandbox() as sandbox, pytest.raises(OSError, match="cannot be used"):
        sandbox.serve_people("203.0.113.7")


def test_a_link_of_a_deleted_study_says_so(make: Make) -> None:
    place = make(CHOICE, publish=False)
    someone = place.colleague("1")
    assert "not been published yet" in someone.form.words
    assert place.call("DELETE", f"/api/v1/studies/{place.study}/").status_code == 200
    assert "This study was deleted." in someone.open().words
    assert someone.form.buttons == []
    sent = {**dict(someone.form.values), "pnb.do": "start", "pnb.nth": "0"}
    assert someone.session.post(someone.url, sent).status_code == 403

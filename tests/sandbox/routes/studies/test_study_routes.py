"""Times in any zone, query parameters with several values, and additions to a published study."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import requests

import prolific_nb as pnb

from ...flow import Caller

Start = Callable[..., Caller]

CODE = {"code": "D", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}
NOBODY = [f"{n:024x}" for n in range(12)]


def addresses(**allocations: int) -> list[dict[str, Any]]:
    pairs = allocations.items()
    return [{"external_url": f"https://example.org/{name}", "total_allocation": number} for name, number in pairs]


def taskflow(call: Caller, **more: Any) -> str:
    none = dict.fromkeys(("data_collection_method", "data_collection_id", "data_collection_metadata"))
    body = {"access_details": addresses(a=2, b=3), "total_available_places": 5, "completion_codes": [CODE]}
    return str(call.draft(None, **{**none, **body, **more})["id"])


def test_urls_are_added_to_a_published_study_and_its_places_increase(start: Start) -> None:
    call = start(speed=1.0)
    ident = taskflow(call)
    path = f"/api/v1/studies/{ident}/"
    assert call.move(ident, "PUBLISH").status_code == 200
    for wrong in (addresses(a=2), addresses(a=1, b=3), []):
        assert call("PATCH", path, {"access_details": wrong}).status_code == 400
    assert call.ok("PATCH", path, {"access_details": addresses(a=2, b=4, c=5)})["total_available_places"] == 11
    unequal = {"access_details": addresses(a=2, b=4, c=9), "total_available_places": 12}
    assert call("PATCH", path, unequal).status_code == 400
    progress = call.ok("GET", f"{path}access-details-progress/")["progress"]
    assert [each["total_allocation"] for each in progress] == [2, 4, 5]


def test_urls_cannot_be_added_to_a_study_without_them(start: Start) -> None:
    call = start(speed=1.0)
    study = call.draft(call.ready(2))["id"]
    assert call.move(study, "PUBLISH").status_code == 200
    assert call("PATCH", f"/api/v1/studies/{study}/", {"access_details": addresses(a=2)}).status_code == 400


def test_a_draft_can_contain_its_publication_time(shared: Caller) -> None:
    ident = taskflow(shared, publish_at="2030-01-31T09:00:00Z")
    path = f"/api/v1/studies/{ident}/"
    assert shared.ok("GET", path)["publish_at"] == "2030-01-31T09:00:00Z"
    assert shared.move(ident, "SCHEDULE_PUBLISH").json()["status"] == "SCHEDULED"
    other = taskflow(shared)
    assert shared.move(other, "SCHEDULE_PUBLISH").status_code == 400


def lines(run: pnb.Run, **options: Any) -> int:
    job = run.client.batches.request_export(run.batch_id, **options)
    done = run.client.batches.export_job(run.batch_id, job.export_id)
    while done.status == "generating":
        done = run.client.batches.export_job(run.batch_id, job.export_id)
    with zipfile.ZipFile(io.BytesIO(run.client.batches.download_export(done))) as opened:
        return opened.read("responses-by-submission.jsonl").count(b'"instruction_id"')


def test_an_export_is_limited_by_times_in_any_zone(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    moments = sorted(each["created_at"] for each in run.client.batches.responses(run.batch_id).results)
    middle = datetime.fromisoformat(moments[len(moments) // 2])
    late = sum(moment >= moments[len(moments) // 2] for moment in moments)
    for zone in (UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-7))):
        assert lines(run, since=middle.astimezone(zone)) == late
    assert lines(run, to=middle - timedelta(milliseconds=1)) == len(moments) - late
    with pytest.raises(ValueError, match="no time zone"):
        run.client.batches.request_export(run.batch_id, since=datetime(2026, 1, 5, 9))


def test_times_are_sent_in_utc(answered: Callable[..., pnb.Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run, asked = answered(), list[str]()
    send = requests.Session.send

    def recording(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        asked.append(str(request.url))
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", recording)
    tokyo = datetime(2026, 1, 5, 18, tzinfo=timezone(timedelta(hours=9)))
    run.client.batches.request_export(run.batch_id, since=tokyo)
    assert asked[0].endswith("/export?from=2026-01-05T09%3A00%3A00Z")


def test_other_clients_may_send_any_zone(start: Start) -> None:
    call = start(start="2026-01-05T09:00:00Z")
    batch = call.ready(2)
    call.finished(batch, 1)
    found = []
    for since in ("2026-01-05T09:00:00Z", "2026-01-05T18:00:00+09:00", "2026-01-06T00:00:00Z"):
        job = call.ok("POST", f"batches/{batch}/export", params={"from": since})
        done = call.until(f"batches/{batch}/export/{job['export_id']}", "status", "complete")
        with zipfile.ZipFile(io.BytesIO(requests.get(done["url"]).content)) as opened:
            found.append(opened.read("responses-by-submission.jsonl").count(b'"instruction_id"'))
    assert found == [4, 4, 0]


def test_an_export_with_an_invalid_time_is_refused(shared: Caller) -> None:
    batch = shared.batch(shared.dataset()["id"], None)["id"]
    refused = shared("POST", f"batches/{batch}/export", params={"from": "banana"})
    assert refused.status_code == 400
    assert "banana" in refused.json()["message"]


def test_records_are_equal_in_any_order_of_their_keys(shared: Caller) -> None:
    ident = shared.dataset({"a": "text", "b": "text"})["id"]
    headers = {"Content-Type": "application/x-ndjson"}
    for line in (b'{"a": 1, "b": 2}\n', b'{"b": 2, "a": 1}\n'):
        assert shared.ok("POST", f"datasets/{ident}/datapoints", data=line, headers=headers)["accepted"] == 1
    assert shared.ok("GET", f"datasets/{ident}")["total_datapoint_count"] == 1


def test_at_most_ten_senders_are_excluded_in_either_list_format(shared: Caller) -> None:
    for listed in (",".join(NOBODY[:11]), NOBODY[:11]):
        asked = {"user_id": NOBODY[0], "excluded_sender_ids": listed}
        assert shared("GET", "/api/v1/messages/", params=asked).status_code == 400
    asked = {"user_id": NOBODY[0], "excluded_sender_ids": NOBODY[:10]}
    assert shared("GET", "/api/v1/messages/", params=asked).status_code == 200


def test_links_keep_all_values_of_a_query(shared: Caller) -> None:
    page = shared.ok("GET", "/api/v1/filters/", params={"filter_tag": ["one", "two"], "limit": 1})
    assert page["_links"]["self"]["href"].count("filter_tag=") == 2

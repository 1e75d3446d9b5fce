"""One poller for a study, however many listen."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from itertools import count

import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.errors import Unreachable
from prolific_nb.study.monitor import watch as module
from prolific_nb.study.monitor.status import Status, StatusReader
from prolific_nb.study.monitor.watch import StatusUpdate, changing, watch
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN, Connect

_seeds = count(1)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.005)


def pollers(study_id: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == f"watch: study {study_id}"]


@pytest.fixture
def run(sandboxed: Connect) -> Run:
    # A seed of its own gives every study another id: a poller of an earlier test may still be ending.
    client = sandboxed(seed=next(_seeds))
    client.pace = PollIntervals(job=0.02, study=0.01)
    data = pnb.read_data(pnb.sample_data().head(24))
    return pnb.launch(client, data, DESIGN, PLAN, on_progress=silent)


def test_two_listeners_share_one_poller_which_ends_with_the_last(run: Run) -> None:
    assert watch(run.client, run.study_id) is watch(run.client, run.study_id)
    heard: list[list[StatusUpdate]] = [[], []]
    stops = [watch(run.client, run.study_id).subscribe(news.append) for news in heard]
    until(lambda: all(len(news) > 3 for news in heard))
    assert len(pollers(run.study_id)) == 1
    stops[0]()
    before = len(heard[1])
    until(lambda: len(heard[1]) > before + 3)
    assert heard[1][-1].status == run.status()
    stops[1]()
    until(lambda: not pollers(run.study_id))


def test_who_stopped_listening_hears_no_more(run: Run) -> None:
    first, second = [], []
    stop = watch(run.client, run.study_id).subscribe(first.append)
    other = watch(run.client, run.study_id).subscribe(second.append)
    until(lambda: first)
    stop()
    stop()  # twice is once
    heard, before = len(first), len(second)
    until(lambda: len(second) > before + 3)
    assert len(first) <= heard + 1  # one call may have been under way
    other()


def test_it_looks_until_the_study_has_ended(run: Run) -> None:
    news: list[StatusUpdate] = []
    seen = watch(run.client, run.study_id)
    stop = seen.subscribe(news.append)
    until(lambda: news)
    assert news[0].status is not None
    assert (news[0].status.state, news[0].ended) == ("UNPUBLISHED", False)
    run.publish(max_cost="999.00")
    until(lambda: not seen.polling)
    assert news[-1].ended
    assert seen.latest.status == run.status()
    assert [each.ended for each in news].count(True) == 1
    stop()
    late: list[StatusUpdate] = []
    stop = seen.subscribe(late.append)  # who comes later is told too, once
    until(lambda: late and not seen.polling)
    assert [each.ended for each in late] == [True]
    stop()


def test_a_blip_is_told_keeps_the_last_status_and_is_survived(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    news: list[StatusUpdate] = []
    real, down = StatusReader.read, threading.Event()

    def sometimes(looker: StatusReader) -> Status:
        if down.is_set():
            raise Unreachable("the line is cut")
        return real(looker)

    monkeypatch.setattr(StatusReader, "read", sometimes)
    stop = watch(run.client, run.study_id).subscribe(news.append)
    until(lambda: news)
    down.set()
    until(lambda: sum(each.error is not None for each in news) > 1)
    broken = next(each for each in news if each.error is not None)
    assert "the line is cut" in str(broken.error)
    assert broken.status == news[0].status
    down.clear()
    until(lambda: news[-1].error is None)
    stop()


def test_a_broken_listener_keeps_nobody_from_the_news(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    def broken(news: StatusUpdate) -> None:
        raise RuntimeError("a broken view")

    news: list[StatusUpdate] = []
    stops = [watch(run.client, run.study_id).subscribe(each) for each in (broken, news.append)]
    until(lambda: len(news) > 2)
    assert "a broken view" in caplog.text
    for stop in stops:
        stop()


def test_a_hurry_looks_at_once_and_only_for_listeners(run: Run) -> None:
    run.client.pace = PollIntervals(job=0.02, study=600)
    seen, news = watch(run.client, run.study_id), []
    seen.hurry()
    assert not seen.polling
    stop = seen.subscribe(news.append)
    until(lambda: news)
    run.publish(max_cost="999.00")
    seen.hurry()
    until(lambda: news[-1].status.state != "UNPUBLISHED")
    stop()
    until(lambda: not pollers(run.study_id))


def test_a_watch_keeps_no_client_alive(run: Run) -> None:
    stop = watch(run.client, run.study_id).subscribe(lambda news: None)
    stop()
    until(lambda: not pollers(run.study_id))
    del stop
    gc.collect()
    assert (id(run.client), run.study_id) not in module._watches


def test_a_change_is_heard_of_at_once_even_by_other_clients_and_after_the_end(run: Run) -> None:
    news: list[StatusUpdate] = []
    run.client.pace = PollIntervals(job=0.02, study=60)
    watched = watch(run.client, run.study_id)
    stop = watched.subscribe(news.append)
    watched.settle(10)
    assert [each.status.state for each in news if each.status] == ["UNPUBLISHED"]
    again = pnb.open_run(run.key, client=run.client.using(workspace=run.client.workspace_id))
    again.publish(max_cost="99.00")
    watched.settle(10)
    assert news[-1].status is not None
    assert news[-1].status.state != "UNPUBLISHED"
    until(lambda: run.status().state == "AWAITING REVIEW")
    again.wait(30, on_progress=silent)
    watched.settle(10)
    assert news[-1].ended
    heard = len(news)
    with pytest.raises(ZeroDivisionError), changing(run.study_id):
        raise ZeroDivisionError  # something may have been done before the failure
    watched.settle(10)
    assert len(news) == heard + 1
    stop()


def test_waiting_for_news_ends_without_listeners_and_after_its_time(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watch(run.client, run.study_id)
    watched.hurry()
    watched.settle(60)  # nobody listens, so nothing is polled
    go = threading.Event()
    monkeypatch.setattr(StatusReader, "read", lambda _: go.wait(60))
    stop = watched.subscribe(lambda _: None)
    watched.settle(0.05)
    go.set()
    stop()

"""Studies that other programs or the website made come home: their responses get the rows of the file that was sent."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.sandbox import Sandbox

from ..sandbox.flow import Caller, as_csv
from ..sandbox.routes.task_builder.test_legacy_flow import older_batch, sent, untyped

RECORDS = [
    {"id": f"{n:03d}", "review": f'Review "{n}",\nand  more', "source": ("shop", "web")[n % 2], "secret": f"s{n}"}
    for n in range(12)
]


class Elsewhere:
    """A finished study of another program, and which of the sent records each task is about."""

    def __init__(self, records: list[dict[str, str]], *, legacy: bool = False, **options: Any) -> None:
        self.sandbox = Sandbox(speed=30_000.0, **{"join_by": "none", **options})
        self.call = Caller(self.sandbox.url, self.sandbox.token, self.sandbox.workspace_id)
        batch = self._older(records) if legacy else self.call.ready(records=records)
        self.study = self.call.finished(batch)
        self.client = Client(Transport(self.sandbox.url, Token(self.sandbox.token)), mode="SANDBOX")
        tasks = self.call.ok("GET", f"batches/{batch}/tasks")
        self.record_of = dict(zip(tasks, records, strict=True))

    def _older(self, records: list[dict[str, str]]) -> str:
        dataset, batch = untyped(self.call), older_batch(self.call)
        sent(self.call, dataset, as_csv(records), "rows.csv")
        self.call.ok("POST", f"batches/{batch}/setup", {"dataset_id": dataset, "tasks_per_group": 4})
        self.call.until(f"batches/{batch}/status", "status", "READY")
        return batch

    def responses(self, data: pd.DataFrame | None = None) -> pd.DataFrame:
        given = None if data is None else pnb.read_data(data)
        run = pnb.open_run(study_id=self.study, client=self.client, data=given)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = run.responses("all")
        frame.attrs["said"] = " ".join(str(each.message) for each in caught)
        return frame

    def sent(self, frame: pd.DataFrame, column: str) -> pd.Series:
        """What was sent in a column, for each response."""
        return pd.Series([self.record_of[task][column] for task in frame["task_id"]])


@pytest.fixture(scope="module")
def place() -> Iterator[Elsewhere]:
    made = Elsewhere(RECORDS)
    yield made
    made.sandbox.close()


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Elsewhere]]:
    made: list[Elsewhere] = []

    def make(*given: Any, **options: Any) -> Elsewhere:
        made.append(Elsewhere(*given, **options))
        return made[-1]

    yield make
    for each in made:
        each.sandbox.close()


TABLE = pd.DataFrame(RECORDS).drop(columns="secret").assign(truth=[f"s{n}" for n in range(12)])
"""The sent file, with a column that was not sent: the secret that tells whether the right row was found."""

KINDS: dict[str, pd.DataFrame] = {
    "as sent": TABLE,
    "rows in another order": TABLE.sample(frac=1, random_state=3),
    "columns in another order": TABLE[["truth", "source", "review", "id"]],
    "a hidden column renamed": TABLE.rename(columns={"source": "origin"}),
    "a hidden column in other case, with spaces": TABLE.rename(columns={"source": " Source"}),
    "the shown column renamed": TABLE.rename(columns={"review": "text"}),
    "only the shown column": TABLE[["review", "truth"]],
    "more rows": pd.concat([TABLE, TABLE.assign(review=lambda t: t["review"] + "!", truth="more")]),
    "white space changed": TABLE.assign(review=TABLE["review"].str.replace("\n", "\r\n") + " "),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_response_gets_the_row_that_was_sent(place: Elsewhere, kind: str) -> None:
    frame = place.responses(KINDS[kind])
    assert len(frame) > 12 * 3
    assert frame["truth"].tolist() == place.sent(frame, "secret").tolist()
    assert frame.attrs["join"]["by"] == "content of the report"
    assert frame.attrs["join"]["unmatched"] == 0
    assert frame["row"].nunique() == 12


SOME: dict[str, tuple[pd.DataFrame, set[str], str]] = {
    "fewer rows": (TABLE.iloc[3:], {"s0", "s1", "s2"}, "3 tasks is in no row"),
    "rows edited": (TABLE.assign(review=["other", *TABLE["review"][1:]]), {"s0"}, "1 cell of 'review'"),
    "a hidden cell edited": (TABLE.assign(source=["??", *TABLE["source"][1:]]), {"s0"}, "1 task is in no row"),
    "a row twice": (pd.concat([TABLE, TABLE.iloc[[4]].assign(truth="copy")]), {"s4"}, "1 task has the same content"),
    "ids mangled": (TABLE.assign(id=TABLE["id"].astype(int)), {f"s{n}" for n in range(12)}, "12 cells of 'id'"),
    "ids numbered anew": (
        TABLE.iloc[::-1].assign(id=TABLE["id"].tolist()).rename(columns={"review": "body"}),
        {f"s{n}" for n in range(12)},
        "12 tasks is in no row",
    ),
    "without what was shown": (TABLE.drop(columns="review"), {f"s{n}" for n in range(12)}, "no column 'review'"),
}


@pytest.mark.parametrize("kind", SOME)
def test_what_cannot_be_joined_is_counted_and_never_gets_another_row(place: Elsewhere, kind: str) -> None:
    data, lost, said = SOME[kind]
    frame = place.responses(data)
    secret = place.sent(frame, "secret")
    without = secret.isin(lost)
    assert frame["row"].isna().tolist() == without.tolist()
    if "truth" in frame:
        assert frame["truth"][~without].tolist() == secret[~without].tolist()
        assert frame["truth"][without].isna().all()
    assert frame.attrs["join"]["unmatched"] == int(without.sum())
    assert "could not be joined" in frame.attrs["said"]
    assert said in frame.attrs["said"]


def test_without_data_the_columns_are_those_of_the_upload(place: Elsewhere) -> None:
    frame = place.responses()
    for name in ("id", "review", "source", "secret"):
        assert frame[name].tolist() == place.sent(frame, name).tolist()
    assert frame["row"].isna().all()
    assert frame.attrs["said"] == ""
    assert pnb.agreement(frame).table["n_units"].max() == 12


def test_identical_rows_stay_without_a_row(elsewhere: Callable[..., Elsewhere]) -> None:
    records = [{"review": text, "secret": f"s{n}"} for n, text in enumerate(["a", "b", "a", "c", "d", " b", "e", "f"])]
    place = elsewhere(records)
    table = pd.DataFrame(records).rename(columns={"secret": "truth"})
    frame = place.responses(table)
    secret = place.sent(frame, "secret")
    assert set(secret[frame["row"].isna()]) == {"s0", "s2", "s1", "s5"}
    assert frame["truth"].dropna().tolist() == secret[frame["row"].notna()].tolist()
    assert frame.attrs["join"]["ambiguous"] == 4


def test_the_legacy_flow_of_the_website(elsewhere: Callable[..., Elsewhere]) -> None:
    records = [{"review": each["review"], "META_source": each["source"], "META_id": each["id"]} for each in RECORDS]
    place = elsewhere(records, legacy=True)
    as_sent = place.responses(pd.DataFrame(records).assign(truth=[each["id"] for each in RECORDS]))
    before = place.responses(TABLE.assign(truth=[each["id"] for each in RECORDS]))
    for frame in (as_sent, before):
        assert frame["truth"].tolist() == place.sent(frame, "META_id").tolist()
    assert place.responses()["source"].tolist() == place.sent(before, "META_source").tolist()


def test_another_upload_of_the_legacy_flow_shows_what_was_shown(elsewhere: Callable[..., Elsewhere]) -> None:
    """The names of the uploaded columns decide what participants see; the server keeps them nowhere else."""
    names = {"review": "review", "source": "source", "id": "META_id"}
    records = [{new: each[old] for old, new in names.items()} for each in RECORDS]
    place = elsewhere(records, legacy=True)
    for table in (TABLE, pd.DataFrame(records)):
        run = pnb.open_run(study_id=place.study, client=place.client, data=table, ledger=":memory:")
        made = (run.follow_up(run.responses()["row"].unique()[:4]), run.duplicate("Three", table.head(3)))
        for each, count in zip(made, (4, 3), strict=True):
            assert each.design.shown == ("review", "source")
            assert [*map(_asked, each.codebook)] == [*map(_asked, run.codebook)]
            each.publish(max_cost="50.00").wait(timeout=60)
            uploaded = pnb.open_run(study_id=each.study_id, client=place.client, ledger=":memory:").report()
            cells = uploaded[["review", "source", "META_id"]].drop_duplicates()
            expected = pd.DataFrame(records)[cells.columns]
            assert len(cells) == len(cells.merge(expected)) == count
            assert each.responses()["row"].notna().all()


def test_a_legacy_upload_whose_columns_are_unknown_is_not_repeated(elsewhere: Callable[..., Elsewhere]) -> None:
    place = elsewhere([{"review": each["review"]} for each in RECORDS], legacy=True)
    batch = place.client.studies.get(place.study)["data_collection_id"]
    study, before = place.call.draft(batch)["id"], len([*place.client.studies.list()])
    run = pnb.open_run(study_id=study, client=place.client, data=TABLE)
    run._report = lambda: b"DataPoint_ID,Task_Group_ID,Task_Type,Question,review\n"  # type: ignore[method-assign]
    with pytest.raises(pnb.ProlificError, match=r"no responses.*Nothing was created.*\.show\("):
        run.duplicate("Again", TABLE)
    assert len([*place.client.studies.list()]) == before
    assert run.duplicate("Shared").dataset_id == run.dataset_id  # nothing is uploaded, so nothing needs to be known


def test_a_sandbox_that_reuses_ids_is_asked_for_the_design(elsewhere: Callable[..., Elsewhere], tmp_path: Any) -> None:
    for text in ("Which one?", "Why is it so?"):
        place = elsewhere(RECORDS[:4])
        batch = place.client.studies.get(place.study)["data_collection_id"]
        items = place.client.batches.get(batch)["batch_items"]
        items[0]["rows"][0]["columns"][0]["items"][2]["description"] = text
        monkey = place.client.batches.get
        place.client.batches.get = lambda ident, monkey=monkey, items=items: type(monkey(ident))(  # type: ignore[method-assign]
            {**monkey(ident), "batch_items": items}
        )
        run = pnb.open_run(study_id=place.study, client=place.client, ledger=tmp_path / "runs.sqlite")
        assert [each.question for each in run.codebook][-1] == text


def test_hidden_columns_alone_do_not_join(elsewhere: Callable[..., Elsewhere]) -> None:
    records = [{"review": each["review"], "META_id": each["id"]} for each in RECORDS]
    frame = elsewhere(records, legacy=True).responses(TABLE[["id", "truth"]])
    assert frame["row"].isna().all()
    assert "no column 'review'" in frame.attrs["said"]


def test_the_export_is_read_if_the_report_has_nothing(
    elsewhere: Callable[..., Elsewhere], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = elsewhere(RECORDS, join_by="export")
    monkeypatch.setattr("prolific_nb.workflow.run.Run._report", lambda _: b"review\n")
    frame = place.responses(TABLE)
    assert frame["truth"].tolist() == place.sent(frame, "secret").tolist()
    assert frame.attrs["join"]["by"] == "content of the export"
    assert place.responses()["id"].tolist() == place.sent(frame, "id").tolist()


def test_a_run_of_ours_is_opened_with_its_columns_in_another_order(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    table = run.data.table[["review", "sentiment", "product"]]  # type: ignore[union-attr]
    other = pnb.open_run(study_id=run.study_id, client=run.client, data=pnb.read_data(table[3:]))
    with pytest.warns(UserWarning, match="responses are about rows that are not in"):
        frame = other.responses()
    expected = run.responses().set_index("response_id")["review"].astype(object)
    known = frame["review"].notna()
    assert known.sum() == 21 * 3 * 2
    assert frame["review"][known].tolist() == expected[frame["response_id"][known]].tolist()
    assert set(frame["row"][known]) == set(other.data.row_keys)  # type: ignore[union-attr]


def test_a_run_of_ours_without_data_has_the_columns_of_its_upload(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    frame = pnb.open_run(study_id=run.study_id, client=run.client).responses()
    pd.testing.assert_frame_equal(frame, run.responses())


def test_follow_up_and_duplicate_ask_the_same(place: Elsewhere) -> None:
    run = pnb.open_run(study_id=place.study, client=place.client, data=pnb.read_data(TABLE))
    follow = run.follow_up(run.responses()["row"].unique()[:4])
    again = run.duplicate("Once more")
    for made in (follow, again):
        layouts = [place.client.batches.get(each.batch_id).batch_items for each in (run, made)]
        assert _without_ids(layouts[0]) == _without_ids(layouts[1])
        assert [*map(_asked, made.codebook)] == [*map(_asked, run.codebook)]
        follow_data = made.data
        assert follow_data is not None
    assert len(follow.data) == 4  # type: ignore[arg-type]
    again.publish(max_cost="500.00").wait(timeout=60)
    assert len(pnb.combine([run, again])) > len(run.responses())


def _asked(question: Any) -> tuple[Any, ...]:
    return question.question, question.type, question.options, question.labels, question.limit


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(each) for name, each in value.items() if name != "id"}
    return [_without_ids(each) for each in value] if isinstance(value, list) else value

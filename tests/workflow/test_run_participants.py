"""Demographics and feedback of a study in the sandbox, and a file from the website."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api.studies import Studies
from prolific_nb.common.progress import silent
from prolific_nb.errors import DataError, Forbidden, NotFound, ProlificError, ServerError

from ..conftest import DESIGN, PLAN
from .conftest import Served


def finished(client: pnb.api.Client) -> pnb.Run:  # type: ignore[name-defined]
    run = pnb.launch(client, pnb.sample_data(), DESIGN, PLAN, on_progress=silent)
    return run.publish().wait(timeout=60, on_progress=silent)


@pytest.mark.parametrize("answered_by", ["csv", "url"])
def test_demographics_are_those_of_the_export_joined_to_the_submissions(answered_by: str, served: Served) -> None:
    served(demographics=answered_by)
    run = finished(pnb.connect())
    found = run.demographics()
    raw = pd.read_csv(io.BytesIO(run.client.studies.export_demographics(run.study_id)), dtype=str)
    submissions, answers = run.submissions(), run.responses()
    assert found["submission_id"].tolist() == submissions["submission_id"].tolist()
    assert found["participant_id"].tolist() == submissions["participant_id"].tolist()
    by_id = raw.set_index("Submission id")
    for row in found.itertuples():
        sent = by_id.loc[row.submission_id]
        withheld = sent["Age"] in ("CONSENT_REVOKED", "DATA_EXPIRED")
        assert (pd.isna(row.age), pd.isna(row.sex)) == (withheld, withheld)
        assert withheld or (str(row.age), row.sex, row.nationality) == (sent["Age"], sent["Sex"], sent["Nationality"])
        assert pd.isna(row.authenticity) or row.authenticity == sent["Authenticity check results"]
    counted = raw["Sex"].isin(["CONSENT_REVOKED", "DATA_EXPIRED"]).sum()
    assert counted > 0, "the sandbox plays it"
    assert sum(found.attrs["missing"]["sex"].values()) == counted
    joined = answers.merge(found.drop(columns="participant_id"), on="submission_id", validate="many_to_one")
    assert joined["authenticity"].notna().all()


WEBSITE = (
    "\ufeffSubmission id,Participant id,Status,Started at,Completed at,Time taken,Age,Sex,Language,Total approvals,"
    "Completion code,Authenticity check results\r\n"
    "{0},p1,APPROVED,2026-01-05T09:00:00.123Z,2026-01-05T09:06:00Z,360,34,Female,English,12,ABC,High\r\n"
    "{1},p2,RETURNED,2026-01-05T09:00:00Z,,,CONSENT_REVOKED,CONSENT_REVOKED,CONSENT_REVOKED,,NOCODE,\r\n"
)


def test_a_file_from_the_website_is_read_with_its_dtypes(tmp_path: Path) -> None:
    path = tmp_path / "prolific_export.csv"
    path.write_text(WEBSITE.format("s1", "s2"), encoding="utf-8", newline="")
    table = pnb.read_demographics(path)
    assert table["age"].tolist() == [34, pd.NA]
    assert table["seconds"].tolist()[0] == 360.0
    assert str(table["started_at"].dtype) == "datetime64[us, UTC]"
    assert table["first_language"].isna().tolist() == [False, True]
    assert table["completion_code"].isna().tolist() == [False, True]
    assert table["authenticity"].tolist()[0] == "High"
    assert table.attrs["missing"] == {
        name: {"CONSENT_REVOKED": 1} for name in ("age", "sex", "first_language")
    }  # fmt: skip


def test_a_file_is_joined_to_the_own_submissions_and_others_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = finished(pnb.connect())
    first = run.submissions()["submission_id"].iloc[0]
    found = run.demographics(WEBSITE.format(first, "someone-elses").encode())
    assert "1 row of the export left out" in capsys.readouterr().out
    assert len(found) == len(run.submissions())
    assert found["age"].notna().tolist() == [True] + [False] * (len(found) - 1)


def test_a_file_without_submissions_is_joined_by_participant() -> None:
    run = finished(pnb.connect())
    people = run.submissions()["participant_id"]
    found = run.demographics(f"Participant id,Age\n{people.iloc[1]},51\n".encode())
    assert found.loc[found["participant_id"] == people.iloc[1], "age"].tolist() == [51]
    assert found["age"].notna().sum() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "It is not a CSV in UTF-8"),
        (b"Name,Age\nx,1\n", r"neither a column 'Submission id' nor 'Participant id'"),
        (b"Submission id,Age\ns1,young\n", r"(?s)row 2.*'young' is not a valid age"),
        (
            b"Submission id,Started at\ns1,2026-01-05\ns2,soon\n",
            r"(?s)row 3.*'soon' is not a valid started_at",
        ),
        (b"Submission id,Age\ns1,1\ns1,2\n", "Submission s1 is in the file twice"),
        (b"Submission id,Age,age\ns1,1,2\n", "Several columns have this name"),
        (b"\xff\xfe\x00", "It is not a CSV in UTF-8"),
    ],
)
def test_what_is_no_export_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        pnb.read_demographics(content)


def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export.csv").touch()
    with pytest.raises(DataError, match=r"(?s)no such\.csv cannot be used:\n.*There is no such file"):
        pnb.read_demographics("no such.csv")
    with pytest.raises(DataError, match=r"similar names there: 'export\.csv'"):
        pnb.read_demographics(tmp_path / "exports.csv")
    with pytest.raises(DataError, match=r"This is a folder\. Pass the path of the downloaded CSV\."):
        pnb.read_demographics(tmp_path)
    for source in ("nul\0.csv", "~no-such-user/export.csv", 3, b"".join):
        with pytest.raises(ProlificError):
            pnb.read_demographics(source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"url": 1}, {"url": "ftp://x"}, "text", 3, b"", b"\xff\xfe", b"a,b\n1\n"]
)
def test_whatever_the_server_answers_the_error_is_ours(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    run = pnb.launch(pnb.connect(), pnb.sample_data(), DESIGN, PLAN, on_progress=silent)
    monkeypatch.setattr("prolific_nb.api.transport.Transport.post_for_file", lambda *_, **__: answer)
    with pytest.raises(ProlificError):
        run.demographics()


@pytest.mark.parametrize("status", [403, 404, 501])
def test_where_the_api_has_no_export_the_way_is_named(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    run = finished(pnb.connect())
    kind = {403: Forbidden, 404: NotFound, 501: ServerError}[status]

    def refuse(*_: object, **__: object) -> None:
        raise kind(status, "POST /api/v1/studies/", "Not here.")

    for name in ("export_demographics", "feedback"):
        monkeypatch.setattr(Studies, name, refuse)
    with pytest.raises(ProlificError, match=r'Not here.*run\.demographics\("prolific_export\.csv"\)'):
        run.demographics()
    with pytest.raises(ProlificError, match="not available to every workspace"):
        run.feedback()


def test_feedback_is_a_frame_of_ratings_and_comments() -> None:
    run = finished(pnb.connect())
    found = run.feedback()
    assert 0 < len(found) < len(run.submissions())
    for name in ("clarity", "difficulty", "fairness"):
        assert str(found[name].dtype) == "Int64"
        assert found[name].between(1, 5).all()
    assert 0 < found["comment"].notna().sum() < len(found)
    assert found["participant_id"].isna().any(), "shared by some only"
    assert set(found["participant_id"].dropna()) <= set(run.submissions()["participant_id"])
    written = list(run.client.studies.feedback(run.study_id, written=True))
    assert len(written) == found["comment"].notna().sum()


def test_of_a_draft_there_is_nothing() -> None:
    run = pnb.launch(pnb.connect(), pnb.sample_data(), DESIGN, PLAN, on_progress=silent)
    assert (len(run.demographics()), len(run.feedback())) == (0, 0)

"""A full disk under the temporary file of an upload is one clear error, and the launch continues afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.errors import StepFailed
from prolific_nb.sandbox import Sandbox
from prolific_nb.study.launch import upload
from tests.faults.program import DATA, DESIGN, PLAN, client_of


def no_folder() -> Any:
    raise FileNotFoundError(2, "No usable temporary directory found")


def full_disk() -> Any:
    return Path("/dev/full").open("wb+")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("make", "words"),
    [(full_disk, "No space left on device"), (no_folder, "No usable temporary directory")],
)
def test_a_full_disk_is_said_and_nothing_is_sent(make: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as place:
        client = client_of(place)
        with monkeypatch.context() as patch:
            patch.setattr(upload, "TemporaryFile", make)
            with pytest.raises(StepFailed, match=f"{words}.*No rows were sent.*TMPDIR.*launch again"):
                pnb.launch(client, DATA, DESIGN, PLAN)
        assert "uploadFile" not in [each.operation for each in place.log]
        pnb.launch(client, DATA, DESIGN, PLAN)
        assert [each.operation for each in place.log].count("createDataset") == 1

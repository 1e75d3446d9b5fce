"""Files of colleagues: kept while other answers are faulty, limited by the question, and part of the export."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import requests

from ...flow import WRITING
from .conftest import Make

UPLOAD: dict[str, Any] = {
    "type": "file_upload",
    "description": "Your picture?",
    "accepted_file_types": [".png"],
    "max_file_size_mb": 0.001,
    "max_file_count": 2,
}


def test_uploaded_files_are_kept_and_exported(make: Make) -> None:
    place = make(UPLOAD, WRITING, count=1, per_group=1)
    someone = place.colleague()
    someone.start()
    someone.send("next")
    upload, writing = someone.form.questions

    def chosen(name: str, content: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
        return [(upload, (name, content, "image/png"))]

    someone.send("next", {writing: "Mine."}, chosen("me.txt", b"x"))
    assert "“me.txt” is not of an accepted type: .png." in someone.form.words
    someone.send("next", files=chosen("large.png", b"x" * 1001))
    assert "above the limit of 0.001 MB" in someone.form.words
    three = chosen("a.png", b"a") + chosen("b.png", b"b") + chosen("c.png", b"c")
    someone.send("next", files=three)
    assert "Choose at most 2 files; 3 are chosen." in someone.form.words
    someone.send("next", {writing: ""}, chosen("../../etc/me.png", b"picture"))
    assert "Kept: me.png." in someone.form.words
    someone.send("next", {writing: "Mine."}, [(upload, ("", b"", "application/octet-stream"))])
    assert "Thank you" in someone.form.words

    [file], [text] = (each["response"]["answer"] for each in place.responses())
    assert text == {"value": "Mine."}
    assert {name: file[name] for name in ("file_name", "file_size_mb", "content_type")} == {
        "file_name": "me.png",
        "file_size_mb": 7e-06,
        "content_type": "image/png",
    }
    assert file["file_key"].startswith("files/")
    assert file["file_key"].endswith(".png")
    assert archive(place).read(file["file_key"]) == b"picture"


def archive(place: Any) -> zipfile.ZipFile:
    batch = place.status()["data_collection_id"]
    export = place.call.ok("POST", f"batches/{batch}/export")["export_id"]
    place.wall.now += 1
    url = place.call.ok("GET", f"batches/{batch}/export/{export}")["url"]
    return zipfile.ZipFile(io.BytesIO(requests.get(url).content))

"""A sandbox over https: its certificate, its exports, and clients that do not shake hands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from prolific_nb.sandbox import Sandbox

from .flow import Caller, as_csv, rows


def test_everything_is_https_and_verified_by_the_certificate() -> None:
    with Sandbox(speed=30_000.0, tls=True) as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        call.session.verify = sandbox.certificate
        dataset = call.dataset()["id"]
        [where] = [call.ok("GET", f"/api/v1/data-collection/datasets/{dataset}/upload-url/reviews.csv")["upload_url"]]
        assert where.startswith(sandbox.url)
        put = requests.put(
            where, data=as_csv(rows(1)), headers={"Content-Type": "text/csv"}, verify=sandbox.certificate, timeout=60
        )
        assert put.status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(sandbox.url, timeout=60)
    assert not Path(sandbox.certificate).exists()


def test_the_command_prints_the_path_of_its_certificate(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "import sys; from prolific_nb.cli import main; sys.exit(main())", "sandbox"]
    with subprocess.Popen([*program, "--tls"], cwd=tmp_path, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        printed = json.loads(server.stdout.readline())
        found = requests.get(
            f"{printed['url']}/api/v1/users/me/",
            headers={"Authorization": f"Token {printed['token']}"},
            verify=printed["certificate"],
            timeout=60,
        )
        server.terminate()
    assert found.status_code == 200
    assert printed["url"].startswith("https://")


def test_without_its_package_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(ValueError, match="pip install trustme"):
        Sandbox(tls=True)

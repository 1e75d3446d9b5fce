"""Validation against the contract of all HTTP traffic of a test."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from openapi_core import Config, OpenAPI

from .judging import DOCUMENT, Exchange


@pytest.fixture(scope="module")
def contract() -> OpenAPI:
    # The host of the document is the real one; here the same paths are served elsewhere.
    reads = Config(extra_media_type_deserializers={"application/x-ndjson": bytes.decode})
    return OpenAPI.from_dict({**DOCUMENT, "servers": [{"url": "/"}]}, config=reads)


@pytest.fixture
def traffic(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    seen: list[Exchange] = []
    send = requests.Session.send

    def recording(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response = send(self, request, **options)
        seen.append((request, response))
        return response

    monkeypatch.setattr(requests.Session, "send", recording)
    return seen

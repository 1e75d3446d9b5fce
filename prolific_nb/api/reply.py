"""A server's response, with a body that can be let go."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import requests
from requests.structures import CaseInsensitiveDict


@dataclass
class Reply:
    """What a server responded.

    A list of 100,000 responses is a body of 50 MB. Its bytes, its text and its records are never there together:
    `take_text` lets the bytes go.
    """

    status: int
    headers: CaseInsensitiveDict[str]
    url: str
    method: str
    charset: str | None
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, response: requests.Response) -> Reply:
        """What `response` says; whoever needs the room keeps no `response`."""
        named = (response.url, str(response.request.method), response.encoding)
        return cls(response.status_code, response.headers, *named, response.content)

    def take_text(self) -> str:
        """The body as text, once; UTF-8 where its charset is not one that can decode it."""
        body, self.body = self.body, b""
        try:
            return str(body, self.charset or json.detect_encoding(body), errors="replace")
        except (LookupError, ValueError):  # ValueError: of "undefined", or a name with a NUL
            return body.decode(errors="replace")

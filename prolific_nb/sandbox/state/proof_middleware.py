"""Proves that a server is a sandbox: it signs the client's nonce with its token, which is never sent."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from ...common.proof import PROOF_PATH, proof_message

_NONCE = re.compile(r"[0-9a-f]{32,128}")


class ProofMiddleware:
    """Answers ``GET /_sandbox/proof?nonce=<hex>``; everything else is passed on.

    It is outside the application: the proof needs no token and no lock, cannot fail by a fault, and is not logged,
    because it is not part of Prolific's API. A proxy in front of a sandbox passes the proof on, and is one too.

    Parameters
    ----------
    inner : WSGI application
    token : str
        The sandbox's token, the key of the signature.
    store : str
        Where the sandbox is kept: ``":memory:"`` or an absolute path.
    """

    def __init__(self, inner: Any, token: str, store: str) -> None:
        self._inner, self._token, self._store = inner, token, store

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        answer = self._inner
        if environ.get("PATH_INFO") == PROOF_PATH:
            answer = self._proof(Request(environ))
        served: Iterable[bytes] = answer(environ, start_response)
        return served

    def _proof(self, request: Request) -> Response:
        nonce = request.args.get("nonce", "")
        if request.method != "GET" or not _NONCE.fullmatch(nonce):
            return Response("Send GET with nonce=, 32 to 128 lower-case hexadecimal digits.\n", 400)
        proof = hmac.digest(self._token.encode(), proof_message(nonce, self._store), "sha256").hex()
        answer = Response(mimetype="application/json", headers={"Cache-Control": "no-store"})
        answer.set_data(json.dumps({"proof": proof, "store": self._store}))
        return answer

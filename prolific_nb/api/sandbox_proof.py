"""Checking a sandbox's proof: only a server that has the client's token, and is a sandbox, can sign a new number."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass

from ..common.proof import proof_message
from .token import Token

_LENGTH = 64  # hexadecimal digits of SHA-256


@dataclass(frozen=True)
class Proof:
    """What a server answered to the request for a sandbox's proof.

    Parameters
    ----------
    store : str
        Where the sandbox is kept: ``":memory:"`` or an absolute path, perhaps of another machine.
    doubt : str
        Why it is not certain that the server is a sandbox, as the end of a sentence; "" if it is proved.
    """

    store: str = ""
    doubt: str = ""


def checked_proof(token: Token, nonce: str, status: int, body: bytes) -> Proof:
    """Whether an answer proves a sandbox.

    Parameters
    ----------
    token : Token
    nonce : str
        What the sandbox was asked to sign.
    status : int
        HTTP status of the answer.
    body : bytes
        The answer; it is never quoted.
    """
    if status != 200:
        return Proof(doubt=f"it answered the request for a sandbox's proof with status {status}")
    try:
        answer = json.loads(body)
        signature, store = answer["proof"], answer["store"]
        message = proof_message(nonce, store)
        usable = isinstance(signature, str) and len(signature) == _LENGTH and signature.isascii()
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):  # ValueError: also of lone surrogates
        usable = False
    if not usable:
        return Proof(doubt="it does not answer the request for a sandbox's proof as a sandbox does")
    expected = token.sign(message)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return Proof(doubt="it answers like a sandbox, but its token is not the one in use here")
    return Proof(store)

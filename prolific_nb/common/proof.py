"""What a sandbox proves, and what `connect` checks: that it has the token, without sending the token."""

from __future__ import annotations

PROOF_PATH = "/_sandbox/proof"
_LABEL = b"prolific_nb sandbox proof, version 1"


def proof_message(nonce: str, store: str) -> bytes:
    """What is signed with the sandbox's token: only a sandbox signs this label, and only now this nonce.

    Parameters
    ----------
    nonce : str
        Random hexadecimal digits of the client.
    store : str
        Where the sandbox is kept: ``":memory:"`` or an absolute path.
    """
    return b"\n".join([_LABEL, nonce.encode(), store.encode("utf-8", "surrogateescape")])

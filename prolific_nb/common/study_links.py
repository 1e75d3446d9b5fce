"""Links with which people take part in a study of a sandbox: client and sandbox compute them alike from the token."""

from __future__ import annotations

from collections.abc import Callable

PREFIX = "/participate/"
_LABEL = b"prolific_nb participation, version 1"
_DIGITS = 40  # hexadecimal: 160 bits

Sign = Callable[[bytes], str]
"""HMAC-SHA256 of a message with the sandbox's token, as hexadecimal digits."""


def link_key(sign: Sign, study_id: str, person: str = "") -> str:
    """The part of a link that cannot be guessed.

    Parameters
    ----------
    sign : callable
        Signs with the sandbox's token, so that nothing new is stored.
    study_id : str
    person : str
        For whom the link is; "" for everybody who has it.
    """
    return sign(b"\n".join([_LABEL, study_id.encode(), person.encode()]))[:_DIGITS]


def link_path(sign: Sign, study_id: str, person: str = "") -> str:
    """The path of a link on the sandbox's server; that of a person does not contain the key of the common one.

    Examples
    --------
    >>> link_path(lambda message: "f" * 64, "5e1f", "2")
    '/participate/5e1f/2/ffffffffffffffffffffffffffffffffffffffff'
    """
    middle = f"{study_id}/{person}" if person else study_id
    return f"{PREFIX}{middle}/{link_key(sign, study_id, person)}"

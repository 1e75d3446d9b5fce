"""The API token, which never shows its value."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

from requests import PreparedRequest
from requests.auth import AuthBase

from ..errors import LiveError

_SHORTEST = 8  # characters; a shorter string is not a token and may occur in any word


class Token:
    """An API token whose repr, str and format hide its value, and which cannot be pickled.

    Examples
    --------
    >>> token = Token("planted-secret")
    >>> f"{token} {token!r}"
    'Token(hidden) Token(hidden)'
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        # No validation here: a traceback that shows local variables would show `value`.
        self._value = value.strip() if isinstance(value, str) else ""

    def checked(self) -> Token:
        """Itself, if it is a well-formed token.

        Raises
        ------
        LiveError
            If it is not. The message does not quote the value: a mistyped token is still most of a token.
        """
        if not self._value or not self._value.isascii() or not self._value.isprintable() or " " in self._value:
            raise LiveError("The token is empty or contains spaces or invalid characters. Copy it again.")
        return self

    def reveal(self) -> str:
        """The token itself, for the one header that needs it."""
        return self._value

    def hide(self, text: str) -> str:
        """The text without the token, since a server may repeat what it was sent."""
        return text.replace(self._value, "(hidden)") if len(self._value) >= _SHORTEST else text

    def hide_in(self, value: Any) -> Any:
        """The decoded JSON without the token, in its strings and keys; lists and dicts are changed in place."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list):
            value[:] = map(self.hide_in, value)
        if isinstance(value, dict):
            hidden = [(self.hide(name), self.hide_in(inner)) for name, inner in value.items()]
            value.clear()
            value.update(hidden)
        return value

    def may_be_in(self, text: str) -> bool:
        """Whether JSON could contain the token: as it is, with escapes, or in an encoding with zero bytes."""
        return self._value in text or "\\" in text or "\0" in text

    def sign(self, message: bytes) -> str:
        """HMAC-SHA256 of a message with the token as its key, which proves that the other side has the same one."""
        return hmac.digest(self._value.encode(), message, "sha256").hex()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]  # unhashable, so that a token cannot become a printed dict key

    def __repr__(self) -> str:
        return "Token(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token cannot be pickled. Call connect() again in the other process.")


class TokenAuth(AuthBase):
    """Adds the token to each request when it is sent, so that no session stores it as a header."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header."""
        request.headers["Authorization"] = f"Token {self._token.reveal()}"
        return request

    @property
    def token(self) -> Token:
        """The token, which hides itself."""
        return self._token


def no_auth(request: Any) -> Any:
    """Add nothing; without it, requests would read the user's netrc."""
    return request

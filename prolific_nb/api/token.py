"""The token: a value that does not show itself."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

from requests import PreparedRequest
from requests.auth import AuthBase

from ..errors import LiveError

_TELLING = 8  # characters: anything shorter is no token, and may be part of any word


class Token:
    """An API token whose repr, str, format and pickle hold nothing of it.

    Examples
    --------
    >>> token = Token("planted-secret")
    >>> f"{token} {token!r}"
    'Token(hidden) Token(hidden)'
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        # Nothing is refused here: a traceback that shows local variables would show `value`.
        self._value = value.strip() if isinstance(value, str) else ""

    def checked(self) -> Token:
        """Itself, if it can be a token.

        Raises
        ------
        LiveError
            If it cannot. The value is not quoted: a mistyped token is still most of a token.
        """
        if not self._value or not self._value.isascii() or not self._value.isprintable() or " " in self._value:
            raise LiveError("The token is empty or holds spaces or letters that no token has. Copy it once more.")
        return self

    def reveal(self) -> str:
        """The token itself, for the one header that needs it."""
        return self._value

    def hide(self, text: str) -> str:
        """The text with the token taken out: a server may repeat what it was sent."""
        return text.replace(self._value, "(hidden)") if len(self._value) >= _TELLING else text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]  # a hash would let a token be a key that is printed

    def __repr__(self) -> str:
        return "Token(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token is not pickled. Connect anew where it is needed.")


class TokenAuth(AuthBase):
    """Puts the token into the request at the last moment, so that no session holds it as a header."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header."""
        request.headers["Authorization"] = f"Token {self._token.reveal()}"
        return request

    def hide(self, text: str) -> str:
        """The text with the token taken out."""
        return self._token.hide(text)


def no_auth(request: Any) -> Any:
    """Add nothing; given where requests would otherwise look into the user's netrc."""
    return request

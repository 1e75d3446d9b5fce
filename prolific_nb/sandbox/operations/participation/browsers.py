"""What a browser has to show: a link that was made here, a host name of this machine, and its own secret."""

from __future__ import annotations

import hmac
import re
import secrets
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request

from ....common.study_links import link_key
from ...contract.http_error import HTTPError
from ...state.sandbox_state import SandboxState

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EVERY_INTERFACE = ("0.0.0.0", "::")
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_FORWARDED = ("X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-For", "X-Forwarded-Proto")
_OTHER_PAGE = "This form was sent by another page, or your browser does not keep cookies. Open your link again."


class Refusal(HTTPError):
    """A request of a person is refused; its sentence is for the person to read."""


def check_key(state: SandboxState, study_id: str, person: str, key: str) -> None:
    """Refuse a link that was not made with this sandbox's token."""
    if not hmac.compare_digest(key.encode(), link_key(state.sign, study_id, person).encode()):
        raise Refusal(404, "This link is not valid. Copy the whole link, or ask for a new one.")


def check_host(state: SandboxState, request: Request) -> None:
    """Refuse names that do not belong to this machine: a page elsewhere could point its own name here.

    What keeps others out is the key in the path. This check keeps a page whose name was pointed to this machine from
    sending requests here that look like its own. A proxy on this machine, such as that of Jupyter's server, keeps the
    name by which it was reached, and says that it is one; from another machine such a remark does not count. A script
    in a browser on this machine can say so too, and then the key alone keeps it out.
    """
    name = urlsplit(f"//{request.host}").hostname or ""
    interfaces = tuple(state.interfaces)  # at once: another thread may add one
    if name in (*_LOOPBACK, *(each.lower() for each in interfaces)) or is_forwarded(request):
        return
    if any(each in _EVERY_INTERFACE for each in interfaces) and _is_ip(name):
        return
    raise Refusal(403, "This page is not served under this host name. Open the link as it was given to you.")


def is_forwarded(request: Request) -> bool:
    """Whether a proxy on this machine forwards the request."""
    return request.remote_addr in _LOOPBACK and any(name in request.headers for name in _FORWARDED)


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def new_secret() -> str:
    """A secret for the cookie of one browser."""
    return secrets.token_urlsafe(32)


def secret_in(request: Request, cookie: str) -> str:
    """The secret that a browser sent; "" if it has none."""
    sent = request.cookies.get(cookie, "")
    return sent if _SECRET.fullmatch(sent) else ""


def form_token(state: SandboxState, study_id: str, secret: str) -> str:
    """What every form of this browser holds, which no other page can know."""
    return state.sign(b"\n".join([b"prolific_nb form, version 1", study_id.encode(), secret.encode()]))


def check_form(state: SandboxState, request: Request, study_id: str, secret: str) -> None:
    """Refuse a form that this browser did not get from here."""
    sent = request.form.get("pnb.token", "")
    valid = bool(secret) and hmac.compare_digest(sent.encode(), form_token(state, study_id, secret).encode())
    if not valid or not _same_origin(request):
        raise Refusal(403, _OTHER_PAGE)


def _same_origin(request: Request) -> bool:
    """Whether the page that sent a form is one of this server, as far as the browser says."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    hosts = {request.host} | ({request.headers.get("X-Forwarded-Host")} if is_forwarded(request) else set())
    return origin is None or origin in {f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts}

"""Why no response arrived: a sentence about the network, or about the variable of the environment that is wrong."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import LocationValueError, ProxyError
from urllib3.util import parse_url

from .guard import chain
from .urls import is_loopback

_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # in the order in which requests reads them
_UNREACHED = {
    errno.ECONNREFUSED: "the connection was refused: no server is running at this host and port",
    errno.ENETUNREACH: "this machine has no route to it: check that it is connected to a network",
    errno.EHOSTUNREACH: "this machine has no route to it: check the network, the VPN and the firewall",
    errno.EADDRNOTAVAIL: "this machine has no free network port, or no route to it",
    errno.EMFILE: "this process has too many open files: restart the kernel",
}
_BEFORE_SENDING = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, LocationValueError)


def wrong_setting(failure: BaseException, url: str) -> tuple[str, bool]:
    """What is wrong with this machine's settings, and how to fix it; "" if they did not cause the failure.

    The second value tells whether a retry is useless until the setting is changed.

    Parameters
    ----------
    failure : BaseException
        Raised by ``requests`` before any response arrived.
    url : str
        The URL of the request.
    """
    if certificates := _wrong_certificates(failure, url):
        return certificates, True
    return _wrong_proxy(failure, url)


def reason(failure: BaseException) -> str:
    """What happened on the network, in a few words."""
    for each in chain(failure):
        if isinstance(each, socket.gaierror):
            return "its name could not be resolved: check the spelling of the host, and that the network has DNS"
        if isinstance(each, OSError) and each.errno in _UNREACHED:
            return _UNREACHED[each.errno]
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {each.verify_message}"
    return type(failure).__name__


# --- certificates ----------------------------------------------------------------------------------------------


def _wrong_certificates(failure: BaseException, url: str) -> str:
    # requests raises a plain OSError for a missing file.
    missing = isinstance(failure, OSError) and not isinstance(failure, requests.RequestException)
    if urlsplit(url).scheme != "https" or not (missing or isinstance(failure, requests.exceptions.SSLError)):
        return ""
    name = next((each for each in _CERTIFICATES if os.environ.get(each)), None)
    untrusted = next((each for each in chain(failure) if isinstance(each, ssl.SSLCertVerificationError)), None)
    if name is None:
        return (untrusted and _untrusted(url, untrusted.verify_message, "")) or ""
    place = os.environ[name]
    fault = _fault_of_certificates(place)
    if fault:
        return f"{name} is {place!r}, which {fault}. Set it to a file of PEM certificates, or unset it"
    return _untrusted(url, untrusted.verify_message, name) if untrusted else ""


def _untrusted(url: str, message: str, name: str) -> str:
    known = f"is not covered by {name}, which is {os.environ[name]!r}" if name else "is not trusted"
    remedy = "Add the certificate to this file, or unset it" if name else "set REQUESTS_CA_BUNDLE to its PEM file"
    return (
        f"the certificate of {urlsplit(url).netloc} {known} ({message}). "
        + ("" if name else "If your network inspects traffic or the server has its own certificate, ")
        + remedy
    )


def _fault_of_certificates(place: str) -> str:
    if not os.path.exists(place):
        return "does not exist"
    if os.path.isdir(place):
        return ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=place)
    except ssl.SSLError:
        return "is not a file of PEM certificates"
    except OSError as failure:
        return f"cannot be read ({failure.strerror})"
    return ""


# --- proxies ---------------------------------------------------------------------------------------------------


def _wrong_proxy(failure: BaseException, url: str) -> tuple[str, bool]:
    proxy = None if is_loopback(url) else select_proxy(url, get_environ_proxies(url))
    unread = isinstance(failure, _BEFORE_SENDING)
    unreached = any(isinstance(each, ProxyError) for each in chain(failure))
    if not proxy or not (unread or unreached):
        return "", False
    name, place = _variable(proxy, url), _place(proxy)
    if not place or isinstance(failure, requests.exceptions.InvalidProxyURL):  # not quoted: it may hold a password
        fault = f"{name} is not the URL of a proxy. Set it to one such as http://proxy.example.org:3128, or unset it"
    elif "SOCKS" in str(failure):
        fault = f"{name} is the SOCKS proxy {place}, which needs PySocks. Run: pip install 'requests[socks]'"
    elif not place.startswith(("http://", "https://", "socks")):
        fault = f"{name} is {place}, whose scheme cannot be used. Set it to http://host:port, or unset it"
    elif unreached:
        why = next((_said(each) for each in chain(failure) if isinstance(each, OSError) and _said(each)), "")
        fault = f"the proxy {place} of {name} cannot be used{why}. Correct the variable, start the proxy, or unset it"
    else:
        fault = ""
    return fault, not unreached


def _said(failure: OSError) -> str:
    """What the innermost error says; those of requests and urllib3 repeat it at length."""
    if isinstance(failure, requests.RequestException):
        return ""
    return f" ({failure.strerror or failure})"


def _variable(proxy: str, url: str) -> str:
    for name in (f"{urlsplit(url).scheme}_proxy", "all_proxy"):
        for each in (name, name.upper()):
            if os.environ.get(each) == proxy:
                return each
    return "The proxy of this system's settings"


def _place(proxy: str) -> str:
    """Scheme, host and port of a proxy, without user name and password; "" if it cannot be read."""
    try:
        read = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    except LocationValueError:
        return ""
    usable = read.host and read.scheme and not any(char.isspace() for char in proxy)
    port = f":{read.port}" if read.port else ""
    return f"{read.scheme}://{read.host}{port}" if usable else ""

"""A certificate for one sandbox, made when it starts, so that clients that insist on https can use it."""

from __future__ import annotations

import ssl
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import ArgumentError

HOSTS = ("127.0.0.1", "localhost")


def make_certificate(path: Path, *hosts: str) -> ssl.SSLContext:
    """Make a key and a certificate, and write the certificate that clients must trust; the key stays in memory.

    Parameters
    ----------
    path : Path
        Where to write the certificate, as PEM.
    *hosts : str
        Further names and IP addresses of the server.

    Returns
    -------
    ssl.SSLContext
        For the server.

    Raises
    ------
    ValueError
        The package trustme is missing.
    """
    try:
        trustme: Any = import_module("trustme")
    except ImportError:
        raise ArgumentError(
            "https needs the package trustme, which makes the certificate. Install it: pip install trustme."
        ) from None
    authority = trustme.CA(organization_name="prolific_nb sandbox")
    authority.cert_pem.write_to_path(path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*dict.fromkeys((*HOSTS, *hosts))).configure_cert(context)
    return context

"""How long a request's body may be. Prolific publishes no limits; these are the sandbox's own."""

from __future__ import annotations

from ...common.study_links import PREFIX

_API = 10 * 2**20
_UPLOAD = 256 * 2**20
_UPLOADS = "/_uploads/"
_WITH_FILES = "multipart/form-data"  # of the screens of a study that ask for files


def limit(path: str, content_type: str = "") -> int:
    """The most bytes of a body that is sent to this path.

    Examples
    --------
    >>> limit("/api/v1/studies/"), limit("/_uploads/5e1f")
    (10485760, 268435456)
    """
    files = path.startswith(PREFIX) and content_type == _WITH_FILES
    return _UPLOAD if files or path.startswith(_UPLOADS) else _API


def sentence(path: str, content_type: str = "") -> str:
    """What is said about a longer one."""
    most = limit(path, content_type) // 2**20
    remedy = "Split the file and upload its parts" if path.startswith(_UPLOADS) else "Send less in one request"
    return f"The body is longer than {most} MiB, the limit of the sandbox here. {remedy}."

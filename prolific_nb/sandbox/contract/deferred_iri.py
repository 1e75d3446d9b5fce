"""Imports jsonschema without the second that its checker of IRIs takes to load.

JupyterLab installs ``rfc3987_syntax``, which builds 35 parsers at import, and jsonschema imports it even if no IRI is
checked: https://github.com/python-jsonschema/jsonschema/issues/1428.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_SLOW = "rfc3987_syntax"


def _is_valid_syntax(rule: str, text: str) -> bool:
    return bool(import_module(_SLOW).is_valid_syntax(rule, text))


@contextmanager
def deferred_iri_checker() -> Iterator[None]:
    """Import jsonschema inside: its IRI checker works as ever, but loads when it is first used."""
    if "jsonschema" in sys.modules or _SLOW in sys.modules or find_spec(_SLOW) is None:
        yield
        return
    stand_in = ModuleType(_SLOW)
    stand_in.is_valid_syntax = _is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[_SLOW] = stand_in
    try:
        yield
    finally:
        del sys.modules[_SLOW]

"""The sandbox does not load the slow IRI checker; whoever checks an IRI in the same process still gets it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import prolific_nb.sandbox
assert "rfc3987_syntax" not in sys.modules
from jsonschema import Draft202012Validator
judge = Draft202012Validator({"format": "iri"}, format_checker=Draft202012Validator.FORMAT_CHECKER)
assert [judge.is_valid(each) for each in ("https://example.org/ä", "no iri", 1)] == [True, False, True]
import rfc3987_syntax
assert rfc3987_syntax.is_valid_syntax_iri
"""


def test_the_iri_checker_of_jsonschema_loads_when_it_is_first_used() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60)

"""The first cell of a notebook must be fast: importing the package loads the standard library only."""

from __future__ import annotations

import subprocess
import sys

import prolific_nb

MODULES = """
import sys
before = set(sys.modules)
{code}
loaded = {{name.split('.')[0] for name in set(sys.modules) - before}}
print(sorted(loaded - set(sys.stdlib_module_names) - {{'prolific_nb'}}))
"""


def third_party_modules_of(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", MODULES.format(code=code)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_the_package_loads_the_standard_library_only() -> None:
    assert third_party_modules_of("import prolific_nb") == "[]"


def test_a_design_needs_the_standard_library_only() -> None:
    code = "import prolific_nb as pnb; pnb.Design('x').choose('q?', ['a', 'b']).codebook()"
    assert third_party_modules_of(code) == "[]"


def test_reading_data_loads_pandas() -> None:
    assert "pandas" in third_party_modules_of("import prolific_nb as pnb; pnb.read_data")


def test_every_public_name_can_be_loaded_and_is_listed() -> None:
    for name in prolific_nb.__all__:
        assert getattr(prolific_nb, name) is not None
    assert set(prolific_nb.__all__) <= set(dir(prolific_nb))


def test_modules_do_not_hide_the_functions_of_the_same_name() -> None:
    code = "import prolific_nb.demo, prolific_nb as pnb; print(callable(pnb.connect), callable(pnb.quote))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]

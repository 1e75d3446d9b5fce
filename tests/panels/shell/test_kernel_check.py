"""A kernel that cannot run panels is named."""

from __future__ import annotations

import ipywidgets as w
import pytest

import prolific_nb as pnb


@pytest.mark.parametrize(
    ("version", "is_said"), [("7.0.0", True), ("7.0.1", True), ("7.1.0", False), ("6.29.5", False)]
)
def test_a_kernel_that_runs_no_callbacks_of_threads_is_named(
    version: str, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prolific_nb.panels.shell.kernel_check.version", lambda _: version)
    studio = pnb.studio()
    said = [each.value for each in studio.box.children if isinstance(each, w.HTML) and 'role="alert"' in each.value]
    assert [f"ipykernel {version} " in words and "ipykernel!=7.0.*" in words for words in said] == [True] * is_said
    studio.close()

"""What a panel must have."""

from __future__ import annotations

import pytest

from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.kit.panel import Panel


class Empty(Panel):
    name, title = "pnb-empty", "Empty"


def test_a_panel_that_creates_no_widgets_is_refused_before_anything_is_shown() -> None:
    with pytest.raises(TypeError, match=r"abstract.*build"):
        Empty(Observable(None))  # type: ignore[abstract]

"""The tidy table that the tests of this folder read."""

from __future__ import annotations

import pandas as pd
import pytest

from prolific_nb.responses import tidy

from .records import CODEBOOK, RESPONSES, SUBMISSIONS


@pytest.fixture
def frame() -> pd.DataFrame:
    return tidy(RESPONSES, SUBMISSIONS, CODEBOOK)

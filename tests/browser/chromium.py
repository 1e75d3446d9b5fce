"""The browser: Debian's Chromium, or the one that CHROMIUM names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, sync_playwright

from .lab import SIZE

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
WANTED = os.environ.get("CHROMIUM", "/usr/bin/chromium")
MISSING = (
    f"There is no Chromium at {WANTED}, and a real browser is needed: apt-get install -y --no-install-recommends "
    "chromium fonts-liberation, or set CHROMIUM to a browser's path."
)


def chromium() -> str | None:
    """Where the browser is, or None."""
    return shutil.which(WANTED)


@contextmanager
def browsing(executable: str) -> Iterator[BrowserContext]:
    """A browser without a window; one context, so that its cache stays warm."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
        browser.close()

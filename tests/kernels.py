"""Kernels that talk through files instead of ports.

A kernel binds five ports that were free a second earlier. While thousands of tests open connections, one of them is
sometimes taken by then, and the kernel dies.
"""

from __future__ import annotations

import os

from traitlets.config import Config

TRANSPORT = "ipc" if os.name == "posix" else "tcp"
CONFIG = Config({"KernelManager": {"transport": TRANSPORT}})
"""For `NotebookClient(..., config=CONFIG)`."""

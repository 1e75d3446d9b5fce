"""Ports for kernels that no connection takes in the meantime.

A kernel binds five ports that were free a second earlier. By then another test may have got one of them for a
connection or a sandbox, and the kernel dies. Systems give away ports above 32,767 only, so kernels get lower ones.
"""

from __future__ import annotations

import random
import socket
from contextlib import closing

from jupyter_client.connect import LocalPortCache

_PORTS = range(12_000, 32_000)
SETUP = "import sys; sys.path.insert(0, {root!r}); from tests.kernels import use_low_ports; use_low_ports()"
"""For the configuration of a server: `root` is the folder of the tests' package."""


def use_low_ports() -> None:
    """Let every kernel that this process starts from now on use such ports."""
    LocalPortCache.find_available_port = _low_port  # type: ignore[method-assign]


def _low_port(self: LocalPortCache, ip: str) -> int:
    while True:
        port = random.SystemRandom().choice(_PORTS)  # tests seed the other generator
        if port not in self.currently_used_ports and _is_free(ip, port):
            self.currently_used_ports.add(port)
            return port


def _is_free(ip: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind((ip, port))
        except OSError:
            return False
        return True

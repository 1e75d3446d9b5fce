"""A real JupyterLab or Notebook 7 on this machine, with every directory its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

from ..kernels import TRANSPORT

Application = Literal["lab", "notebook"]

TOKEN = "browser-tests"
MODULES = {"lab": "jupyterlab", "notebook": "notebook"}
EXPOSE = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}
OWN_DIRECTORIES = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
    "MPLCONFIGDIR",
    "HOME",
)
SETTINGS = {  # no news toast over the page, nothing saved behind the test, every cell in the document
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


def environment(home: Path, runtime: str) -> dict[str, str]:
    """The server's environment: its own directories, and no token of whoever runs the tests."""
    own = {name: str(home / name.lower()) for name in OWN_DIRECTORIES}
    for directory in own.values():
        Path(directory).mkdir(parents=True)
    for plugin, settings in SETTINGS.items():
        file = Path(own["JUPYTERLAB_SETTINGS_DIR"]) / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PROLIFIC", "JUPYTER"))}
    return {**others, **own, "JUPYTER_RUNTIME_DIR": runtime, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/api/status?token={TOKEN}", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"Jupyter did not start; its log ends:\n{log.read_text()[-3000:]}")


@contextmanager
def serving(home: Path, application: Application = "lab") -> Iterator[tuple[str, Path]]:
    """Serve an empty folder; yields the URL and the folder, and ends the whole process group."""
    root, log, port = home / "root", home / "server.log", free_port()
    root.mkdir(parents=True)
    url = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-m", MODULES[application], "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"),
        *(f"--{EXPOSE[application]}.expose_app_in_browser=True", f"--KernelManager.transport={TRANSPORT}"),
    ]
    # The path of a socket has at most 107 bytes: too few for most folders of a test.
    with log.open("wb") as sink, tempfile.TemporaryDirectory(prefix="rt") as runtime:
        process = subprocess.Popen(
            command, env=environment(home, runtime), cwd=root, stdout=sink, stderr=sink, start_new_session=True
        )
        try:
            wait_until_up(process, url, log)
            yield url, root
        finally:
            end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask the server and its kernels to end; insist after five seconds."""
    for insistence in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, insistence)
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return

"""A real JupyterLab or Notebook 7 on this machine, with every directory its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

from ..kernels import SETUP

Application = Literal["lab", "notebook"]

TOKEN = "browser-tests"
MODULES = {"lab": "jupyterlab", "notebook": "notebook"}
EXPOSE = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}
OWN_DIRECTORIES = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
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


def environment(home: Path) -> dict[str, str]:
    """The server's environment: its own directories, and no token of whoever runs the tests."""
    own = {name: str(home / name.lower()) for name in OWN_DIRECTORIES}
    for directory in own.values():
        Path(directory).mkdir(parents=True)
    for plugin, settings in SETTINGS.items():
        file = Path(own["JUPYTERLAB_SETTINGS_DIR"]) / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    configuration = Path(own["JUPYTER_CONFIG_DIR"], "jupyter_server_config.py")
    configuration.write_text(SETUP.format(root=str(Path(__file__).parents[2])))
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PROLIFIC", "JUPYTER"))}
    return {**others, **own, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def url_once_up(process: subprocess.Popen[bytes], home: Path, seconds: float = 60.0) -> str:
    """Where the server listens, at a port of its own choice, once it answers."""
    end, file = time.monotonic() + seconds, home / "jupyter_runtime_dir" / f"jpserver-{process.pid}.json"
    while time.monotonic() < end and process.poll() is None:
        try:
            port = json.loads(file.read_text())["port"]
            with urlopen(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", timeout=2):
                return f"http://127.0.0.1:{port}"
        except (URLError, OSError, ValueError):  # ValueError: the file is not complete yet
            time.sleep(0.1)
    raise RuntimeError(f"Jupyter did not start; its log ends:\n{(home / 'server.log').read_text()[-3000:]}")


@contextmanager
def serving(home: Path, application: Application = "lab") -> Iterator[tuple[str, Path]]:
    """Serve an empty folder; yields the URL and the folder, and ends the whole process group."""
    root = home / "root"
    root.mkdir(parents=True)
    command = [
        *(sys.executable, "-m", MODULES[application], "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"),
        f"--{EXPOSE[application]}.expose_app_in_browser=True",
    ]
    with (home / "server.log").open("wb") as sink:
        process = subprocess.Popen(
            command, env=environment(home), cwd=root, stdout=sink, stderr=sink, start_new_session=True
        )
        try:
            yield url_once_up(process, home), root
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

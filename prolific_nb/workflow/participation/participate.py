"""Links with which colleagues take a study of a sandbox, as they are reached from where the notebook runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from numbers import Integral
from urllib.parse import urlsplit

from ...api import Client
from ...common.display import card, lines, notify
from ...common.plurals import a_type
from ...common.study_links import link_path
from ...errors import ArgumentError, ArgumentTypeError, LiveError
from ...study.monitor.status import DRAFT

_MOST = 1000  # links


@dataclass(frozen=True)
class Participation:
    """Links to a study, one for each person.

    Parameters
    ----------
    study_id : str
    links : tuple of str
        One-time links: each is for the first browser that starts with it.
    open_link : str
        A link for everybody who has it; each browser is one person.
    reach : str
        How the links are reached from another machine.
    note : str
        What stands in the way of taking part now; "" if nothing does.
    """

    study_id: str
    links: tuple[str, ...]
    open_link: str
    reach: str
    note: str = ""

    def __repr__(self) -> str:
        return lines(f"Links to study {self.study_id}", self._rows())

    def _rows(self) -> dict[str, str]:
        numbered = {f"person {number}": link for number, link in enumerate(self.links, 1)}
        notes = {"now": self.note} if self.note else {}
        return {**numbered, "anybody": self.open_link, "from elsewhere": self.reach, **notes}

    def _repr_html_(self) -> str:
        listed = "".join(
            f'<li><a href="{escape(link)}" target="_blank" rel="noopener">{escape(link)}</a></li>'
            for link in self.links
        )
        rows = {name: words for name, words in self._rows().items() if not name.startswith("person")}
        return card("SANDBOX", f"Links to study {self.study_id}", rows, f"<ol>{listed}</ol>")


def participate(client: Client, study_id: str, people: int = 1, *, direct: bool = False) -> Participation:
    """Links with which `people` colleagues take a study of a sandbox; see `Run.participate`.

    With `direct`, they lead to the sandbox even if Jupyter's server could forward them.
    """
    _check(client, people)
    study = client.studies.get(study_id)
    names = [str(number) for number in range(1, people + 1)]
    paths = [link_path(client.sign, study_id, name) for name in ["", *names]]
    links = [f"{client.url}{path}" if direct else _reachable(client.url, path) for path in paths]
    places, taken = int(study.get("total_available_places") or 0), int(study.get("places_taken") or 0)
    made = Participation(study_id, tuple(links[1:]), links[0], _reach(client.url), _note(study.status, places - taken))
    notify(f"{made!r}")
    return made


def _check(client: Client, people: int) -> None:
    if client.mode == "LIVE":
        raise LiveError(
            "Colleagues take a study of a sandbox only: this one is LIVE, and its places are for Prolific's "
            "participants. Launch the same design with client = pnb.connect(people=pnb.People.nobody()) first."
        )
    if not isinstance(people, Integral) or isinstance(people, bool):
        raise ArgumentTypeError(f"people is {people!r:.80}, {a_type(people)}. Pass a whole number.")
    if not 1 <= people <= _MOST:
        raise ArgumentError(f"people is {people}. Pass a number from 1 to {_MOST}.")


def _note(status: str, free: int) -> str:
    if status == DRAFT:
        return "The study is a draft. Call run.publish() first; the links stay the same."
    if free <= 0:
        return (
            "All places are taken. To keep places for colleagues, launch the study in a sandbox without simulated "
            "participants: pnb.connect(people=pnb.People.nobody())."
        )
    return ""


def _reachable(url: str, path: str) -> str:
    """The link as a person at the notebook opens it: through Jupyter's own server, if it forwards to this machine."""
    prefix = _proxy_prefix()
    return f"{url}{path}" if prefix is None else f"{prefix}proxy/{urlsplit(url).port}{path}"


def _proxy_prefix() -> str | None:
    """The path of the user's Jupyter server, if it has jupyter-server-proxy; else None."""
    if find_spec("jupyter_server_proxy") is None:
        return None
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/")
    return prefix if prefix.endswith("/") else f"{prefix}/"


def _reach(url: str) -> str:
    if _proxy_prefix() is not None:
        return "These paths are on the server of Jupyter, which forwards them; put its scheme and host before them."
    port = urlsplit(url).port
    return (
        f"Only this machine is served. Elsewhere, run ssh -L {port}:127.0.0.1:{port} with this machine's name, and "
        "open the same link there; or install jupyter-server-proxy and restart Jupyter; or serve the study with "
        "prolific-nb participate, which can serve other machines too."
    )

"""The connection panel: sandbox or live, account, workspace, project and balance."""

from __future__ import annotations

import time
from typing import Any

from ...api import Client
from ...common.display import suppress_notices
from ...jobs import Job
from ...workflow import connect
from ..kit import widgets as w
from ..kit.html_table import facts_html
from ..kit.observable import as_observable
from ..kit.panel import SEEN_FIRST, Panel
from .account_info import Account, Choices, read_account

_SWITCH = """<div class="pnb-muted">Off: simulated participants and no real money, on this computer. On: studies reach
real participants and cost real money. Turning it on spends nothing; before each payment you type the amount.<br>
Going live needs a token. No panel asks for one: run <code>pnb.login()</code> in a cell, which does not show what you
type, or set <code>PROLIFIC_TOKEN</code> before Jupyter starts. Then turn the switch on.</div>"""
_IS_LIVE = """<div><b>Real participants, real money.</b> Publishing a study is paid from this workspace; you
type the amount first. Turn the switch off to return to simulated participants.</div>"""
_GOING_LIVE, _TO_SANDBOX = "Going live", "Starting the sandbox"


class Connection(Panel):
    """Connect, and see the account, workspace, project and balance.

    Without a client it starts a sandbox on a separate thread. It has no field for a token.

    Parameters
    ----------
    client : Client or Observable, optional
        What to start with.
    """

    name, title = "pnb-connection", "Connection"

    def __init__(self, client: Any = None) -> None:
        self._account: Account | None = None
        self._requested: Client | None = None
        self._sandbox: Client | None = None
        self._connecting = False
        shared = as_observable(client)
        super().__init__(shared, shared)
        if shared.value is None:
            self._connect(_TO_SANDBOX, live=False, after=SEEN_FIRST)

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """The account, the workspace and project lists, and the switch."""
        self._facts, self._explained = w.HTML(), w.HTML()
        self._workspace = self._picker("Workspace", lambda ident: {"workspace": ident})
        self._project = self._picker("Project", lambda ident: {"project": ident})
        self._again = w.Button(description="Refresh", tooltip="Reload account and balance")
        self._again.on_click(self.guard(lambda _: self.reload()))
        row = {"flex_flow": "row wrap", "align_items": "center"}
        pickers = w.HBox([self._workspace, self._project, self._again], layout=row)
        self._live = w.Checkbox(description="Go live: real participants and real money", indent=False)
        self._live.layout.width = "auto"
        self._live.observe(self.guard(self._switch), names="value")
        return [self._facts, pickers, self._live, self._explained]

    def _picker(self, name: str, place: Any) -> w.Dropdown:
        look: dict[str, Any] = {"width": "auto", "max_width": "26em", "min_width": "0"}
        picker = w.Dropdown(description=name, layout=look, style={"description_width": "initial"})

        def pick(change: Any) -> None:
            account, chosen = self._account, change["new"]
            known = (account.workspace, account.project) if account is not None else ()
            if chosen is not None and account is not None and chosen not in known:
                self.held.set(account.client.using(**place(chosen)))

        picker.observe(self.guard(pick), names="value")
        return picker

    # --- connecting --------------------------------------------------------------------------------------------

    def _switch(self, change: Any) -> None:
        if change["new"] == (self.mode == "LIVE") or self._connecting:
            return
        if change["new"]:
            self._connect(_GOING_LIVE, live=True)
        elif self._sandbox is not None:
            self.held.set(self._sandbox)
        else:
            self._to_sandbox()

    def _to_sandbox(self) -> None:
        self._connect(_TO_SANDBOX, live=False)

    def _connect(self, name: str, *, live: bool, after: float = 0) -> None:
        self._connecting = True
        self._show()

        def work(_: Any) -> Account:
            time.sleep(after)
            # Connecting includes a request: a token that the server refuses must not look like a connection.
            with suppress_notices():  # the panel shows the mode; a print would appear under whichever cell runs
                return read_account(connect.connect(live=live))

        self.start(work, name, self._connected)

    def _connected(self, account: Account) -> None:
        self._requested, self._account = account.client, account
        self.held.set(account.client)

    def progressed(self, job: Job[Any]) -> None:
        """When connecting ends, set the switch to the actual mode."""
        if job.state != "running" and job.name in (_GOING_LIVE, _TO_SANDBOX):
            self._connecting = False
            if job.state != "done":
                self._show()

    def reload(self) -> None:
        """Read account and balance again; without a client, start the sandbox."""
        if self.value is None:
            self._to_sandbox()
        else:
            self._load(self.value)

    def _load(self, client: Client) -> None:
        self._requested = client
        self.start(lambda _: read_account(client), "Loading the account", self._loaded)

    def _loaded(self, account: Account) -> None:
        if account.client is self.value:  # otherwise another client has been chosen since
            self._account = account
            self._renew()

    # --- display -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the client; account and balance are read from the server on a separate thread."""
        client: Client | None = self.value
        if client is not None and client.mode == "SANDBOX":
            self._sandbox = client
        if client is not None and client is not self._requested:
            self._load(client)
        self._show()

    def _show(self) -> None:
        self._facts.value = self._facts_html()
        account = self._current
        _set_choices(self._workspace, account.workspaces if account else (), account.workspace if account else None)
        _set_choices(self._project, account.projects if account else (), account.project if account else None)
        self._again.description = "Refresh" if self.value is not None or self._connecting else "Try again"
        self._again.disabled = self._live.disabled = self._connecting
        if not self._connecting:
            self._live.value = self.mode == "LIVE"
        self._explained.value = _IS_LIVE if self.mode == "LIVE" else _SWITCH

    @property
    def _current(self) -> Account | None:
        account = self._account
        return account if account is not None and account.client is self.value else None

    def _facts_html(self) -> str:
        client: Client | None = self.value
        if client is None:
            return f'<div role="status">{"connecting…" if self._connecting else "Not connected."}</div>'
        account = self._current
        rows = {"Host": client.url, "Account": account.who if account else "loading…"}
        rows["Balance"] = _balance(account)
        doing = '<div role="status">connecting…</div>' if self._connecting else ""
        return f"{facts_html(rows, 'Account')}{doing}"

    # --- code and summary ----------------------------------------------------------------------------------------

    def code(self) -> str:
        """The call that connects; it is that of a sandbox even if this panel is live."""
        client: Client | None = self.value
        call = client.code if client is not None else "pnb.connect()"
        note = "# Sandbox: generated code never goes live.\n" if self.mode == "LIVE" else ""
        return f"import prolific_nb as pnb\n\n{note}client = {call}\n"

    def facts(self) -> dict[str, str]:
        """The balance."""
        return {"Balance": _balance(self._current)} if self.value is not None else {}

    def summary(self) -> dict[str, object]:
        """Host, workspace and project; not the person, since notebooks are shared."""
        client: Client | None = self.value
        if client is None:
            return {"Connection": "not connected"}
        account = self._current
        if account is None:
            return {"Host": client.url}
        titles = {ident: title for title, ident in (*account.workspaces, *account.projects)}
        used = {"Workspace": account.workspace, "Project": account.project}
        return {"Host": client.url, **{name: titles.get(ident, ident) for name, ident in used.items() if ident}}


def _balance(account: Account | None) -> str:
    if account is None:
        return "loading…"
    if account.workspace is None:
        return "choose a workspace first" if account.workspaces else "no workspace; create one on Prolific's website"
    return f"{account.balance:,}" if account.balance is not None else "hidden from this account"


def _set_choices(picker: w.Dropdown, choices: Choices, chosen: str | None) -> None:
    """Set the options of a list; an id that the server does not list is added as it is."""
    known = [ident for _, ident in choices]
    extra = [(chosen, chosen)] if chosen is not None and chosen not in known else []
    options = [*choices, *extra] if chosen is not None else [("choose …", None), *choices]
    if list(picker.options) != options:
        picker.options = options
    picker.value = chosen
    picker.disabled = not choices and not extra

"""The connection panel: sandbox or live, who, which workspace and project, how much money."""

from __future__ import annotations

import time
from html import escape
from typing import Any

from ...api import Client
from ...common.display import suppress_notices
from ...jobs import Job
from ...workflow import connect
from ..kit import widgets as w
from ..kit.observable import as_observable
from ..kit.panel import SEEN_FIRST, Panel
from .account_info import Account, Choices, read_account

_SWITCH = """<div class="pnb-muted">Off: simulated people and play money, on this computer. On: studies reach real
participants and cost real money. The switch itself spends nothing; before anything is spent you type the amount.<br>
Going live needs a token, and no panel asks for it: run <code>pnb.login()</code> in a cell, which does not show what you
type, or set <code>PROLIFIC_TOKEN</code> before Jupyter starts. Then turn the switch on.</div>"""
_IS_LIVE = """<div><b>Real participants, real money.</b> Whatever you publish is paid from this workspace; before
anything is spent you type the amount. Turn the switch off to go back to simulated people.</div>"""
_GOING_LIVE, _TO_SANDBOX = "Going live", "Starting the sandbox"


class Connection(Panel):
    """Connect, and see to whom and with which money.

    Without a client it starts a sandbox by itself, on a thread of its own. It has no field for a token.

    Parameters
    ----------
    client : Client or Held, optional
        What to begin with.
    """

    name, title = "pnb-connection", "Connection"

    def __init__(self, client: Any = None) -> None:
        self._account: Account | None = None
        self._asked: Client | None = None
        self._sandbox: Client | None = None
        self._connecting = False
        shared = as_observable(client)
        super().__init__(shared, shared)
        if shared.value is None:
            self._connect(_TO_SANDBOX, live=False, after=SEEN_FIRST)

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """What is known of the account, the pickers, and the switch."""
        self._facts, self._explained = w.HTML(), w.HTML()
        self._workspace = self._picker("Workspace", lambda ident: {"workspace": ident})
        self._project = self._picker("Project", lambda ident: {"project": ident})
        self._again = w.Button(description="Refresh", tooltip="Ask again for account and balance")
        self._again.on_click(self.guard(lambda _: self._ask_again()))
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
            # Asking is part of it: a token that the server refuses must not look like a connection.
            with suppress_notices():  # the panel says it, and a print would land under whatever cell runs
                return read_account(connect.connect(live=live))

        self.start(work, name, self._connected)

    def _connected(self, account: Account) -> None:
        self._asked, self._account = account.client, account
        self.held.set(account.client)

    def progressed(self, job: Job[Any]) -> None:
        """The end of connecting, however it went: the switch says what is the case."""
        if job.state != "running" and job.name in (_GOING_LIVE, _TO_SANDBOX):
            self._connecting = False
            if job.state != "done":
                self._show()

    def _ask_again(self) -> None:
        if self.value is None:
            self._to_sandbox()
        else:
            self._ask(self.value)

    def _ask(self, client: Client) -> None:
        self._asked = client
        self.start(lambda _: read_account(client), "Asking for the account", self._told)

    def _told(self, account: Account) -> None:
        if account.client is self.value:  # else another one was chosen meanwhile
            self._account = account
            self._renew()

    # --- what is shown -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the held client; what only the server knows is asked for on a thread of its own."""
        client: Client | None = self.value
        if client is not None and client.mode == "SANDBOX":
            self._sandbox = client
        if client is not None and client is not self._asked:
            self._ask(client)
        self._show()

    def _show(self) -> None:
        self._facts.value = self._facts_html()
        account = self._current
        _offer(self._workspace, account.workspaces if account else (), account.workspace if account else None)
        _offer(self._project, account.projects if account else (), account.project if account else None)
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
        rows = {"Host": client.url, "Account": account.who if account else "asking…"}
        rows["Balance"] = _balance(account)
        cells = "".join(f"<tr><th scope=row>{name}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
        doing = '<div role="status">connecting…</div>' if self._connecting else ""
        return f'<table class="pnb-facts">{cells}</table>{doing}'

    # --- what every panel has ----------------------------------------------------------------------------------

    def code(self) -> str:
        """The call that connects; where this panel is live, the code is still that of a sandbox."""
        client: Client | None = self.value
        call = client.code if client is not None else "pnb.connect()"
        note = "# The sandbox: going live is never written into code.\n" if self.mode == "LIVE" else ""
        return f"import prolific_nb as pnb\n\n{note}client = {call}\n"

    def summary(self) -> dict[str, object]:
        """Host, workspace and project. Who it was stays out: notebooks are given away."""
        client: Client | None = self.value
        if client is None:
            return {"Connection": "none yet"}
        account = self._current
        if account is None:
            return {"Host": client.url}
        titles = {ident: title for title, ident in (*account.workspaces, *account.projects)}
        used = {"Workspace": account.workspace, "Project": account.project}
        return {"Host": client.url, **{name: titles.get(ident, ident) for name, ident in used.items() if ident}}


def _balance(account: Account | None) -> str:
    if account is None:
        return "asking…"
    if account.workspace is None:
        return "choose a workspace first" if account.workspaces else "no workspace: make one on Prolific's page"
    return str(account.balance) if account.balance is not None else "not shown to this account"


def _offer(picker: w.Dropdown, choices: Choices, chosen: str | None) -> None:
    """Options of a picker; an id that the server does not list is offered as it is."""
    known = [ident for _, ident in choices]
    extra = [(chosen, chosen)] if chosen is not None and chosen not in known else []
    options = [*choices, *extra] if chosen is not None else [("choose …", None), *choices]
    if list(picker.options) != options:
        picker.options = options
    picker.value = chosen
    picker.disabled = not choices and not extra

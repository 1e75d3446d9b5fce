"""The connection panel: sandbox by default, live only by the switch, no field for a token."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import ipywidgets as w
import pytest

from prolific_nb.api import Client, Token, Transport
from prolific_nb.errors import Forbidden, LiveError, NotFound, Unauthorised
from prolific_nb.panels.account.connection_panel import Connection
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.workflow import connect

from ..find import everything, find, find_all, models, parsed, sent, shown, until

SECRET = "planted-secret-token"
SWITCH = "Go live: real participants and real money"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROLIFIC_TOKEN", "PROLIFIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(connect, "_typed", None)


@pytest.fixture(scope="module")
def sandbox() -> Client:
    return connect.embedded()


class Account(Transport):
    """Answers for an account with two workspaces; the second one has two projects."""

    def __init__(self, refused: type[Unauthorised] | None = None, hidden: bool = False) -> None:
        super().__init__("https://prolific.invalid", Token(SECRET))
        self.refused, self.hidden = refused, hidden

    def get(self, path: str, params: Any = None) -> Any:
        if self.refused:
            raise self.refused(401, f"GET {path}", "Invalid token.")
        if path == "/api/v1/users/me/":
            return {"id": "me", "name": "<b>Ada</b> <script>alert(1)</script>", "email": "ada@example.org"}
        if path == "/api/v1/workspaces/":
            return {"results": [{"id": "w1", "title": "Lab"}, {"id": "w2", "title": "<img src=x onerror=alert(1)>"}]}
        if path.endswith("/projects/"):
            ids = {"w1": ["p1"], "w2": ["p2", "p3"]}[path.split("/")[-3]]
            return {"results": [{"id": ident, "title": f"Project {ident}"} for ident in ids]}
        if path.endswith("/balance/") and not self.hidden:
            return {"available_balance": {"w1": 12_345, "w2": 1}[path.split("/")[-3]], "currency_code": "USD"}
        raise (Forbidden if self.hidden else NotFound)(403, f"GET {path}", "no")


def live(**options: Any) -> Client:
    return Client(Account(**options), mode="LIVE")


@contextmanager
def shown_panel(client: Any) -> Iterator[Connection]:
    panel = Connection(client)
    yield panel
    panel.close()


def ready(panel: Connection, words: str = "Balance") -> None:
    until(lambda: "loading…" not in shown(panel) and "connecting…" not in shown(panel) and words in shown(panel))


def test_the_panel_is_shown_at_once_and_connects_to_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    began, go = Event(), Event()
    real = connect.connect

    def slow(**options: Any) -> Client:
        began.set()
        assert go.wait(60)
        return real(**options)

    monkeypatch.setattr(connect, "connect", slow)
    panel = Connection()  # would never come back if it waited for the connection
    assert began.wait(60)
    assert "connecting…" in shown(panel)
    assert panel.value is None
    go.set()
    ready(panel)
    assert (panel.mode, panel.value.mode, panel.errors) == ("SANDBOX", "SANDBOX", [])
    for words in ("SANDBOX", panel.value.url, "Sandbox Researcher", "researcher@sandbox.invalid", "GBP"):
        assert words in shown(panel)
    assert find(panel, w.Dropdown, "Workspace").value == panel.value.workspace_id
    assert find(panel, w.Dropdown, "Project").label == "Sandbox project"
    assert "pnb-connection" in panel.box._dom_classes
    assert capsys.readouterr().out == ""  # a print from a thread lands under whatever cell runs


def test_the_balance_is_in_major_units_and_reloaded_by_the_button() -> None:
    transport = Account()
    with shown_panel(Client(transport, mode="LIVE", workspace="w1")) as panel:
        ready(panel)
        assert "123.45 USD" in shown(panel)
        transport.hidden = True
        find(panel, w.Button, "Refresh").click()
        until(lambda: "hidden from this account" in shown(panel))
        assert panel.errors == []


def test_choosing_a_workspace_and_a_project_creates_a_client_for_them() -> None:
    with shown_panel(live()) as panel:
        ready(panel)
        workspace, project = (find(panel, w.Dropdown, name) for name in ("Workspace", "Project"))
        assert (workspace.value, project.value) == (None, None)
        assert "choose a workspace first" in shown(panel)
        before = panel.value
        workspace.value = "w2"
        until(lambda: project.value == "p2")
        assert panel.value is not before
        assert (panel.value.mode, panel.value.workspace_id, panel.value.project_id) == ("LIVE", "w2", "p2")
        project.value = "p3"
        until(lambda: panel.value.project_id == "p3" and "loading…" not in shown(panel))
        assert panel.value.workspace_id == "w2"
        assert project.value == "p3"
        workspace.value = "w1"
        until(lambda: project.value == "p1")
        assert panel.value.project_id == "p1"
        assert panel.errors == []


def test_a_project_that_the_server_does_not_list_is_kept() -> None:
    with shown_panel(Client(Account(), mode="LIVE", workspace="w1", project="elsewhere")) as panel:
        ready(panel)
        assert find(panel, w.Dropdown, "Project").value == "elsewhere"
        assert panel.errors == []


def test_the_switch_explains_itself_and_turns_off_without_a_token(sandbox: Client) -> None:
    with shown_panel(sandbox) as panel:
        ready(panel)
        for words in ("real participants", "real money", "you type the", "pnb.login()", "PROLIFIC_TOKEN"):
            assert words in " ".join(parsed(shown(panel))[2].split())
        switch = find(panel, w.Checkbox, SWITCH)
        switch.value = True
        until(lambda: panel.errors)
        until(lambda: not switch.disabled)
        assert "live=True needs a token" in panel.errors[0]
        assert "needs a token" in shown(panel)
        assert (switch.value, panel.mode, panel.value) == (False, "SANDBOX", sandbox)


def test_a_refused_token_does_not_look_like_a_connection(sandbox: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "connect", lambda **_: live(refused=Unauthorised))
    with shown_panel(sandbox) as panel:
        switch = find(panel, w.Checkbox, SWITCH)
        switch.value = True
        until(lambda: panel.errors)
        until(lambda: not switch.disabled)
        assert "Check the token" in panel.errors[0]
        assert (switch.value, panel.value) == (False, sandbox)


def test_live_and_back_to_the_same_sandbox(sandbox: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(connect, "connect", lambda **options: asked.append(options) or live())
    shared = Observable(sandbox)
    with shown_panel(shared) as panel:
        switch = find(panel, w.Checkbox, SWITCH)
        switch.value = True
        until(lambda: panel.mode == "LIVE")
        ready(panel, "choose a workspace first")
        assert asked == [{"live": True}]
        assert "pnb-live" in shown(panel)
        assert "Real participants, real money." in shown(panel)
        assert shared.value.mode == "LIVE"
        assert "live=True" not in panel.show_code()
        switch.value = False
        until(lambda: panel.mode == "SANDBOX")
        assert shared.value is sandbox
        assert panel.errors == []


def test_a_live_panel_can_switch_to_a_sandbox(sandbox: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "connect", lambda *, live: sandbox)
    with shown_panel(live()) as panel:
        assert find(panel, w.Checkbox, SWITCH).value is True
        find(panel, w.Checkbox, SWITCH).value = False
        until(lambda: panel.value is sandbox)


def test_a_failed_connection_can_be_retried(sandbox: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([LiveError("No token for it. Set one."), sandbox])

    def answering(**_: Any) -> Client:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(connect, "connect", answering)
    with shown_panel(None) as panel:
        until(lambda: panel.errors and "Not connected." in shown(panel))
        assert "Set one." in shown(panel)
        until(lambda: find_all(panel, w.Button, "Try again") and not find(panel, w.Button, "Try again").disabled)
        find(panel, w.Button, "Try again").click()
        until(lambda: panel.value is sandbox)
        ready(panel)
        assert "Set one." not in shown(panel)


def test_two_panels_of_one_client_stay_in_sync() -> None:
    shared = Observable(live())
    with shown_panel(shared) as one, shown_panel(shared) as two:
        ready(one)
        ready(two)
        find(one, w.Dropdown, "Workspace").value = "w1"
        until(lambda: find(two, w.Dropdown, "Workspace").value == "w1")
        until(lambda: "123.45" in shown(one) and "123.45" in shown(two))
        assert one.value is two.value
        assert one.errors + two.errors == []


def test_callbacks_may_come_from_any_thread() -> None:
    with shown_panel(live()) as panel:
        ready(panel)
        picker = find(panel, w.Dropdown, "Workspace")
        threads = [Thread(target=setattr, args=(picker, "value", ident)) for ident in ("w1", "w2")]
        for thread in threads:
            thread.start()
            thread.join()
        until(lambda: find(panel, w.Dropdown, "Project").value == "p2")
        assert (panel.value.workspace_id, panel.errors) == ("w2", [])


def test_text_from_the_server_is_escaped() -> None:
    with shown_panel(live()) as panel:
        ready(panel)
        tags, attributes, text = parsed(shown(panel) + panel.static_card())
        assert not tags & {"script", "img"}
        assert not {name for name in attributes if name.startswith("on")}
        assert "<script>alert(1)</script>" in text


def test_no_widget_card_or_repr_holds_a_token(sandbox: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", SECRET)
    monkeypatch.setenv("PROLIFIC_URL", "http://prolific.invalid")
    with shown_panel(sandbox) as panel:
        ready(panel)
        find(panel, w.Checkbox, SWITCH).value = True
        until(lambda: panel.errors)
        panel.held.set(live())
        until(lambda: "ada@example.org" in shown(panel))
        panel.show_code()
        every = sent(panel) + panel.static_card() + repr(panel) + repr(vars(panel)) + "".join(panel.errors)
        assert SECRET not in every
        assert not find_all(panel, w.Password) + find_all(panel, w.Text) + find_all(panel, w.Textarea)


def test_the_card_names_the_project_but_no_person() -> None:
    with shown_panel(Client(Account(), mode="LIVE", workspace="w1")) as panel:
        ready(panel)
        card = panel.static_card()
        assert "Lab" in card
        assert "Project p1" in card
        assert "ada@example.org" not in card
        assert "Ada" not in card


def test_the_code_connects_as_the_client_was_connected() -> None:
    with shown_panel(connect.embedded(seed=7)) as panel:
        assert panel.code() == "import prolific_nb as pnb\n\nclient = pnb.connect(seed=7)\n"


def test_closing_leaves_no_widget_and_no_listener(sandbox: Client) -> None:
    before, shared = models(), Observable(sandbox)
    panel = Connection(shared)
    ready(panel)
    assert models() > before + 10
    every = list(everything(panel.box))
    panel.close()
    assert models() == before
    assert all(each.comm is None for each in every)
    assert shared.listeners == 0


def test_a_client_made_with_using_keeps_the_embedded_sandbox_alive() -> None:
    client = connect.embedded()
    workspace = client.workspace_id
    other = client.using(project="p1").using(project="p2")
    assert (other.project_id, other.workspace_id, other.code) == ("p2", workspace, "pnb.connect()")
    assert client.project_id not in ("p1", "p2")
    del client
    gc.collect()
    assert other.me().email == "researcher@sandbox.invalid"


def test_using_another_workspace_drops_the_project() -> None:
    client = Client(Account(), mode="LIVE", workspace="w1", project="p9")
    assert client.using(workspace="w2").project_id == "p2"
    assert client.using(workspace="w2", project="p3").project_id == "p3"
    assert client.using(project="p8").workspace_id == "w1"
    assert (client.using(workspace="w2").mode, client.using(workspace="w2").pace) == ("LIVE", client.pace)

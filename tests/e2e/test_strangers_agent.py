"""An agent whose author never heard of Cairn, from the first message to the admin's approval."""

import json
import re
import signal
import sqlite3
from contextlib import closing, suppress
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone

from cairn_client import Event
from tests.e2e import house, story
from tests.e2e.clients import cairn
from tests.e2e.conftest import Starter
from tests.e2e.servers import PATIENCE, Server

pytestmark = pytest.mark.e2e

AGENT = "bank=tests.examples.bank_in_cairn:agent"
UNLUCKY = "bank=tests.e2e.unlucky_bank:agent"
REGISTERED = Path(__file__).resolve().parents[1] / "examples" / "bank_in_cairn.py"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
DECIDE = re.compile(r'<a href="(/admin/runs/gate/decide/[^"]+)">Decide</a>')
PASSWORD = "let me in"
LEASE = 3  # seconds; importing a library of models holds the interpreter for some of them


class Officer(httpx.Client):
    """Somebody in the admin, with what a browser has: cookies, and the fields of forms."""

    def __init__(self, server: Server) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{server.port}",
            follow_redirects=True,
            timeout=PATIENCE,
            trust_env=False,
        )

    def __enter__(self) -> "Officer":
        super().__enter__()
        self.submit("/admin/login/?next=/admin/", username="officer", password=PASSWORD)
        return self

    def page(self, url: str, **query: Any) -> str:
        answer = self.get(url, params=query or None)
        assert answer.status_code == 200, answer.text
        return answer.text

    def submit(self, url: str, **fields: str) -> str:
        """Fill in the form of a page and send it; return the page that comes then."""
        given = {name: unescape(value) for name, value in HIDDEN.findall(self.page(url))}
        answer = self.post(url, data={**given, **fields}, headers={"Referer": str(self.base_url)})
        assert answer.status_code == 200, answer.text
        return answer.text

    def waiting(self) -> str:
        """Return the address where the only gate that waits is decided."""
        [link] = DECIDE.findall(self.page("/admin/runs/gate/"))
        return unescape(link)


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which the agent's tool leaves what it did."""
    monkeypatch.setenv("BANK_LEDGER", str(tmp_path / "ledger.jsonl"))
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def house_with_officer(var: Path, ledger: Path) -> None:
    """Let somebody into the admin who owns nothing."""
    now = timezone.now().isoformat(" ")
    officer = {
        "username": "officer",
        "password": PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1),
        "is_superuser": 1,
        "is_staff": 1,
        "is_active": 1,
        "first_name": "",
        "last_name": "",
        "email": "",
        "date_joined": now,
    }
    with closing(sqlite3.connect(house.database(var))) as database, database:
        columns, marks = ", ".join(officer), ", ".join("?" * len(officer))
        database.execute(
            f"INSERT INTO auth_user ({columns}) VALUES ({marks})",  # noqa: S608 - names of ours
            list(officer.values()),
        )


@pytest.fixture
def server(start: Starter, house_with_officer: None) -> Server:
    return start(agents=AGENT, engine="offline", lease=LEASE)


async def report_a_loss(server: Server) -> str:
    """Ask the agent as ada; return the run, which waits for an approval."""
    async with cairn(server.port) as ada:
        session = await ada.start_session(engine="bank")
        run = (await ada.post_message(session["id"], "I lost it!"))["run_id"]
        async for told in ada.follow_run(run):
            if isinstance(told, Event) and told.type == "gate_opened":
                break
    return run


async def ended(server: Server, run: str) -> str:
    """Wait for the end of a reply; return its state."""
    async with cairn(server.port) as ada:
        async for _ in ada.follow_run(run):
            pass
        return (await ada.run(run))["state"]


def done(ledger: Path) -> list[Any]:
    """Return what the tool really did, in order."""
    return [json.loads(one) for one in ledger.read_text().splitlines()] if ledger.exists() else []


def text_of_last_reply(var: Path) -> str:
    pieces = story.query(
        var,
        "SELECT c.text FROM streams_messagechunk c JOIN chat_message m ON m.id = c.message_id"
        " WHERE m.step = 'reply-2' AND m.status = 'complete' ORDER BY c.sequence",
    )
    return "".join(text for (text,) in pieces)


@pytest.mark.parametrize("is_killed", [False, True])
async def test_a_strangers_agent_stops_for_approval_in_the_admin_and_acts_once(
    is_killed: bool, server: Server, var: Path, ledger: Path
):
    """Rows 2-63, 4-46, 4-49; reliability 2: killed between question and answer or not."""
    run = await report_a_loss(server)
    if is_killed:
        server.kill()
        server.start()
    with Officer(server) as officer:
        url = officer.waiting()
        shown = unescape(officer.page(url))
        assert done(ledger) == []
        decided = officer.submit(url, decision="approve", comment="It is hers.")
        state = await ended(server, run)
        page = officer.page(f"/admin/runs/run/{run}/change/")

    assert '"tool": "block_card"' in shown
    assert '"card": "visa"' in shown
    assert "Block a card of the customer for good." in shown
    assert "Decided: approve." in unescape(decided)
    assert state == "completed"
    assert done(ledger) == [["ada", "visa", "lost"]]
    assert text_of_last_reply(var) == "Your visa card is blocked. Anything else? "
    assert "tool_call_result" in page
    gates = story.query(var, "SELECT decision, via, comment FROM runs_gate")
    assert gates == [("approve", "admin", "It is hers.")]


@pytest.mark.parametrize("mishap", ["kill", "rate limit"])
@pytest.mark.usefixtures("house_with_officer")
async def test_what_an_approved_tool_did_is_not_done_again_when_the_run_is(
    mishap: str, start: Starter, var: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
):
    """Reliability 2: the process dies, or the model refuses, when the tool has done its work."""
    monkeypatch.setenv("BANK_MISHAP", mishap)
    server = start(agents=UNLUCKY, engine="offline", lease=LEASE)
    run = await report_a_loss(server)
    # The answer to the officer may die with the process; what was decided has not.
    with Officer(server) as officer, suppress(httpx.TransportError):
        officer.submit(officer.waiting(), decision="approve")
    if mishap == "kill":
        assert server.process is not None
        assert server.process.wait(PATIENCE) == -signal.SIGKILL
        server.start()
    state = await ended(server, run)

    assert ledger.with_name("happened").exists()
    assert state == "completed"
    assert done(ledger) == [["ada", "visa", "lost"]]
    assert text_of_last_reply(var) == "Your visa card is blocked. Anything else? "


async def test_a_tool_that_the_admin_denies_does_nothing_and_the_agent_knows_why(
    server: Server, var: Path, ledger: Path
):
    """Row 4-49."""
    run = await report_a_loss(server)
    with Officer(server) as officer:
        officer.submit(officer.waiting(), decision="reject", comment="She found it.")
        state = await ended(server, run)

    assert state == "completed"
    assert done(ledger) == []
    assert "She found it." in text_of_last_reply(var)


def test_the_agent_was_registered_in_fewer_than_ten_lines():
    assert len([one for one in REGISTERED.read_text().splitlines() if one.strip()]) < 10

"""The client against a real Daphne: start, follow, read, and what is refused."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from cairn_client import (
    AsyncCairn,
    Cairn,
    Conflict,
    Event,
    Invalid,
    NotAuthenticated,
    NotFound,
    TooManyRequests,
    Unreachable,
    calling,
)
from tests.client import lines
from tests.e2e import story
from tests.e2e.conftest import Starter
from tests.e2e.servers import Server, free_port

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("impatient")]


async def test_a_plan_is_followed_to_its_end_by_both_clients(ada: Cairn, async_ada: AsyncCairn):
    plan = await async_ada.start_plan("Open a second bakery", max_iterations=2)
    run_id = plan["run_id"]

    async def watch() -> list[object]:
        return [told.raw async for told in async_ada.follow_run(run_id) if isinstance(told, Event)]

    told, watched = await asyncio.gather(
        asyncio.to_thread(lambda: list(lines.approved(ada, ada.follow_run(run_id)))), watch()
    )

    assert lines.raw(told) == watched == lines.log(ada, run_id)
    done = ada.plan(plan["id"])
    assert (done["state"], len(done["iterations"])) == ("completed", 2)
    assert ada.run(run_id)["state"] == "completed"
    assert done["entity"]
    assert ada.entity(done["entity"]["slug"])["body"].strip() == (done["final_plan"] or "").strip()
    assert ada.plans(limit=1)[0]["id"] == plan["id"]
    assert list(ada.follow_run(run_id, after=ada.run(run_id)["position"])) == []


def test_following_again_goes_on_behind_what_was_told(ada: Cairn):
    run_id = ada.start_plan("Open a third bakery")["run_id"]
    follow = ada.follow_run(run_id)
    before = []
    for told in follow:
        before.append(told)
        if len(before) == 3:
            break

    assert follow.position == 3
    after = list(lines.approved(ada, follow))
    assert lines.raw(before + after) == lines.log(ada, run_id)


def test_a_strategy_is_started_followed_and_read(ada: Cairn):
    started = ada.start_strategy("Sell more bread")

    *_, last = ada.follow_run(started["run_id"])

    assert isinstance(last, Event)
    assert last.type == "run_completed"
    assert ada.strategy(started["id"])["state"] == "completed"


def test_a_chat_about_files_of_ones_own(ada: Cairn, tmp_path: Path):
    table = tmp_path / "sales.csv"
    table.write_text("region,amount\nnorth,10\nsouth,20\n")
    session = ada.start_session(files=[table, ("more.csv", b"region,staff\nnorth,2\n")])
    list(ada.follow_run(session["run_id"]))
    posted = ada.post_message(session["id"], "How many?")

    reply = lines.events(ada.follow_run(posted["run_id"]))

    assert ada.session(session["id"])["data_set"]["files"] == ["sales.csv", "more.csv"]
    assert reply[-1].is_final
    said = {one["role"]: one for one in ada.messages(session["id"])}
    assert said["user"]["text"] == "How many?"
    assert said["assistant"]["text"] == _text(reply)
    whole: list[Event] = []
    for told in ada.follow_session(session["id"]):  # knows no end
        whole += lines.events([told])
        if whole[-1].is_final and whole[-1].run_id == posted["run_id"]:
            break
    assert [one.position for one in whole] == list(range(1, len(whole) + 1))
    assert [one for one in whole if one.run_id == posted["run_id"]] == reply


def _text(events: list[Event]) -> str:
    return "".join(one.data["content"] for one in events if one.type == "content_delta")


def test_in_signal_mode_text_is_pulled_by_its_sequence(ada: Cairn):
    session = ada.start_session(demo="penguins")
    list(ada.follow_run(session["run_id"]))
    run_id = ada.post_message(session["id"], "How many?")["run_id"]
    pulled, sequence = "", 0

    for told in ada.follow_run(run_id, mode="signal"):
        if isinstance(told, Event) and told.type == "content_delta":
            assert "content" not in told.data
            message = told.data["message_id"]
            found = ada.content(message, from_sequence=sequence)
            pulled, sequence = pulled + found["content"], found["sequence"]
            assert sequence >= told.data["sequence"]

    whole = ada.content(message)
    assert whole["completed"]
    assert pulled == whole["content"]
    assert _text(lines.events(ada.follow_run(run_id, mode="inline"))) == pulled


def test_a_lost_answer_starts_nothing_twice(server: Server):
    line = lines.losing_once("POST", "/plans/")
    with lines.ada(server.port, line) as cairn:
        plan = cairn.start_plan("Open one bakery, not two")

    asked = "SELECT id FROM planning_plan WHERE goal = 'Open one bakery, not two'"
    assert line.lost == 1
    assert len(story.query(server.var, asked)) == 1
    assert plan["state"] in ("queued", "running", "waiting")


def test_a_key_of_ones_own_gives_the_same_session_and_files_again(ada: Cairn):
    files = [("one.csv", b"a,b\n1,2\n")]
    first, second = (ada.start_session(files=files, idempotency_key="nightly 7") for _ in range(2))

    assert first["id"] == second["id"]


def test_cancelling_is_asked_again_and_resuming_is_not(server: Server):
    with lines.ada(server.port) as cairn:
        run_id = cairn.start_plan("Close a bakery")["run_id"]
        for told in cairn.follow_run(run_id):
            if isinstance(told, Event) and told.type == "gate_opened":
                break
    line = lines.losing_once("POST", "/cancel/")
    with lines.ada(server.port, line) as cairn:
        assert cairn.cancel(run_id)["state"] == "cancelled"
        assert line.lost == 1
        with pytest.raises(Conflict) as caught:
            cairn.resume(run_id)
        assert caught.value.code == "invalid_transition"
    with (
        lines.ada(server.port, lines.losing_once("POST", "/resume/")) as cairn,
        pytest.raises(Unreachable),
    ):
        cairn.resume(run_id)


def test_a_wrong_token_is_said_at_once(server: Server):
    with lines.user(server.port, "wrong") as cairn:
        with pytest.raises(NotAuthenticated):
            cairn.plans()
        with pytest.raises(NotAuthenticated) as caught:
            next(iter(cairn.follow_run(uuid4())))
    assert (caught.value.status, caught.value.code) == (401, "not_authenticated")


def test_what_belongs_to_others_is_not_found(ada: Cairn, eve: Cairn):
    run_id = ada.start_plan("Mine")["run_id"]

    with pytest.raises(NotFound):
        eve.run(run_id)
    with pytest.raises(NotFound):
        next(iter(eve.follow_run(run_id)))


def test_what_is_wrong_is_named(ada: Cairn):
    with pytest.raises(Invalid) as caught:
        ada.start_plan("", max_iterations=99)

    assert set(caught.value.fields) == {"goal", "max_iterations"}
    assert caught.value.code == "invalid"
    assert "goal" in caught.value.message


def test_a_server_that_asks_to_wait_is_waited_for(start: Starter):
    server = start(rate_runs="1/s")
    with lines.ada(server.port) as cairn:
        plans = [cairn.start_plan(f"Bakery {number}")["id"] for number in range(3)]

    assert len(set(plans)) == 3


def test_a_wait_that_is_too_long_is_left_to_the_caller(start: Starter):
    server = start(rate_runs="1/hour")
    with lines.ada(server.port) as cairn:
        cairn.start_plan("One")
        with pytest.raises(TooManyRequests) as caught:
            cairn.start_plan("Two")

    assert caught.value.retry_after is not None
    assert 60 < caught.value.retry_after <= 3601


def test_nobody_there_is_said_after_a_few_attempts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calling, "ATTEMPTS", 3)
    with lines.ada(free_port()) as cairn, pytest.raises(Unreachable) as caught:
        cairn.plans()

    assert caught.value.code == "unsent"


@pytest.mark.parametrize(
    ("url", "token"),
    [("cairn.example", "t"), ("http://cairn.example", ""), ("http://x", "a\nb"), ("http://x", "ä")],
)
def test_an_address_or_a_token_that_cannot_be_is_refused(url: str, token: str):
    with pytest.raises(ValueError, match="must be"):
        Cairn(url, token)

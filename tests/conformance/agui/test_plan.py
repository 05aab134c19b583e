"""Plans for npm `@ag-ui/client` 1.0.0, unmodified: proposal and checkpoints are interrupts."""

import json
import uuid

import httpx

from tests.api.server import Server
from tests.conformance.agui.agents import agent
from tests.conformance.agui.frames import asked, error, post

GOAL = "Open a second bakery"
BRIEF = {"forwardedProps": {"max_iterations": 2, "checkpoint_interval": 1}}
YES = {"approved": True}


def test_a_plan_is_proposed_checked_and_saved(server: Server, ada: httpx.Client):
    with agent(server, door="plan") as one:
        first = one.run(GOAL, **BRIEF)
        proposal = first.interrupt
        checkpoint = one.resume(proposal, YES)
        last = one.resume(checkpoint.interrupt, {"decision": "approve_all"})

    assert proposal["reason"] == "confirmation"
    args = next(one.event for one in first.frames if one.type == "TOOL_CALL_ARGS")
    shown = json.loads(args["delta"])
    assert (shown["goal"], shown["max_iterations"]) == (GOAL, 2)
    assert "STEP_STARTED" in checkpoint.types
    steps = [one.event["stepName"] for one in checkpoint.frames if one.type == "STEP_STARTED"]
    assert steps == ["iteration-1"]
    assert checkpoint.done["state"]["checkpoint"]["checkpoint_number"] == 1
    assert last.ending == "success"
    assert last.text().startswith(f"# Plan: {GOAL}")
    assert last.done["result"]["entity"]["url"].startswith("/memory/")
    cards = [one for one in last.frames if one.event.get("name") == "educational_card"]
    assert cards
    state = last.done["state"]
    assert set(state["iterations"]) == {"1", "2"}
    assert "frameworks" in state["metrics"]
    plan = ada.get(f"/api/v1/plans/{state['plan_id']}/").json()
    assert plan["state"] == "completed"
    assert plan["final_plan"] == last.text()


def test_figures_of_a_proposal_are_adjusted_and_a_checkpoint_is_revised(server: Server):
    with agent(server, door="plan", state={"max_iterations": 4, "checkpoint_interval": 1}) as one:
        proposal = one.run(GOAL).interrupt
        nothing = one.resume(proposal, {"decision": "adjust"})
        edited = {"decision": "adjust", "editedArgs": {"max_iterations": 2}}
        second = one.resume(proposal, edited)
        checkpoint = one.resume(second.interrupt, YES)
        revised = one.resume(
            checkpoint.interrupt, {"decision": "revise", "comment": "Look at rents."}
        )

    assert nothing.ending == "invalid"
    assert "2 iterations" in second.interrupt["message"]
    result = next(one.event for one in revised.frames if one.type == "TOOL_CALL_RESULT")
    assert json.loads(result["content"])["comment"] == "Look at rents."
    assert revised.ending == "interrupt"


def test_a_plan_that_is_rejected_ends(server: Server, ada: httpx.Client):
    with agent(server, door="plan") as one:
        outcome = one.resume(one.run(GOAL, **BRIEF).interrupt, {"approved": False})

    assert outcome.ending == "cancelled"
    assert outcome.done["state"]["state"] == "rejected"
    assert outcome.done["pendingInterrupts"] == []


def test_another_goal_follows_only_when_the_plan_has_ended(ada: httpx.Client):
    thread = f"plans-{uuid.uuid4().hex}"
    asking = post(ada, asked(thread, "r1", GOAL, **BRIEF), door="plan")
    early = error(post(ada, asked(thread, "r2", "Close it", **BRIEF), door="plan"))
    (interrupt,) = asking[-1].event["outcome"]["interrupts"]
    no = {"interruptId": interrupt["id"], "status": "cancelled"}
    ended = post(ada, asked(thread, "r3", resume=[no]), door="plan")
    later = post(ada, asked(thread, "r4", "Close it", **BRIEF), door="plan")

    assert early[0] == "interrupts_open"
    assert interrupt["id"] in early[1]
    assert ended[-1].event["outcome"] == {"type": "cancelled"}
    assert later[-1].event["outcome"]["type"] == "interrupt"


def test_a_plan_of_another_client_is_joined_by_its_id(server: Server, ada: httpx.Client):
    plan = ada.post("/api/v1/plans/", json={"goal": GOAL, "max_iterations": 1}).json()
    with agent(server, door="plan", thread=plan["id"]) as one:
        outcome = one.run()
        ended = one.resume(outcome.interrupt, YES) if outcome.ending == "interrupt" else outcome
        new = one.run("Another goal")

    assert outcome.done["messages"][0]["content"] == GOAL
    assert ended.done["state"]["plan_id"] == plan["id"]
    assert new.ending == ("interrupts_open" if ended.ending == "interrupt" else "has_goal")


def test_figures_that_cannot_be_are_named(ada: httpx.Client):
    wish = {"max_iterations": 2, "checkpoint_interval": 9}
    code, message = error(
        post(ada, asked(str(uuid.uuid4()), "r1", GOAL, forwardedProps=wish), door="plan")
    )

    assert code == "invalid"
    assert message.startswith("checkpoint_interval: ")

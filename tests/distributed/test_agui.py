"""Interrupts of AG-UI among many: asked at one web process, answered at another, done by a worker."""

import httpx

from tests.conformance.agui.frames import Frame, Json, answered, asked, join, post
from tests.distributed.farm import Farm
from tests.e2e import house

BRIEF = {"max_iterations": 2, "checkpoint_interval": 1}


def _yes(frames: list[Frame]) -> list[Json]:
    """Return the answer to whatever a stream ended with."""
    asked_for = frames[-1].event.get("outcome", {}).get("interrupts", ())
    payload = {"approved": True}
    return [
        {"interruptId": one["id"], "status": "resolved", "payload": payload} for one in asked_for
    ]


def test_each_gate_of_a_plan_is_answered_at_the_other_web_process(plot: Farm):
    """Reliability 9: the run goes on in the worker; each stream ends where the next begins."""
    webs = [plot.web(), plot.web()]
    plot.worker()
    headers = {"Authorization": f"Token {house.TOKEN}"}
    clients = [
        httpx.Client(base_url=f"http://127.0.0.1:{web.port}", headers=headers, timeout=30)
        for web in webs
    ]

    frames = post(clients[0], asked("p", "r0", "Open", forwardedProps=BRIEF), door="plan")
    asked_for = 0
    while resume := _yes(frames):
        asked_for += 1
        body = asked("p", f"r{asked_for}", resume=resume)
        frames = post(clients[asked_for % 2], body, door="plan")
    again = answered(join(clients[0], "p", "r1", door="plan"))

    assert asked_for == 3
    assert frames[-1].event["outcome"] == {"type": "success"}
    assert again[-1].event["result"] == frames[-1].event["result"]
    for client in clients:
        client.close()

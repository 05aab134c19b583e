"""Gates by the client: the digest of what was shown, races, and what others decide."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cairn_client import (
    AlreadyDecided,
    Cairn,
    Conflict,
    Event,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    PayloadChanged,
    digest,
)
from cairn_client.shapes import Gate
from tests.client import lines
from tests.e2e.servers import Server

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("impatient")]


def waiting(cairn: Cairn, **plan: Any) -> Gate:
    """Start a plan and return the gate that asks about its proposal."""
    run_id = cairn.start_plan("Open a second bakery", **plan)["run_id"]
    for told in cairn.follow_run(run_id):
        if isinstance(told, Event) and told.type == "gate_opened":
            return cairn.gate(told.data["gate_id"])
    raise AssertionError("no gate")


def test_a_gate_is_answered_with_the_digest_of_what_was_shown(ada: Cairn):
    gate = waiting(ada)

    assert digest(gate["payload"]) == gate["digest"]
    assert gate["id"] in [one["id"] for one in ada.gates()]
    decided = ada.answer(gate["id"], "approve", digest=digest(gate["payload"]), comment="Yes.")

    assert (decided["decision"], decided["decided_by"], decided["via"]) == ("approve", "ada", "api")
    assert gate["id"] not in [one["id"] for one in ada.gates()]


def test_of_eight_who_answer_at_once_one_decides(ada: Cairn):
    gate = waiting(ada)

    def decide(decision: str) -> Gate | AlreadyDecided:
        try:
            return ada.answer(gate["id"], decision, digest=gate["digest"])
        except AlreadyDecided as error:
            return error

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(decide, ["approve", "reject"] * 4))

    refused = [one for one in found if isinstance(one, AlreadyDecided)]
    assert len(refused) == 7
    kept = ada.gate(gate["id"])
    assert {(one.decided_by, one.decision) for one in refused} == {("ada", kept["decision"])}
    assert {one.decided_at for one in refused} == {kept["decided_at"]}


def test_another_question_than_was_shown_is_not_answered(ada: Cairn):
    gate = waiting(ada)
    wrong = digest({**gate["payload"], "goal": "Close the bakery"})

    with pytest.raises(PayloadChanged) as caught:
        ada.answer(gate["id"], "approve", digest=wrong)

    assert caught.value.digest == gate["digest"]
    assert ada.gate(gate["id"])["state"] == "pending"


def test_who_may_not_decide_is_told(ada: Cairn, eve: Cairn):
    gate = waiting(ada, four_eyes=True)

    with pytest.raises(Forbidden) as caught:
        ada.answer(gate["id"], "approve", digest=gate["digest"])
    with pytest.raises(NotFound):
        eve.answer(gate["id"], "approve", digest=gate["digest"])

    assert "four eyes" in caught.value.message


def test_a_decision_that_the_gate_does_not_know_is_named(ada: Cairn):
    gate = waiting(ada)

    with pytest.raises(Invalid) as caught:
        ada.answer(gate["id"], "perhaps", digest=gate["digest"])

    assert "decision" in caught.value.fields


def test_after_the_deadline_it_is_too_late(ada: Cairn):
    gate = waiting(ada, deadline_seconds=1)
    *_, last = ada.follow_run(gate["run_id"])

    with pytest.raises(Conflict) as caught:
        ada.answer(gate["id"], "approve", digest=gate["digest"])

    assert isinstance(last, Event)
    assert last.type == "run_expired"
    assert isinstance(caught.value, Expired | AlreadyDecided)


def test_an_answer_whose_reply_was_lost_is_found_to_be_given(server: Server, ada: Cairn):
    gate = waiting(ada)
    line = lines.losing_once("POST", "/answer/")
    with lines.ada(server.port, line) as far:
        decided = far.answer(gate["id"], "approve", digest=gate["digest"], comment=" Go. ")

    assert line.lost == 1
    assert (decided["decision"], decided["decided_by"]) == ("approve", "ada")


def test_somebody_elses_answer_is_not_taken_for_a_lost_one(server: Server, ada: Cairn):
    gate = waiting(ada)
    ada.answer(gate["id"], "approve", digest=gate["digest"], comment="First.")
    line = lines.losing_once("POST", "/answer/")

    with lines.ada(server.port, line) as far, pytest.raises(AlreadyDecided):
        far.answer(gate["id"], "approve", digest=gate["digest"], comment="Second.")
    with pytest.raises(AlreadyDecided):
        ada.answer(gate["id"], "approve", digest=gate["digest"], comment="First.")
